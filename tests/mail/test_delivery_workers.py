"""Workers that die, hang or race with a mail in hand: it is owed, and sent once."""

import signal
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.mail import delivery
from crm.mail.actions import forget_messages
from crm.mail.delivery import deliver_due
from crm.mail.models import OutboundMessage
from crm.mail.tasks import deliver_outbox
from tests.mail.conftest import Post
from tests.mail.outbox import make_due, reread, worker_doing, write

pytestmark = pytest.mark.django_db


for_real = pytest.mark.django_db(transaction=True)  # commits: slower, where others must see them


State = OutboundMessage.State


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
def test_the_claim_is_not_taken_inside_somebody_elses_transaction(post: Post) -> None:
    write()
    with transaction.atomic(), pytest.raises(RuntimeError):
        deliver_due()


def test_a_mail_emptied_while_its_worker_died_does_not_leave_empty(post: Post) -> None:
    row = write()
    long_ago = timezone.now() - timedelta(hours=1)
    OutboundMessage.objects.update(state=State.CLAIMED, claimed_at=long_ago)
    forget_messages(OutboundMessage.objects.all())
    deliver_outbox()
    assert post.taken == []
    assert reread(row).state == State.CANCELLED
