"""Real schedulers, workers, queue and mail server: whatever dies, each gets one mail (E3)."""

import datetime as dt
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from activities.models import Reminder
from activities.tasks import deliver_due_reminders
from crm.accounts.models import User
from crm.mail.models import OutboundMessage
from crm.mail.tasks import deliver_outbox
from crm.records.models import Event, Heartbeat
from tests.activities.conftest import ROME
from tests.activities.reminders.reminding import CANCELLED, PENDING, SENT, wanting
from tests.activities.reminders.workers import (
    beat,
    dying_at,
    flush_queue,
    four_at_once,
    wait_for,
    worker,
)
from tests.factories import make_event
from tests.mail.conftest import Post, open_office
from tests.mail.outbox import make_due

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with open_office(settings) as office:
        yield office


@pytest.fixture
def processes() -> Iterator[list[Any]]:
    started: list[Any] = []
    flush_queue()
    yield started
    for process in started:
        process.kill()
        process.wait()
    flush_queue()


def missed(
    many: int, people: list[User], *, ago: dt.timedelta, lasting: dt.timedelta = 60 * MINUTE
) -> None:
    """So many events whose reminders, half an hour before, were due `ago` and are unsent."""
    start = (timezone.now() - ago + 30 * MINUTE).astimezone(ROME)
    with time_machine.travel(timezone.now() - ago - 60 * MINUTE):
        for number in range(many):
            event = make_event(
                f"Visit {number}",
                start=f"{start:%Y-%m-%d %H:%M}",
                end=f"{start + lasting:%Y-%m-%d %H:%M}",
                owner=people[0],
                participants=people[1:],
                actor=people[0],
            )
            wanting(event, 30)
    OutboundMessage.objects.all().delete()  # that they were made is told elsewhere
    Event.objects.exclude(verb="reminded").delete()


def reminders_taken(post: Post) -> Counter[tuple[str, str]]:
    """(to, subject without how soon): how often."""
    return Counter(
        (mail["To"], mail["Subject"].rpartition(": ")[2])
        for mail in post.taken
        if mail["Message-ID"].startswith("<reminder.")
    )


def once_each(many: int, people: list[User]) -> Counter[tuple[str, str]]:
    return Counter((user.email, f"Visit {number}") for user in people for number in range(many))


def states() -> set[str]:
    return set(Reminder.objects.values_list("state", flat=True))


PLACES = [
    "activities.actions.delivering.plan_reminders",
    "activities.actions.delivering.record_event",
    "activities.actions.delivering._mail",
    "activities.actions.delivering.notify",
    "activities.actions.delivering._remind",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_killed_before_the_mark_has_done_nothing_and_another_does_it_once(
    alice: User, bob: User, post: Post, place: str
) -> None:
    missed(1, [alice, bob], ago=2 * MINUTE)
    assert dying_at(place, post.port, after=True).wait(60) == -signal.SIGKILL
    assert (states(), OutboundMessage.objects.count(), post.taken) == ({PENDING}, 0, [])
    assert not Event.objects.filter(verb="reminded").exists()

    def delivered() -> bool:
        deliver_due_reminders()
        return states() == {SENT}

    wait_for(delivered)
    for _again in range(3):
        deliver_due_reminders()
        deliver_outbox()
    assert reminders_taken(post) == once_each(1, [alice, bob])
    assert Event.objects.filter(verb="reminded").count() == 1


def test_a_worker_killed_between_mark_and_mail_server_has_left_all_that_is_owed(
    alice: User, bob: User, post: Post
) -> None:
    missed(1, [alice, bob], ago=2 * MINUTE)
    place = "activities.tasks.deliver_reminders_of"
    assert dying_at(place, post.port, after=True).wait(60) == -signal.SIGKILL
    assert (states(), OutboundMessage.objects.count(), post.taken) == ({SENT}, 2, [])
    for _again in range(3):
        deliver_due_reminders()
        deliver_outbox()
    assert reminders_taken(post) == once_each(1, [alice, bob])


def test_a_worker_killed_between_claim_and_sending_a_mail(alice: User, post: Post) -> None:
    missed(1, [alice], ago=2 * MINUTE)
    assert dying_at("crm.mail.delivery.carry", post.port).wait(60) == -signal.SIGKILL
    assert OutboundMessage.objects.get().state == "claimed"
    for _again in range(3):
        deliver_due_reminders()
        deliver_outbox()
    assert post.taken == [], "for ten minutes it may still be on its way"
    OutboundMessage.objects.update(claimed_at=timezone.now() - 11 * MINUTE)
    for _again in range(3):
        deliver_due_reminders()
        deliver_outbox()
    assert reminders_taken(post) == once_each(1, [alice])


def test_four_workers_at_once_send_one_each(alice: User, bob: User, post: Post) -> None:
    missed(8, [alice, bob], ago=2 * MINUTE)
    four_at_once(
        "from activities.tasks import deliver_due_reminders\n"
        "from crm.mail.tasks import deliver_outbox\n"
        "for again in range(3):\n    deliver_due_reminders()\n    deliver_outbox()\n",
        post.port,
    )
    assert reminders_taken(post) == once_each(8, [alice, bob])
    assert states() == {SENT}
    assert Event.objects.filter(verb="reminded").count() == 8


def test_after_an_hour_away_what_is_still_of_use_goes_and_once(
    alice: User, bob: User, post: Post
) -> None:
    people = [alice, bob]
    missed(3, people, ago=95 * MINUTE, lasting=10 * 60 * MINUTE)
    over = Reminder.objects.count()
    missed(2, [alice], ago=95 * MINUTE, lasting=20 * MINUTE)
    for _again in range(3):
        deliver_due_reminders()
        deliver_outbox()
    assert reminders_taken(post) == once_each(3, people)
    rows = Reminder.objects.order_by("pk").values_list("state", flat=True)
    assert set(rows[:over]) == {SENT}
    assert set(rows[over:]) == {CANCELLED}


def test_two_schedulers_two_workers_a_kill_an_empty_queue_and_a_mail_server_that_was_away(
    alice: User, bob: User, post: Post, processes: list[Any]
) -> None:
    people, many = [alice, bob], 5
    post.shut()
    missed(many, people, ago=2 * MINUTE)
    first, *_others = processes[:] = [worker("first", post.port), beat(), beat()]
    wait_for(lambda: SENT in states(), 60)
    first.send_signal(signal.SIGKILL)
    first.wait()
    flush_queue()
    OutboundMessage.objects.filter(state="claimed").update(claimed_at=timezone.now() - 11 * MINUTE)
    post.open()
    processes += [worker("second", post.port), worker("third", post.port)]

    def all_there() -> bool:
        make_due()
        return len(reminders_taken(post)) == many * len(people)

    wait_for(all_there, 60)
    flush_queue()
    deliver_due_reminders()
    deliver_outbox()
    assert reminders_taken(post) == once_each(many, people)
    assert states() == {SENT}
    assert Event.objects.filter(verb="reminded").count() == many


def test_two_workers_at_seven_write_one_agenda(alice: User, bob: User, post: Post) -> None:
    """Wherever it is seven just now."""
    now = timezone.now()
    hours = (7 - now.hour) % 24
    zone = f"Etc/GMT{-hours:+d}" if hours <= 12 else f"Etc/GMT{24 - hours:+d}"
    User.objects.update(time_zone=zone)
    Heartbeat.objects.create(name="agenda", at=now - 61 * MINUTE)
    day = now.astimezone(User.objects.get(pk=alice.pk).tz).date()
    for person in (alice, bob):
        make_event("Visit", start=f"{day} 15:00", zone=zone, owner=person, actor=person)
    four_at_once(
        "from activities.tasks import mail_daily_agendas\n"
        "from crm.mail.tasks import deliver_outbox\n"
        "mail_daily_agendas()\nmail_daily_agendas()\ndeliver_outbox()\n",
        post.port,
    )
    assert sorted(mail["To"] for mail in post.taken) == [alice.email, bob.email]
