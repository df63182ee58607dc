"""The times of a feed are those of the page, in any zone and whatever the clocks do (E2, B15)."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities import actions
from activities.actions import Reach
from activities.models import Activity, catalog
from crm.accounts.models import User
from tests.activities.calendars import (
    feed,
    line,
    parts,
    told,
    unfolded,
    when,
)
from tests.activities.conftest import Read, fresh
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ZONES = [
    *("Europe/Rome", "Europe/Bucharest", "Asia/Jerusalem", "America/New_York"),
    "Australia/Lord_Howe",
]


def full_calendar(user: User, zone: str) -> None:
    """Everything that times can be, around both changes of the clocks."""

    def event(subject: str, start: str, end: str = "", **facts: Any) -> Activity:
        more = {"end": end} if end else {}
        return make_event(subject, actor=user, start=start, zone=zone, **more, **facts)

    event("single", "2026-11-26 10:00")
    event("night", "2026-10-24 22:00", "2026-10-25 06:00")
    event("gap", "2027-03-28 02:30", "2027-03-28 04:30")
    event("twice", "2026-10-25 02:30", "2026-10-25 03:30")
    event("long", "2026-12-30 08:00", "2027-01-02 20:00")
    event("days", "2026-12-24", "2026-12-26")
    event("daily", "2026-09-15 23:30", "2026-09-16 00:30", rule="FREQ=DAILY;UNTIL=20270410")
    event("early", "2026-10-20 02:15", "2026-10-20 02:45", rule="FREQ=DAILY;COUNT=200")
    event("weekly", "2026-10-05 08:00", rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU")
    event("clamp", "2026-08-31 17:00", rule="FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1")
    event("31st", "2026-08-31 18:00", rule="FREQ=MONTHLY;BYMONTHDAY=31")
    event("last", "2026-08-28 19:00", rule="FREQ=MONTHLY;BYDAY=-1FR")
    event("year", "2024-02-29 09:00", rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1")
    event("week of days", "2026-10-01", "2026-10-03", rule="FREQ=MONTHLY;BYMONTHDAY=1")
    make_task("due", actor=user, due="2026-11-30 17:00", zone=zone)
    make_task("due day", actor=user, due="2026-11-30", zone=zone)
    make_task(
        "due often", actor=user, due="2026-10-02 12:00", zone=zone, rule="FREQ=WEEKLY;BYDAY=FR"
    )


@pytest.mark.parametrize("reader_zone", ["Europe/Rome", "America/New_York"])
@pytest.mark.parametrize("zone", ZONES)
def test_times_are_those_of_the_page(alice: User, read: Read, zone: str, reader_zone: str) -> None:
    full_calendar(alice, zone)
    ics = feed(alice)
    for since, before in (
        ("2026-10-01", "2026-11-10"),
        ("2026-11-10", "2027-01-10"),
        ("2027-02-25", "2027-05-01"),
    ):
        page = told(read(alice, since, before, zone=ZoneInfo(reader_zone)))
        assert page
        assert unfolded(ics, since, before, ZoneInfo(reader_zone)) == page


@pytest.mark.parametrize("zone", ZONES)
def test_exceptions_are_those_of_the_page(alice: User, read: Read, zone: str) -> None:
    tz = ZoneInfo(zone)
    series = make_event(
        "Standup", actor=alice, start="2026-10-19 09:00", zone=zone, rule="FREQ=DAILY;COUNT=60"
    )
    day = dt.date
    one = {"actor": alice, "reach": Reach.ONE}
    actions.remove_activity(series, on=day(2026, 10, 23), **one)
    later = when("2026-10-25 15:00", "2026-10-25 16:00", tz)
    actions.move_activity(series, later, on=day(2026, 10, 24), **one)
    off = catalog().status_in("off", is_task=False)
    assert off is not None
    actions.set_status(series, off, on=day(2026, 10, 27), **one)
    moved = when("2026-11-09 08:00", "2026-11-09 08:30", tz)
    actions.move_activity(
        fresh(series), moved, on=day(2026, 11, 9), actor=alice, reach=Reach.FOLLOWING
    )
    ics = feed(alice)
    page = told(read(alice, "2026-10-01", "2027-01-10", zone=tz))
    assert ("Standup", "2026-10-27T09:00", "2026-10-27T10:00") in page  # cancelled, but shown
    cancelled = ("Standup", "2026-10-27T09:00", "2026-10-27T10:00")
    assert unfolded(ics, "2026-10-01", "2027-01-10", tz) == [
        row for row in page if row != cancelled
    ]
    assert line(
        next(one for one in parts(ics) if "UNTIL" in line_or_none(one)), "EXDATE"
    ).startswith("20261023T090000")


def line_or_none(one: Any) -> str:
    return line(one, "RRULE") if "RRULE" in one else ""


def test_a_series_and_those_that_differ_have_one_uid(alice: User) -> None:
    series = make_event("Standup", actor=alice, rule="FREQ=DAILY;COUNT=9")
    on = dt.date(2026, 11, 27)
    later = when("2026-11-27 15:00", "2026-11-27 16:00")
    actions.move_activity(series, later, actor=alice, on=on, reach=Reach.ONE)
    ics = feed(alice)
    whole, one = sorted(parts(ics), key=lambda row: "RECURRENCE-ID" in row)
    assert whole["UID"] == one["UID"] == f"{series.uid}@localhost"
    assert line(one, "RECURRENCE-ID") == "20261127T100000"
    assert "EXDATE" not in whole
    assert one["SEQUENCE"] >= whole["SEQUENCE"] >= 1


def test_one_that_is_on_another_calendar_now_is_taken_out_of_the_series(
    alice: User, carol: User
) -> None:
    series = make_event("Standup", actor=alice, rule="FREQ=DAILY;COUNT=9")
    on = dt.date(2026, 11, 27)
    there = when("2026-11-27 10:00", "2026-11-27 11:00")
    actions.move_activity(series, there, actor=alice, on=on, reach=Reach.ONE, people=(alice, carol))
    (whole,) = parts(feed(alice))
    assert line(whole, "EXDATE") == "20261127T100000"
    (one,) = parts(feed(carol))
    assert line(one, "RECURRENCE-ID") == "20261127T100000"
