"""Writing to the outbox, in the caller's transaction."""

import re
from collections.abc import Iterable, Sequence
from email.message import Message
from email.mime.base import MIMEBase
from email.utils import make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.message import DEFAULT_ATTACHMENT_MIME_TYPE, sanitize_address
from django.core.validators import EmailValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from crm.accounts.ledger import note_change
from crm.accounts.models import User
from crm.mail.errors import BadMessage
from crm.mail.models import OutboundMessage, OutboundPart
from crm.records.errors import ActionRefused
from crm.ui.wake import wake

DELIVER = "crm.mail.tasks.deliver_outbox"
HEADER_NAME = re.compile(r"[!-9;-~]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
valid_address = EmailValidator(allowlist=["localhost"])


def queue_messages(messages: Iterable[EmailMessage]) -> int:
    """Put mails in the outbox; they leave once the current transaction has committed."""
    with transaction.atomic():
        return sum(queue_message(message) is not None for message in messages)


@transaction.atomic
def queue_message(
    message: EmailMessage, *, user: User | None = None, about: Sequence[models.Model] = ()
) -> OutboundMessage | None:
    """Write `message` to the outbox; None when it has no recipients, as Django's backends do.

    `user` says that this is a notification to one of ours, `about` which records it names.
    Raises BadMessage for an address that cannot be or a header with a line break in it.
    """
    if not message.recipients():
        return None
    recipients = [bare_address(address) for address in message.recipients()]
    check_headers(message)
    headers, message_id = _headers(message)
    row = OutboundMessage.objects.create(
        message_id=message_id,
        from_address=str(message.from_email),
        to=[str(address) for address in message.to],
        cc=[str(address) for address in message.cc],
        bcc=[str(address) for address in message.bcc],
        reply_to=[str(address) for address in message.reply_to],
        subject=str(message.subject)[:998],
        text=_stored(message.body if message.content_subtype != "html" else ""),
        html=_stored(_html_of(message)),
        headers=headers,
        recipients=list(dict.fromkeys(recipients)),
        user=user,
        content_type=ContentType.objects.get_for_model(about[0]) if len(about) == 1 else None,
        object_id=about[0].pk if len(about) == 1 else None,
        mentions=[mention_of(record) for record in about],
    )
    OutboundPart.objects.bulk_create(_parts(message, row))
    wake(DELIVER)
    return row


def queue_once(
    message: EmailMessage, name: str, *, user: User, about: Sequence[models.Model] = ()
) -> bool:
    """Write a mail to the outbox under this Message-ID, unless it is there already. In the
    caller's transaction; raises BadMessage as `queue_message` does."""
    there = OutboundMessage.objects.filter(message_id=name)
    if there.exists():
        return False
    message.extra_headers["Message-ID"] = name
    try:
        with transaction.atomic():
            queue_message(message, user=user, about=about)
    except IntegrityError:
        if there.exists():  # another worker was quicker
            return False
        raise
    return True


def mention_of(record: models.Model) -> str:
    return f"{record._meta.label_lower}:{record.pk}"


@transaction.atomic
def retry_message(message: OutboundMessage, *, actor: User | None) -> OutboundMessage:
    """Try a failed mail again from the start, only for those who have not got it."""
    row = OutboundMessage.objects.select_for_update().get(pk=message.pk)
    is_over = row.state in (OutboundMessage.State.FAILED, OutboundMessage.State.CANCELLED)
    if row.emptied_at or not is_over:
        raise ActionRefused(
            _("There is nothing to try again: it has not failed, or its content is gone.")
        )
    row.recipients = list(dict.fromkeys([*row.recipients, *row.refusals]))
    row.refusals, row.attempts, row.doubts = {}, 0, 0
    row.state, row.not_before = OutboundMessage.State.WAITING, timezone.now()
    row.save()
    note_change([row], "state", actor=actor)
    wake(DELIVER)
    return row


@transaction.atomic
def forget_messages(messages: models.QuerySet[OutboundMessage]) -> None:
    """Take the content out of `messages`; of those that have not left, none will."""
    pks = list(messages.select_for_update().values_list("pk", flat=True))
    OutboundPart.objects.filter(message__in=pks).delete()
    OutboundMessage.objects.filter(pk__in=pks).update(
        subject="", text="", html="", headers={}, last_error="", emptied_at=timezone.now()
    )
    State = OutboundMessage.State
    unsent = OutboundMessage.objects.filter(pk__in=pks, state__in=(State.WAITING, State.UNCERTAIN))
    unsent.update(state=State.CANCELLED)


def bare_address(address: str) -> str:
    """The part servers understand, in ASCII; raises BadMessage."""
    try:
        bare = parseaddr(sanitize_address(str(address), "utf-8"))[1]
        valid_address(bare)
    except (ValidationError, ValueError) as problem:
        raise BadMessage(f"{address!r} is not an e-mail address.") from problem
    return bare


def check_headers(message: EmailMessage) -> None:
    """Refuses line breaks before they become other people's headers; raises BadMessage."""
    values = [message.subject, message.from_email, *message.to, *message.cc, *message.reply_to]
    for name, value in message.extra_headers.items():
        if not HEADER_NAME.fullmatch(name):
            raise BadMessage(f"{name!r} cannot be a header.")
        values.append(value)
    if any(CONTROL.search(str(value).replace("\t", " ")) for value in values):
        raise BadMessage("A header must not contain line breaks.")
    if "@" not in parseaddr(str(message.from_email))[1]:
        raise BadMessage(f"{message.from_email!r} cannot be a sender.")


def instance_mark() -> str:
    """Tells our own mail when it comes back to us (loops, E4), and says nothing to others."""
    return salted_hmac("crm.mail.instance", settings.SITE_URL).hexdigest()[:32]


def _headers(message: EmailMessage) -> tuple[dict[str, str], str]:
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    given = {name.lower(): name for name in headers}
    message_id = headers.pop(given["message-id"]) if "message-id" in given else _new_id()
    ours = {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Bottega-Instance": instance_mark(),
    }
    return {k: v for k, v in ours.items() if k.lower() not in given} | headers, message_id


def _new_id() -> str:
    return make_msgid(idstring="bottega", domain=urlsplit(settings.SITE_URL).hostname)


def _html_of(message: EmailMessage) -> str:
    if message.content_subtype == "html":
        return str(message.body)
    for alternative in getattr(message, "alternatives", ()):
        if alternative[1] == "text/html":
            return str(alternative[0])
    return ""


def _stored(text: Any) -> str:
    return str(text).replace("\x00", "")  # PostgreSQL's text takes everything but this


def _parts(message: EmailMessage, row: OutboundMessage) -> list[OutboundPart]:
    parts = [
        OutboundPart(
            message=row,
            role=OutboundPart.Role.ALTERNATIVE,
            content_type=alternative[1],
            content=force_bytes(alternative[0]),
        )
        for alternative in getattr(message, "alternatives", ())
        if alternative[1] != "text/html"
    ]
    return parts + [_attachment(attachment, row) for attachment in message.attachments]


def _attachment(attachment: Any, row: OutboundMessage) -> OutboundPart:
    if isinstance(attachment, MIMEBase):
        content_id = attachment.get("Content-ID", "")
        return OutboundPart(
            message=row,
            role=OutboundPart.Role.INLINE if content_id else OutboundPart.Role.ATTACHMENT,
            name=_file_name(attachment.get_filename()),
            content_type=attachment.get_content_type(),
            content_id=CONTROL.sub("", str(content_id)),
            content=attachment.get_payload(decode=True) or b"",
        )
    name, content, content_type = attachment
    if isinstance(content, EmailMessage):
        content = content.message()
    return OutboundPart(
        message=row,
        name=_file_name(name),
        content_type=CONTROL.sub("", content_type or DEFAULT_ATTACHMENT_MIME_TYPE),
        content=content.as_bytes() if isinstance(content, Message) else force_bytes(content),
    )


def _file_name(name: str | None) -> str:
    return CONTROL.sub(" ", name or "")[:255]
