from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.mail.actions import queue_message, retry_message
from crm.mail.models import MAX_ATTEMPTS, PAUSES, OutboundMessage
from crm.mail.tasks import deliver_outbox, empty_old_messages
from crm.records.errors import ActionRefused
from tests.mail.conftest import Post
from tests.mail.outbox import make_due, reread, worker_doing, write

pytestmark = pytest.mark.django_db


for_real = pytest.mark.django_db(transaction=True)  # commits: slower, where others must see them


State = OutboundMessage.State


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


@for_real
def test_a_rolled_back_change_leaves_no_mail(post: Post) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    deliver_outbox()
    assert not OutboundMessage.objects.exists()
    assert post.taken == []


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
