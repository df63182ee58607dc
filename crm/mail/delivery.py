"""Taking mails out of the outbox and handing them to the mail server (E3).

The claim is committed before the first word to the server, so a worker that dies in between leaves
a row that says "perhaps", never one that looks as if nothing had happened.
"""

import logging
import smtplib
from datetime import timedelta
from email.errors import MessageError
from email.utils import parseaddr
from typing import Any

from django.core.mail.message import sanitize_address
from django.db import transaction
from django.utils import timezone

from crm.mail.connection import Answers, Line
from crm.mail.errors import InDoubt
from crm.mail.letter import letter_of
from crm.mail.models import LOST_AFTER, MAX_ATTEMPTS, PAUSES, OutboundMessage

log = logging.getLogger(__name__)
State = OutboundMessage.State
BATCH = 200
UNREACHED = timedelta(minutes=15)  # the longest a mail waits after its server was away


def deliver_due(*, limit: int = BATCH) -> int:
    """Send what is due over one connection; how many were taken up."""
    recover_lost()
    line, taken = Line(), 0
    try:
        while taken < limit and (row := claim()):
            taken += 1
            if not carry(row, line):
                break  # nobody answers: the others wait as they are
    finally:
        line.close()
    return taken


@transaction.atomic(durable=True)
def claim() -> OutboundMessage | None:
    """The next due mail, marked as ours and committed; None when there is none."""
    due = OutboundMessage.objects.due().select_for_update(skip_locked=True, of=("self",))
    row: OutboundMessage | None = due.select_related("user").order_by("not_before", "pk").first()
    if row is not None:
        row.state, row.claimed_at, row.attempts = State.CLAIMED, timezone.now(), row.attempts + 1
        row.save(update_fields=["state", "claimed_at", "attempts"])
    return row


@transaction.atomic
def recover_lost() -> None:
    """What a dead worker held becomes uncertain: it may have left, or not."""
    for row in OutboundMessage.objects.lost().select_for_update(skip_locked=True):
        _doubt(row, "The worker did not come back.", pause=timedelta(0))


def carry(row: OutboundMessage, line: Line) -> bool:
    """One attempt at a claimed mail; False when the server cannot be reached at all."""
    if row.user is not None and not row.user.is_active:
        _note(row, state=State.CANCELLED, last_error="The reader is not active any more.")
        return True
    if row.emptied_at is not None:  # its record was purged while a worker had it
        _note(row, state=State.CANCELLED, last_error="Its content is gone.")
        return True
    try:
        line.open()
    except OSError as problem:
        _unreached(row, problem)
        return False
    try:
        _attempt(row, line)
    except BaseException:
        line.drop()
        raise
    return True


def _attempt(row: OutboundMessage, line: Line) -> None:
    try:
        sender = parseaddr(sanitize_address(row.from_address, "utf-8"))[1]
        refused = line.hand_over(letter_of(row), sender, row.recipients)
    except InDoubt as problem:
        _doubt(row, str(problem), pause=LOST_AFTER)
    except smtplib.SMTPRecipientsRefused as problem:
        _answered(row, problem.recipients)
    except smtplib.SMTPDataError as problem:
        answer: tuple[int, bytes | str] = (problem.smtp_code, problem.smtp_error)
        _answered(row, dict.fromkeys(row.recipients, answer))
    except OSError as problem:
        _postpone(row, str(problem))
    except (ValueError, LookupError, MessageError) as problem:
        _note(row, state=State.FAILED, last_error=f"It cannot be composed: {problem}")
    else:
        _answered(row, refused)
        return
    line.drop()  # the next mail starts afresh


def _answered(row: OutboundMessage, answers: Answers) -> None:
    """Settle a mail by what the server said of each refused recipient; silence is acceptance."""
    said = {address: f"{code} {_text(text)}" for address, (code, text) in answers.items()}
    final = {address for address, (code, _said) in answers.items() if code >= 500}
    accepted = [address for address in row.recipients if address not in answers]
    if accepted:
        row.sent_at = timezone.now()
    row.recipients = [address for address in answers if address not in final]
    row.refusals = row.refusals | {address: said[address] for address in final}
    row.last_error = "\n".join(f"{address}: {text}" for address, text in said.items())
    if row.recipients:
        _postpone(row, row.last_error)
    else:
        row.state = State.FAILED if row.refusals else State.SENT
        row.last_error = row.last_error or "\n".join(
            f"{address}: {text}" for address, text in row.refusals.items()
        )
        _keep(row)


def _postpone(row: OutboundMessage, error: str) -> None:
    """A refusal that may pass: again after a longer pause, until MAX_ATTEMPTS."""
    row.last_error = error
    if row.attempts >= MAX_ATTEMPTS:
        row.state = State.FAILED
    else:
        row.state, row.not_before = State.WAITING, timezone.now() + PAUSES[row.attempts - 1]
    _keep(row)


def _unreached(row: OutboundMessage, problem: OSError) -> None:
    """The server is away, which is not this mail's fault: it is never given up for that."""
    log.warning("The mail server cannot be reached: %s", problem)
    row.attempts = min(row.attempts, MAX_ATTEMPTS - 1)
    pause = min(PAUSES[row.attempts - 1], UNREACHED)
    row.state, row.not_before = State.WAITING, timezone.now() + pause
    row.last_error = str(problem)
    _keep(row)


def _doubt(row: OutboundMessage, error: str, *, pause: timedelta) -> None:
    """Perhaps it left. Once it is tried again under the same Message-ID; then somebody looks."""
    row.doubts += 1
    row.state = State.UNCERTAIN if row.doubts == 1 else State.FAILED
    row.not_before, row.last_error = timezone.now() + pause, error
    _keep(row)


def _note(row: OutboundMessage, *, state: str, last_error: str) -> None:
    row.state, row.last_error = state, last_error
    _keep(row)


def _keep(row: OutboundMessage) -> None:
    """Store the outcome, unless the claim was lost; that a mail has left counts in any case."""
    ours = OutboundMessage.objects.filter(pk=row.pk)
    if row.state != State.SENT:
        ours = ours.filter(state=State.CLAIMED, claimed_at=row.claimed_at)
    fields = ("state", "attempts", "doubts", "not_before", "sent_at")
    changes: dict[str, Any] = {name: getattr(row, name) for name in fields}
    ours.update(
        **changes, recipients=row.recipients, refusals=row.refusals, last_error=row.last_error
    )


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
