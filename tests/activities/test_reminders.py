"""What an activity owes, when it is due, and what becomes of it when the activity changes."""

import datetime as dt
from typing import Any

import pytest

from activities.actions import (
    Reach,
    change_activity,
    copy_activity,
    move_activity,
    remove_activity,
    set_status,
    take_activity,
)
from activities.actions.reminding import plan_next_of_series, plan_reminders
from activities.models import Activity, Attendee, Reminder, Wanted, catalog
from activities.reminders import due_at
from crm.accounts.models import Team, User
from crm.records.actions import assign_record, restore_record, save_record, trash_record
from tests.activities.conftest import fresh
from tests.activities.reminding import (
    CANCELLED,
    PENDING,
    SENT,
    at,
    dues,
    owed_of,
    states,
    wanting,
    when,
)
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = 24 * 60
DAILY = "FREQ=DAILY"


def status(category: str, *, is_task: bool = False) -> Any:
    return catalog().status_in(category, is_task=is_task)


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


# --- series ---------------------------------------------------------------------------------------
def test_a_series_has_the_reminders_of_two_weeks(alice: User) -> None:
    daily = wanting(make_event(start="2026-11-20 10:00", rule=DAILY, owner=alice, actor=alice), 30)
    assert (dues(daily)[0], dues(daily)[-1], len(dues(daily))) == ("11-26 09:30", "12-09 09:30", 14)
    early = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 7 * DAY)
    assert (dues(early)[0], dues(early)[-1]) == ("11-26 10:00", "12-09 10:00")
    assert owed_of(early)[0].occurs_on == dt.date(2026, 12, 3)


def test_a_series_gets_those_of_the_next_days_as_time_goes_by(alice: User, clock: Any) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30, channel="mail")
    assert plan_next_of_series() == 0
    clock.move_to(at("2026-11-29 12:00"))
    assert plan_next_of_series() == 1
    assert plan_next_of_series() == 0
    assert dues(daily)[-1] == "12-13 09:30"
    assert len(owed_of(daily)) == 18, "and what is late stays owed"


def test_after_minutes_of_a_series_are_looked_for_as_far_back(alice: User) -> None:
    daily = make_event(start="2026-11-01 10:00", rule=DAILY, owner=alice, actor=alice)
    wanting(daily, -20 * DAY)
    assert dues(daily)[0] == "11-26 10:00"
    assert owed_of(daily)[0].occurs_on == dt.date(2026, 11, 6)


def test_all_series_are_paged_through(alice: User, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("activities.actions.reminding.PAGE", 2)
    for number in range(5):
        wanting(make_event(f"{number}", rule=DAILY, owner=alice, actor=alice), 30)
    make_event("without", rule=DAILY, owner=alice, actor=alice)
    trash_record(wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30), actor=alice)
    clock.move_to(at("2026-11-27 12:00"))
    assert plan_next_of_series() == 5


def test_a_series_that_lacks_nothing_costs_no_statement_of_its_own(
    alice: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        wanting(make_event(f"{number}", rule=DAILY, owner=alice, actor=alice), 30)
    with django_assert_max_num_queries(7):
        plan_next_of_series()


def test_a_date_that_is_taken_out_is_not_reminded_of(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    remove_activity(daily, actor=alice, on=dt.date(2026, 11, 28), reach=Reach.ONE)
    assert {str(row.occurs_on) for row in owed_of(daily, state=CANCELLED)} == {"2026-11-28"}
    assert len(dues(daily)) == 13


def test_an_occurrence_that_differs_has_its_own_and_nothing_is_owed_twice(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    at_three = when("2026-11-28 15:00", "2026-11-28 16:00")
    one = move_activity(daily, at_three, actor=alice, on=dt.date(2026, 11, 28), reach=Reach.ONE)
    assert dues(one) == ["11-28 14:30"]
    assert "11-28 09:30" not in dues(daily)
    set_status(daily, status("done"), actor=alice, on=dt.date(2026, 11, 27), reach=Reach.ONE)
    assert "11-27 09:30" not in dues(daily)


def test_a_series_that_is_split_owes_each_date_once(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)

    def later(one: Activity) -> None:
        one.start_time, one.end_time = dt.time(15), dt.time(16)

    rest = change_activity(
        daily, later, actor=alice, on=dt.date(2026, 12, 1), reach=Reach.FOLLOWING
    )
    assert dues(daily) == [f"11-{day} 09:30" for day in range(26, 31)]
    assert (dues(rest)[0], dues(rest)[-1]) == ("12-01 14:30", "12-09 14:30")
    remove_activity(rest, actor=alice, on=dt.date(2026, 12, 3), reach=Reach.FOLLOWING)
    assert dues(rest) == ["12-01 14:30", "12-02 14:30"]


def test_a_series_that_is_moved_as_a_whole_moves_its_reminders(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    at_three = when("2026-11-28 15:00", "2026-11-28 16:00")
    move_activity(daily, at_three, actor=alice, on=dt.date(2026, 11, 28), reach=Reach.ALL)
    assert (dues(daily)[0], dues(daily)[-1]) == ("11-26 14:30", "12-09 14:30")


def test_a_series_out_of_the_trash_has_its_reminders_at_once(alice: User, clock: Any) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    trash_record(daily, actor=alice)
    clock.move_to(at("2026-12-20 09:00"))
    restore_record(daily, actor=alice)
    assert dues(daily)[0] == "12-20 09:30"
