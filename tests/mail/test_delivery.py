import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.mail import delivery
from crm.mail.actions import forget_messages, queue_message, retry_message
from crm.mail.delivery import deliver_due
from crm.mail.models import MAX_ATTEMPTS, PAUSES, OutboundMessage
from crm.mail.tasks import deliver_outbox, empty_old_messages
from crm.records.errors import ActionRefused
from tests.mail.conftest import Post

pytestmark = pytest.mark.django_db
for_real = pytest.mark.django_db(transaction=True)  # commits: slower, where others must see them
State = OutboundMessage.State


def write(*to: str, subject: str = "Hello", **options: Any) -> OutboundMessage:
    row = queue_message(
        EmailMessage(subject, "Text", "crm@example.com", list(to) or ["a@example.com"], **options)
    )
    assert row is not None
    return row


def worker_doing(code: str, **variables: str) -> "subprocess.Popen[bytes]":
    """Another process of ours, on the database of this test."""
    start = (
        "import django\nfrom django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "django.setup()\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "crm.settings"} | variables
    return subprocess.Popen([sys.executable, "-c", start + code], env=environment)


def make_due() -> None:
    OutboundMessage.objects.update(not_before=timezone.now() - timedelta(seconds=1))


def reread(row: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=row.pk)


def test_a_mail_is_sent_once_however_often_the_clock_rings(post: Post) -> None:
    row = write()
    for _ring in range(3):
        deliver_outbox()
    row = reread(row)
    assert len(post.taken) == 1
    assert post.taken[0]["Message-ID"] == row.message_id
    assert (row.state, row.attempts) == (State.SENT, 1)
    assert row.sent_at is not None


def test_a_batch_goes_over_one_connection(post: Post) -> None:
    for number in range(5):
        write(subject=str(number))
    deliver_outbox()
    assert [mail["Subject"] for mail in post.taken] == list("01234")
    assert post.connections == 1


def test_a_dead_server_loses_nothing_and_doubles_nothing(post: Post) -> None:
    rows = [write(subject=str(number)) for number in range(3)]
    post.shut()
    for _ring in range(MAX_ATTEMPTS + 3):
        make_due()
        deliver_outbox()
    assert {row.state for row in map(reread, rows)} == {State.WAITING}
    first = reread(rows[0])
    assert "refused" in first.last_error.lower()
    assert first.not_before <= timezone.now() + timedelta(minutes=15)
    post.open()
    make_due()
    deliver_outbox()
    deliver_outbox()
    assert sorted(mail["Subject"] for mail in post.taken) == ["0", "1", "2"]


def test_a_dead_server_holds_up_only_one_mail_a_ring(post: Post) -> None:
    write()
    other = write()
    post.shut()
    deliver_outbox()
    assert reread(other).attempts == 0


def test_a_temporary_refusal_is_retried_with_growing_pauses_and_then_given_up(post: Post) -> None:
    row = write()
    post.data_answer = "451 later"
    pauses = []
    for _attempt in range(MAX_ATTEMPTS - 1):
        make_due()
        asked = timezone.now()
        deliver_outbox()
        row = reread(row)
        assert row.state == State.WAITING
        pauses.append(row.not_before - asked)
    minute = timedelta(minutes=1)
    assert [round(pause / minute) for pause in pauses] == [round(p / minute) for p in PAUSES]
    make_due()
    deliver_outbox()
    row = reread(row)
    assert row.state == State.FAILED
    assert "451 later" in row.last_error
    post.data_answer = ""
    make_due()
    deliver_outbox()
    assert post.taken == []
    retry_message(row, actor=None)
    deliver_outbox()
    assert len(post.taken) == 1


def test_a_refused_recipient_fails_at_once_and_the_others_get_it(post: Post) -> None:
    row = write("a@example.com", "gone@example.com", cc=["c@example.com"])
    post.refuses["gone@example.com"] = "550 no such person"
    deliver_outbox()
    row = reread(row)
    assert post.envelopes[0][1] == ["a@example.com", "c@example.com"]
    assert row.state == State.FAILED
    assert list(row.refusals) == ["gone@example.com"]
    assert "550 no such person" in row.last_error
    post.refuses.clear()
    retry_message(row, actor=None)
    deliver_outbox()
    assert post.envelopes[1][1] == ["gone@example.com"]
    assert reread(row).state == State.SENT


def test_a_recipient_put_off_is_tried_again_alone(post: Post) -> None:
    row = write("a@example.com", "grey@example.com")
    post.refuses["grey@example.com"] = "450 come back"
    deliver_outbox()
    assert reread(row).recipients == ["grey@example.com"]
    post.refuses.clear()
    make_due()
    deliver_outbox()
    assert [rcpts for _from, rcpts in post.envelopes] == [["a@example.com"], ["grey@example.com"]]
    assert reread(row).state == State.SENT


def test_one_bad_mail_does_not_hold_up_the_next(post: Post) -> None:
    bad = write("gone@example.com")
    good = write("a@example.com")
    post.refuses["gone@example.com"] = "550 no"
    deliver_outbox()
    assert reread(bad).state == State.FAILED
    assert reread(good).state == State.SENT


class Died(BaseException):
    pass


def test_a_worker_that_dies_after_handing_over_leaves_doubt_and_one_more_try(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = write()

    def die(*_args: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_answered", die)
        with pytest.raises(Died):
            deliver_due()
    assert reread(row).state == State.CLAIMED
    deliver_outbox()
    assert len(post.taken) == 1, "within ten minutes the claim is respected"

    for expected in (2, 2, 2):
        OutboundMessage.objects.filter(state=State.CLAIMED).update(
            claimed_at=timezone.now() - timedelta(minutes=11)
        )
        deliver_outbox()
        assert len(post.taken) == expected
    assert {mail["Message-ID"] for mail in post.taken} == {row.message_id}
    assert reread(row).state == State.SENT


def test_a_mail_that_kills_two_workers_is_left_to_a_person(post: Post) -> None:
    row = write()
    for _death in range(2):
        assert delivery.claim() is not None
        OutboundMessage.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
        delivery.recover_lost()
    assert reread(row).state == State.FAILED
    deliver_outbox()
    assert post.taken == []


@for_real
@pytest.mark.slow
def test_a_worker_killed_while_the_server_has_the_mail(post: Post) -> None:
    row = write()
    post.hang = 5
    worker = worker_doing(
        "from crm.mail.delivery import deliver_due\ndeliver_due()\n",
        EMAIL_URL=f"smtp://127.0.0.1:{post.port}",
    )
    post.after_taking = lambda: worker.send_signal(signal.SIGKILL)
    assert worker.wait(30) == -signal.SIGKILL
    post.hang, post.after_taking = 0, None
    assert reread(row).state == State.CLAIMED
    OutboundMessage.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    deliver_outbox()
    deliver_outbox()
    assert [mail["Message-ID"] for mail in post.taken] == [row.message_id] * 2
    row = reread(row)
    assert (row.state, row.doubts) == (State.SENT, 1)


def test_a_server_that_hangs_with_the_mail_in_hand_is_in_doubt(post: Post) -> None:
    row = write()
    post.hang = 3
    deliver_outbox()
    row = reread(row)
    assert row.state == State.UNCERTAIN
    assert row.not_before > timezone.now() + timedelta(minutes=9)
    post.hang = 0
    make_due()
    deliver_outbox()
    assert reread(row).state == State.SENT
    assert len({mail["Message-ID"] for mail in post.taken}) == 1


@for_real
def test_two_workers_at_once_send_one_mail(post: Post) -> None:
    rows = [write(subject=str(number)) for number in range(6)]
    post.hang = 0.05
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        try:
            deliver_outbox()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail["Subject"] for mail in post.taken) == list("012345")
    assert {reread(row).state for row in rows} == {State.SENT}


@for_real
def test_a_rolled_back_change_leaves_no_mail(post: Post) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    deliver_outbox()
    assert not OutboundMessage.objects.exists()
    assert post.taken == []


@for_real
def test_the_claim_is_not_taken_inside_somebody_elses_transaction(post: Post) -> None:
    write()
    with transaction.atomic(), pytest.raises(RuntimeError):
        deliver_due()


def test_who_has_left_is_not_notified(post: Post, bob: User) -> None:
    notice = queue_message(EmailMessage("News", "Text", None, [bob.email]), user=bob)
    invitation = write(bob.email)
    assert notice is not None
    User.objects.filter(pk=bob.pk).update(is_active=False)
    deliver_outbox()
    assert reread(notice).state == State.CANCELLED
    assert reread(invitation).state == State.SENT


def test_only_what_failed_is_tried_again(post: Post) -> None:
    row = write()
    deliver_outbox()
    with pytest.raises(ActionRefused):
        retry_message(row, actor=None)


def test_another_transport_works_too(settings: Any, tmp_path: Any) -> None:
    settings.DELIVERY_EMAIL = {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path),
    }
    row = write()
    deliver_outbox()
    assert reread(row).state == State.SENT
    assert row.message_id in next(tmp_path.iterdir()).read_text()


@for_real
def test_a_dead_broker_does_not_stop_a_mail_from_being_owed(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("crm.ui.wake.current_app.send_task", away)
    write()
    deliver_outbox()
    assert len(post.taken) == 1


@for_real
@pytest.mark.slow
def test_a_dead_redis_hardly_delays_a_page_and_loses_no_mail(post: Post) -> None:
    code = (
        "from time import monotonic\n"
        "from django.core.cache import cache\n"
        "from django.core.mail import send_mail\n"
        "start = monotonic()\n"
        "cache.get('x')\n"
        "send_mail('Hello', 'Text', None, ['a@example.com'])\n"
        "assert monotonic() - start < 2, monotonic() - start\n"
    )
    assert worker_doing(code, REDIS_URL="redis://127.0.0.1:1/0").wait(30) == 0
    deliver_outbox()
    assert len(post.taken) == 1


def test_old_mails_keep_only_their_envelope(post: Post) -> None:
    old = write(attachments=[("a.txt", "secret", "text/plain")])
    deliver_outbox()
    fresh = write()
    deliver_outbox()
    OutboundMessage.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=31))
    empty_old_messages()
    old, fresh = reread(old), reread(fresh)
    assert (old.text, old.parts.count(), old.subject) == ("", 0, "Hello")
    assert old.emptied_at is not None
    assert fresh.text == "Text"


def test_a_mail_emptied_while_its_worker_died_does_not_leave_empty(post: Post) -> None:
    row = write()
    long_ago = timezone.now() - timedelta(hours=1)
    OutboundMessage.objects.update(state=State.CLAIMED, claimed_at=long_ago)
    forget_messages(OutboundMessage.objects.all())
    deliver_outbox()
    assert post.taken == []
    assert reread(row).state == State.CANCELLED
