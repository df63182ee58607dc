"""What an activity owes, when it is due, and what becomes of it when the activity changes."""

import datetime as dt
from typing import Any

import pytest

from activities.actions import copy_activity, move_activity, set_status, take_activity
from activities.actions.reminding import plan_reminders
from activities.models import Activity, Attendee, Reminder, Wanted
from activities.reminders import due_at
from crm.accounts.models import Team, User
from crm.records.actions import assign_record, restore_record, save_record, trash_record
from tests.activities.conftest import fresh
from tests.activities.reminders.reminding import (
    CANCELLED,
    PENDING,
    SENT,
    at,
    dues,
    owed_of,
    states,
    status,
    wanting,
    when,
)
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = 24 * 60
DAILY = "FREQ=DAILY"


def who(activity: Activity, state: str = PENDING) -> set[str]:
    return {row.user.username for row in owed_of(activity, state=state)}


# --- when they are due ----------------------------------------------------------------------------
ZONES = [
    # The day before the clocks change and the first one after: what it is in UTC at ten there.
    ("Europe/Rome", "2026-03-28", 9, "2026-03-29", 8),
    ("Europe/Rome", "2026-10-24", 8, "2026-10-25", 9),
    ("Europe/Bucharest", "2026-03-28", 8, "2026-03-29", 7),
    ("Europe/Bucharest", "2026-10-24", 7, "2026-10-25", 8),
    ("Asia/Jerusalem", "2026-03-26", 8, "2026-03-27", 7),
    ("Asia/Jerusalem", "2026-10-24", 7, "2026-10-25", 8),
    ("America/New_York", "2026-03-07", 15, "2026-03-08", 14),
    ("America/New_York", "2026-10-31", 14, "2026-11-01", 15),
]


@pytest.mark.parametrize(("zone", "day", "hour", "next_day", "next_hour"), ZONES)
def test_half_an_hour_before_is_so_on_the_clocks_of_the_activity(
    alice: User, zone: str, day: str, hour: int, next_day: str, next_hour: int
) -> None:
    for date, utc in ((day, hour), (next_day, next_hour)):
        event = make_event(start=f"{date} 10:00", zone=zone, owner=alice, actor=alice)
        due = due_at(event, event.anchor, 30)
        assert (due.tzinfo, due.hour, due.minute) == (dt.UTC, utc - 1, 30), date


@pytest.mark.parametrize(("zone", "_day", "hour", "day", "_hour"), ZONES)
def test_a_day_before_is_at_the_same_time_of_the_day_before(
    alice: User, zone: str, _day: str, hour: int, day: str, _hour: int
) -> None:
    event = make_event(start=f"{day} 10:00", zone=zone, owner=alice, actor=alice)
    due = due_at(event, event.anchor, DAY)
    assert (due.date().isoformat(), due.hour, due.minute) == (_day, hour, 0)
    assert due_at(event, event.anchor, -DAY).astimezone(event.tz).hour == 10


def test_an_hour_over_the_night_of_the_change_is_an_hour(alice: User) -> None:
    event = make_event(start="2026-03-29 03:30", owner=alice, actor=alice)
    assert due_at(event, event.anchor, 60) == at("2026-03-29 01:30")
    autumn = make_event(start="2026-10-25 03:30", owner=alice, actor=alice)
    assert due_at(autumn, autumn.anchor, 120) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_a_time_that_spring_leaves_out_is_an_hour_later(alice: User) -> None:
    event = make_event(start="2026-03-29 02:30", owner=alice, actor=alice)
    assert due_at(event, event.anchor, 30) == at("2026-03-29 03:00")


def test_whole_days_and_tasks_without_a_time_count_from_nine_o_clock(alice: User) -> None:
    holiday = make_event(start="2026-11-30", end="2026-12-04", owner=alice, actor=alice)
    task = make_task(due="2026-11-30", given="2026-11-20", owner=alice, actor=alice)
    timed = make_task(due="2026-11-30 17:00", owner=alice, actor=alice)
    for activity in (holiday, task, timed):
        wanting(activity, 60, DAY)
    assert dues(holiday) == dues(task) == ["11-29 09:00", "11-30 08:00"]
    assert dues(timed) == ["11-29 17:00", "11-30 16:00"]


def test_minus_is_after(alice: User) -> None:
    event = wanting(make_event(owner=alice, actor=alice), -90, -2 * DAY)
    assert dues(event) == ["11-26 11:30", "11-28 10:00"]


def test_the_ends_of_the_calendar_are_no_trap(alice: User) -> None:
    late = make_event(start="9999-12-31 23:00", end="9999-12-31 23:30", owner=alice, actor=alice)
    wanting(late, -40_000, -60, 30)
    early = make_event(start="0001-01-01 00:30", owner=alice, actor=alice)
    wanting(early, 40_000, 60)
    assert (len(owed_of(late)), owed_of(early)) == (6, [])


# --- for whom -------------------------------------------------------------------------------------
def test_who_is_responsible_and_who_takes_part_have_one_for_each_way_and_offset(
    alice: User, bob: User, carol: User
) -> None:
    event = make_event(owner=alice, participants=[alice, bob, carol], actor=alice)
    Attendee.objects.filter(user=carol).update(answer="declined")
    wanting(event, 30, 15)
    assert who(event) == {"alice", "bob"}
    assert len(owed_of(event)) == 2 * 2 * 2
    assert {row.channel for row in owed_of(event)} == {"bell", "mail"}


def test_who_is_not_active_has_none(alice: User, bob: User) -> None:
    bob.is_active = False
    bob.save()
    event = wanting(make_event(owner=alice, participants=[bob], actor=alice), 30)
    assert who(event) == {"alice"}


@pytest.mark.parametrize("channel", ["bell", "mail"])
def test_one_way_is_enough_if_it_was_asked_so(alice: User, channel: str) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30, channel=channel)
    assert [row.channel for row in owed_of(event)] == [channel]


def test_a_team_hears_nothing_before_one_of_it_has_taken_it(alice: User, team: Team) -> None:
    event = wanting(make_event(team=team, actor=alice), 30)
    assert owed_of(event) == []
    take_activity(event, actor=alice)
    assert who(event) == {"alice"}


def test_whoever_is_given_it_is_reminded_instead(alice: User, bob: User) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30)
    assign_record(event, bob, actor=alice)
    assert (who(event), who(event, CANCELLED)) == ({"bob"}, {"alice"})
    assign_record(event, alice, actor=bob)
    assert (who(event), who(event, CANCELLED)) == ({"alice"}, {"bob"})


def test_who_declines_is_left_in_peace_and_may_come_back(alice: User, bob: User) -> None:
    event = wanting(make_event(owner=alice, participants=[bob], actor=alice), 30)
    seat = event.attendees.get(user=bob)
    for answer, people in (("declined", {"alice"}), ("accepted", {"alice", "bob"})):
        seat.answer = answer
        seat.save()
        event.after_write()
        assert who(event) == people, answer


def test_on_another_calendar_it_is_their_reminder(alice: User, bob: User, carol: User) -> None:
    event = wanting(make_event(owner=alice, participants=[bob], actor=alice), 30)
    at_ten = when("2026-11-26 10:00", "2026-11-26 11:00")
    move_activity(event, at_ten, actor=alice, people=(bob, carol))
    assert (who(event), who(event, CANCELLED)) == ({"alice", "carol"}, {"bob"})


# --- past, moved, over ----------------------------------------------------------------------------
def test_what_has_passed_already_is_not_written_down(alice: User) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30, 60, DAY)
    assert dues(event) == ["11-26 09:30"]
    assert len(owed_of(event)) == 2


def test_an_event_that_moves_takes_its_reminders_along(alice: User) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30)
    move_activity(event, when("2026-11-26 15:00", "2026-11-26 16:00"), actor=alice)
    assert dues(event) == ["11-26 14:30"]
    move_activity(event, when("2026-11-27 15:00", "2026-11-27 16:00"), actor=alice)
    assert dues(event) == ["11-27 14:30"]
    assert {str(row.occurs_on) for row in owed_of(event, state=CANCELLED)} == {"2026-11-26"}
    move_activity(event, when("2026-11-26 09:15", "2026-11-26 10:00"), actor=alice)
    assert (dues(event), states(event)) == ([], {CANCELLED})


def test_one_that_was_sent_is_owed_again_only_for_another_time_to_come(
    alice: User, clock: Any
) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30, channel="mail")
    clock.move_to(at("2026-11-26 09:31"))
    Reminder.objects.update(state=SENT, settled_at=at("2026-11-26 09:31"))
    plan_reminders(event)
    event.place = "Room 2"
    save_record(event, actor=alice)
    assert states(event) == {SENT}
    move_activity(event, when("2026-11-26 09:50", "2026-11-26 10:50"), actor=alice)
    assert states(event) == {SENT}, "it would be due in the past"
    move_activity(event, when("2026-11-26 15:00", "2026-11-26 16:00"), actor=alice)
    (row,) = owed_of(event)
    assert (row.state, row.due_at, row.settled_at) == (PENDING, at("2026-11-26 14:30"), None)
    move_activity(event, when("2026-11-26 10:00", "2026-11-26 11:00"), actor=alice)
    assert states(event) == {CANCELLED}, "for ten o'clock it was sent"


def test_what_is_late_stays_owed_when_something_else_changes(alice: User, clock: Any) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30)
    clock.move_to(at("2026-11-26 09:45"))
    event.place = "Room 2"
    save_record(event, actor=alice)
    assert (states(event), len(owed_of(event))) == ({PENDING}, 2)


@pytest.mark.parametrize("category", ["done", "not-done", "off"])
def test_what_is_over_owes_nothing_and_open_again_it_does(alice: User, category: str) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30)
    set_status(event, status(category), actor=alice)
    assert states(event) == {CANCELLED}
    set_status(fresh(event), status("active"), actor=alice)
    assert (states(event), dues(event)) == ({PENDING}, ["11-26 09:30"])


def test_open_again_too_late_it_owes_nothing(alice: User, clock: Any) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30)
    set_status(event, status("off"), actor=alice)
    clock.move_to(at("2026-11-26 09:40"))
    set_status(fresh(event), status("planned"), actor=alice)
    assert states(event) == {CANCELLED}


def test_the_trash_keeps_quiet_and_gives_back_what_is_still_to_come(alice: User) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30)
    trash_record(event, actor=alice)
    assert states(event) == {CANCELLED}
    restore_record(event, actor=alice)
    assert states(event) == {PENDING}


def test_a_line_that_is_taken_off_or_changed_is_not_owed_any_more(alice: User) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30, 15)
    Wanted.objects.filter(minutes=15).delete()
    Wanted.objects.filter(minutes=30).update(channel="bell")
    event.after_write()
    assert [(row.minutes, row.channel) for row in owed_of(event, state=PENDING)] == [(30, "bell")]
    Wanted.objects.all().delete()
    event.after_write()
    assert states(event) == {CANCELLED}


def test_a_copy_has_fresh_reminders_and_none_of_the_past(alice: User, clock: Any) -> None:
    event = wanting(make_event(owner=alice, actor=alice), 30, DAY)
    clock.move_to(at("2026-11-26 09:40"))
    at_once = copy_activity(
        event, when("2026-11-26 12:00", "2026-11-26 13:00"), actor=alice, on=None
    )
    assert (dues(at_once), len(owed_of(at_once))) == (["11-26 11:30"], 2)
    next_week = copy_activity(
        event, when("2026-12-03 12:00", "2026-12-03 13:00"), actor=alice, on=None
    )
    assert dues(next_week) == ["12-02 12:00", "12-03 11:30"]
    assert len(owed_of(event)) == 2, "the first one's are its own"


def test_planning_again_changes_nothing(alice: User, bob: User) -> None:
    event = wanting(make_event(owner=alice, participants=[bob], actor=alice), 30, 15)
    before = list(Reminder.objects.order_by("pk").values())
    for _again in range(3):
        plan_reminders(event)
    assert list(Reminder.objects.order_by("pk").values()) == before
