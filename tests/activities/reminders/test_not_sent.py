"""What is due and not owed any more, what comes late, and what fails."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from activities.actions import move_activity
from activities.actions.delivering import deliver_reminders_of
from activities.models import Activity, Reminder
from activities.tasks import deliver_due_reminders
from crm.accounts.models import User
from crm.accounts.rights import set_right
from crm.records.actions import purge_record, trash_record
from crm.records.models import Event
from tests.activities.reminders.reminding import (
    CANCELLED,
    PENDING,
    SENT,
    at,
    bells,
    mails,
    owed_of,
    ring,
    states,
    wanting,
    when,
)
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_address")]


def test_who_does_not_see_it_any_more_is_not_told(
    visit: Activity, bob: User, colleague: Any, clock: Any
) -> None:
    set_right(colleague, "activity", view="none", change="none", delete="none", export="none")
    ring(clock, "2026-11-26 09:30")
    assert (mails(), states(visit), bells(bob)) == ([], {CANCELLED}, [])
    assert not Event.objects.filter(verb="reminded").exists()


def test_who_left_meanwhile_is_not_told(visit: Activity, bob: User, clock: Any) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    ring(clock, "2026-11-26 09:30")
    assert {row.user.username: row.state for row in owed_of(visit)} == {
        "alice": SENT,
        "bob": CANCELLED,
    }
    assert [mail.to for mail in mails()] == [["alice@example.com"]]


@pytest.mark.parametrize("what", ["trashed", "closed", "moved", "unwanted"])
def test_what_changed_without_a_word_is_found_when_it_is_due(
    visit: Activity, clock: Any, what: str
) -> None:
    """Written past every action: what is sent is looked at once more."""
    rows = Activity.objects.filter(pk=visit.pk)
    if what == "trashed":
        rows.update(trashed_at=timezone.now())
    elif what == "closed":
        rows.update(category="done")
    elif what == "moved":
        rows.update(start_time=dt.time(15), end_time=dt.time(16))
    else:
        visit.reminders.all().delete()
    ring(clock, "2026-11-26 09:30")
    assert mails() == []
    assert states(visit) == {PENDING if what == "moved" else CANCELLED}


def test_late_it_still_goes_unless_the_event_is_over(
    visit: Activity, alice: User, clock: Any
) -> None:
    long = wanting(make_event("Long", end="2026-11-26 18:00", actor=alice), 30)
    task = wanting(make_task("Task", due="2026-11-26 10:00", actor=alice), 30)
    after = wanting(make_event("After", start="2026-11-26 09:00", actor=alice), -61)
    ring(clock, "2026-11-26 11:30")
    assert states(visit) == {CANCELLED}
    assert states(long) == states(task) == states(after) == {SENT}
    assert {mail.subject for mail in mails()} == {
        "Now: Long",
        "Overdue: Task",
        "Today at 09:00: After",
    }


def test_an_hour_late_it_goes_even_if_the_event_is_over(alice: User, clock: Any) -> None:
    short = make_event(end="2026-11-26 10:15", actor=alice)
    wanting(short, 30)
    ring(clock, "2026-11-26 10:30")
    assert states(short) == {SENT}


def test_moved_to_the_same_day_later_it_is_another_mail(
    visit: Activity, alice: User, clock: Any
) -> None:
    ring(clock, "2026-11-26 09:30")
    move_activity(visit, when("2026-11-26 15:00", "2026-11-26 16:00"), actor=alice)
    ring(clock, "2026-11-26 14:30")
    told = [mail for mail in mails() if mail.user == alice]
    assert [mail.subject for mail in told] == ["In 30 minutes: Visit F.I.A.T."] * 2
    assert len({mail.message_id for mail in told}) == 2


def test_what_fails_of_one_keeps_no_other_waiting(
    visit: Activity, alice: User, clock: Any, monkeypatch: Any
) -> None:
    other = wanting(make_event("Other", actor=alice), 30)

    def deliver(pk: int) -> int:
        if pk == visit.pk:
            raise RuntimeError
        return deliver_reminders_of(pk)

    monkeypatch.setattr("activities.tasks.deliver_reminders_of", deliver)
    ring(clock, "2026-11-26 09:30")
    assert (states(visit), states(other)) == ({PENDING}, {SENT})


def test_what_breaks_in_the_middle_leaves_nothing_done(
    visit: Activity, alice: User, clock: Any, monkeypatch: Any
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("activities.actions.delivering.notify", fail)
        ring(clock, "2026-11-26 09:30")
    assert (mails(), states(visit)) == ([], {PENDING})
    assert not Event.objects.filter(verb="reminded").exists()
    ring(clock, "2026-11-26 09:31")
    assert (len(mails()), states(visit)) == (2, {SENT})


def test_many_cost_a_few_statements_each(
    alice: User, clock: Any, django_assert_max_num_queries: Any
) -> None:
    for _number in range(3):
        wanting(make_event(actor=alice), 30)
    clock.move_to(at("2026-11-26 09:30"))
    with django_assert_max_num_queries(1 + 3 * 40):
        deliver_due_reminders()
    assert len(mails()) == 3


def test_a_purged_record_takes_its_mail_and_its_reminders_along(
    visit: Activity, alice: User, clock: Any
) -> None:
    ring(clock, "2026-11-26 09:30")
    trash_record(visit, actor=alice)
    purge_record(visit, actor=alice)
    assert not Reminder.objects.exists()
    assert {(mail.subject, mail.text) for mail in mails()} == {("", "")}
