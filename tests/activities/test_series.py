"""Changing a series: this one, this one and those that follow, or all of them (E2, B9)."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities.actions import (
    Reach,
    When,
    copy_activity,
    move_activity,
    remove_activity,
    set_status,
)
from activities.models import Activity, catalog
from crm.accounts.models import User
from crm.records.actions import restore_record, trash_record
from crm.records.errors import ActionRefused, Outdated
from tests.activities.conftest import Read, fresh
from tests.factories import make_event, make_task, moment_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEKS = ("2026-11-23", "2026-12-21")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def when(start: str, end: str, zone: str = "Europe/Rome") -> When:
    return When(*moment_of(start), *moment_of(end), ZoneInfo(zone))


@pytest.fixture
def mondays(alice: User) -> Activity:
    """Every Monday from 23 November, 10:00 to 11:00."""
    return make_event("Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO")


def starts(read: Read, reader: User, since: str = WEEKS[0], before: str = WEEKS[1]) -> list[str]:
    return [item.start for item in read(reader, since, before)]


def test_a_series_stands_on_each_of_its_dates(mondays: Activity, alice: User, read: Read) -> None:
    assert starts(read, alice) == [
        f"2026-{date}T10:00" for date in ("11-23", "11-30", "12-07", "12-14")
    ]
    assert Activity.objects.count() == 1


def test_one_that_is_moved_leaves_the_others(mondays: Activity, alice: User, read: Read) -> None:
    moved = move_activity(
        mondays,
        when("2026-12-01 15:00", "2026-12-01 16:30"),
        actor=alice,
        on=day("2026-11-30"),
        reach=Reach.ONE,
    )
    assert (moved.series, moved.occurs_on, moved.uid) == (mondays, day("2026-11-30"), mondays.uid)
    assert moved.number != mondays.number
    assert starts(read, alice) == [
        *("2026-11-23T10:00", "2026-12-01T15:00", "2026-12-07T10:00", "2026-12-14T10:00")
    ]


def test_this_and_following_splits_the_series(mondays: Activity, alice: User, read: Read) -> None:
    rest = move_activity(
        mondays,
        when("2026-12-08 09:00", "2026-12-08 09:30"),
        actor=alice,
        on=day("2026-12-07"),
        reach=Reach.FOLLOWING,
    )
    assert rest.uid != mondays.uid
    assert fresh(mondays).rule == "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261206"
    assert starts(read, alice) == [
        *("2026-11-23T10:00", "2026-11-30T10:00", "2026-12-08T09:00", "2026-12-15T09:00")
    ]


def test_following_from_the_first_one_is_all_of_them(mondays: Activity, alice: User) -> None:
    moved = move_activity(
        mondays,
        when("2026-11-23 12:00", "2026-11-23 13:00"),
        actor=alice,
        on=day("2026-11-23"),
        reach=Reach.FOLLOWING,
    )
    assert moved == mondays
    assert Activity.objects.count() == 1


def test_all_of_them_move_and_what_was_taken_out_stays_out(
    mondays: Activity, alice: User, read: Read
) -> None:
    remove_activity(mondays, actor=alice, on=day("2026-11-30"), reach=Reach.ONE)
    move_activity(
        fresh(mondays),
        when("2026-12-09 08:00", "2026-12-09 09:00"),
        actor=alice,
        on=day("2026-12-07"),
        reach=Reach.ALL,
    )
    assert fresh(mondays).rule == "FREQ=WEEKLY;BYDAY=WE"
    assert starts(read, alice) == [*("2026-11-25T08:00", "2026-12-09T08:00", "2026-12-16T08:00")]


def test_an_exception_stays_with_its_own_one_when_all_move(
    mondays: Activity, alice: User, read: Read
) -> None:
    one = set_status(mondays, done_of(mondays), actor=alice, on=day("2026-11-30"), reach=Reach.ONE)
    move_activity(
        fresh(mondays),
        when("2026-12-08 10:00", "2026-12-08 11:00"),
        actor=alice,
        on=day("2026-12-07"),
        reach=Reach.ALL,
    )
    assert fresh(one).occurs_on == day("2026-12-01")
    assert starts(read, alice) == [
        *("2026-11-24T10:00", "2026-11-30T10:00", "2026-12-08T10:00", "2026-12-15T10:00")
    ]


def done_of(activity: Activity) -> Any:
    return catalog().status_in("done", is_task=activity.is_task)


def test_what_is_done_of_a_series_is_done_once(mondays: Activity, alice: User, read: Read) -> None:
    set_status(mondays, done_of(mondays), actor=alice, on=day("2026-11-30"), reach=Reach.ONE)
    categories = {row.pk: row.category for row in catalog().statuses.values()}
    found = [categories[item.status] for item in read(alice, *WEEKS)]
    assert found == ["planned", "done", "planned", "planned"]
    with pytest.raises(ActionRefused):
        set_status(mondays, done_of(mondays), actor=alice, on=day("2026-11-30"), reach=Reach.ONE)


def test_what_is_taken_out_does_not_come_back(mondays: Activity, alice: User, read: Read) -> None:
    remove_activity(mondays, actor=alice, on=day("2026-11-30"), reach=Reach.ONE)
    assert starts(read, alice) == [*("2026-11-23T10:00", "2026-12-07T10:00", "2026-12-14T10:00")]
    remove_activity(fresh(mondays), actor=alice, on=day("2026-12-07"), reach=Reach.FOLLOWING)
    assert starts(read, alice) == ["2026-11-23T10:00"]
    remove_activity(fresh(mondays), actor=alice, on=day("2026-11-23"), reach=Reach.ALL)
    assert starts(read, alice) == []


def test_exceptions_go_to_the_trash_with_their_series_and_come_back_with_it(
    mondays: Activity, alice: User, read: Read
) -> None:
    move_activity(
        mondays,
        when("2026-11-30 18:00", "2026-11-30 19:00"),
        actor=alice,
        on=day("2026-11-30"),
        reach=Reach.ONE,
    )
    trash_record(mondays, actor=alice)
    assert starts(read, alice) == []
    restore_record(mondays, actor=alice)
    assert len(starts(read, alice)) == 4


def test_who_saw_an_older_version_is_refused(mondays: Activity, alice: User) -> None:
    seen = mondays.version
    remove_activity(mondays, actor=alice, on=day("2026-11-30"), reach=Reach.ONE)
    with pytest.raises(Outdated):
        move_activity(
            mondays,
            when("2026-12-07 15:00", "2026-12-07 16:00"),
            actor=alice,
            on=day("2026-12-07"),
            reach=Reach.ONE,
            expected_version=seen,
        )


@pytest.mark.parametrize(
    ("first", "rule", "since", "before", "expected"),
    [
        (  # E1: counted from the first date, never from the one before
            "2027-01-31 09:00",
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            *("2027-01-01", "2027-05-01"),
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"],
        ),
        (
            "2026-11-10 09:00",
            "FREQ=MONTHLY;BYDAY=2TU",
            *("2026-11-01", "2027-02-01"),
            ["2026-11-10", "2026-12-08", "2027-01-12"],
        ),
    ],
)
def test_dates_of_months(
    alice: User, read: Read, first: str, rule: str, since: str, before: str, expected: list[str]
) -> None:
    make_event("Monthly", actor=alice, start=first, rule=rule)
    assert [start[:10] for start in starts(read, alice, since, before)] == expected


def test_a_meeting_keeps_its_hour_when_the_clocks_change(alice: User, read: Read) -> None:
    """E2: 10:00 in Rome before and after 25 October 2026; seen from New York, which changes a
    week later, it is an hour off in between."""
    make_event("Call", actor=alice, start="2026-10-19 10:00", rule="FREQ=WEEKLY;COUNT=3;BYDAY=MO")
    assert starts(read, alice, "2026-10-19", "2026-11-09") == [
        *("2026-10-19T10:00", "2026-10-26T10:00", "2026-11-02T10:00")
    ]
    seen = read(alice, "2026-10-19", "2026-11-09", zone=ZoneInfo("America/New_York"))
    assert [item.start for item in seen] == [
        *("2026-10-19T04:00", "2026-10-26T05:00", "2026-11-02T04:00")
    ]


def test_a_time_that_does_not_exist_moves_on_by_the_gap(alice: User, read: Read) -> None:
    make_event(
        "Night",
        actor=alice,
        start="2026-03-28 02:30",
        end="2026-03-28 03:30",
        rule="FREQ=DAILY;COUNT=3",
    )
    found = [(item.start, item.end) for item in read(alice, "2026-03-28", "2026-03-31")]
    assert found == [
        ("2026-03-28T02:30", "2026-03-28T03:30"),
        ("2026-03-29T03:30", "2026-03-29T03:30"),
        ("2026-03-30T02:30", "2026-03-30T03:30"),
    ]


def test_whole_days_are_the_same_days_everywhere(alice: User, read: Read) -> None:
    """B11."""
    make_event("Fair", actor=alice, start="2026-11-26", end="2026-11-27")
    for zone in ("Europe/Rome", "Asia/Jerusalem", "Pacific/Auckland", "America/Los_Angeles"):
        found = read(alice, "2026-11-26", "2026-11-27", zone=ZoneInfo(zone))
        assert [(item.start, item.end) for item in found] == [("2026-11-26", "2026-11-27")]
        assert read(alice, "2026-11-28", "2026-11-29", zone=ZoneInfo(zone)) == []


def test_a_task_repeats_by_its_due_date(alice: User, read: Read) -> None:
    make_task(
        "Report", actor=alice, given="2026-11-20", due="2026-11-27", rule="FREQ=WEEKLY;BYDAY=FR"
    )
    assert starts(read, alice, "2026-11-23", "2026-12-07") == ["2026-11-27", "2026-12-04"]


def test_a_copy_is_its_own_and_open_again(
    mondays: Activity, alice: User, bob: User, read: Read
) -> None:
    """B2."""
    mondays.attendees.create(user=bob, answer="accepted")
    Activity.objects.filter(pk=mondays.pk).update(outcome="They liked it")
    made = copy_activity(
        fresh(mondays),
        when("2026-12-03 10:00", "2026-12-03 11:00"),
        actor=alice,
        on=day("2026-11-30"),
    )
    assert (made.rule, made.outcome, made.category) == ("", "", "planned")
    assert made.uid != mondays.uid
    assert [(row.user, row.answer) for row in made.attendees.all()] == [(bob, "pending")]
    assert len(starts(read, alice)) == 5
