"""Calendars for other programs: what is in a feed, and what is gone (E12, B14)."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import actions
from activities.actions import Reach
from activities.models import Attendee, Feed, Wanted, catalog
from crm.accounts.models import Team, User
from crm.records.actions import restore_record, trash_record
from tests.activities.calendars import (
    address,
    feed,
    line,
    part,
    parts,
    titles,
    when,
)
from tests.factories import make_company, make_event, make_person, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- what is said of one -------------------------------------------------------------------------
def test_what_is_told_of_an_event(alice: User, bob: User, settings: Any) -> None:
    guest = make_person("Verdi", actor=alice, owner=alice, emails=["anna@example.org"])
    company = make_company("F.I.A.T.", actor=alice, owner=alice)
    made = make_event(
        "Visit",
        actor=alice,
        place="Torino",
        notes="Bring the samples",
        customer=company,
        participants=[bob],
        guests=[guest],
    )
    made.attendees.filter(user=bob).update(answer=Attendee.Answer.DECLINED)
    Wanted.objects.create(activity=made, minutes=30)
    one = part(feed(alice), "Visit")
    assert one["UID"] == f"{made.uid}@localhost"
    assert (str(one["LOCATION"]), str(one["STATUS"])) == ("Torino", "CONFIRMED")
    assert str(one["DESCRIPTION"]) == "F.I.A.T.\n\nBring the samples"
    assert str(one["URL"]) == f"{settings.SITE_URL}/activities/{made.pk}/"
    assert line(one, "CATEGORIES") == "Appointment"
    assert (one["ORGANIZER"], one["ORGANIZER"].params["CN"]) == (
        "mailto:alice@example.com",
        "Alice Rossi",
    )
    people = {str(row): row.params["PARTSTAT"] for row in one["ATTENDEE"]}
    assert people == {
        "mailto:bob@example.com": "DECLINED",
        "mailto:anna@example.org": "NEEDS-ACTION",
    }
    (alarm,) = one.walk("VALARM")
    assert line(alarm, "TRIGGER") == "-PT30M"


@pytest.mark.parametrize(
    ("category", "of_event", "of_task"),
    [
        ("planned", "CONFIRMED", "NEEDS-ACTION"),
        ("active", "CONFIRMED", "IN-PROCESS"),
        ("waiting", "TENTATIVE", "NEEDS-ACTION"),
        ("done", "CONFIRMED", "COMPLETED"),
        ("not-done", "CONFIRMED", "CANCELLED"),
        ("off", "CANCELLED", "CANCELLED"),
    ],
)
def test_statuses_as_other_programs_name_them(
    alice: User, category: str, of_event: str, of_task: str
) -> None:
    for make in (make_event, make_task):
        if catalog().status_in(category, is_task=make is make_task):
            make(f"a {make.__name__}", actor=alice, category=category)
    ics = feed(alice)
    assert str(part(ics, "a make_event")["STATUS"]) == of_event
    if catalog().status_in(category, is_task=True):
        assert str(part(ics, "a make_task")["STATUS"]) == of_task


def test_a_contact_that_the_reader_does_not_see_is_not_named(alice: User, carol: User) -> None:
    guest = make_person(
        "Zyx", actor=carol, owner=carol, emails=["zyx@example.org"], is_restricted=True
    )
    company = make_company("Zyx & Co", actor=carol, owner=carol, is_restricted=True)
    make_event("Visit", actor=carol, participants=[alice], guests=[guest], customer=company)
    assert b"yx" in feed(carol)
    ics = feed(alice)
    assert titles(ics) == ["Visit"]
    assert b"yx" not in ics.replace(b"SYNC", b"")


def test_reminders_of_others_do_not_ring(alice: User, bob: User, team: Team) -> None:
    made = make_event("Visit", actor=alice)
    Wanted.objects.create(activity=made, minutes=30)
    assert b"VALARM" in feed(alice)
    assert b"VALARM" not in feed(bob, team)
    assert b"VALARM" not in feed(alice, team)


def test_what_is_done_does_not_ring(alice: User) -> None:
    made = make_event("Visit", actor=alice, category="done")
    Wanted.objects.create(activity=made, minutes=30)
    assert b"VALARM" not in feed(alice)


# --- the window, and what is gone ----------------------------------------------------------------
def test_the_window_is_three_months_back_and_a_year_ahead(alice: User) -> None:
    for day in ("2026-08-27", "2026-08-29", "2027-11-25", "2027-11-28"):
        make_event(day, actor=alice, start=f"{day} 10:00")
    make_event("ended", actor=alice, start="2020-01-01 10:00", rule="FREQ=DAILY;UNTIL=20200301")
    make_event("goes on", actor=alice, start="2020-01-01 10:00", rule="FREQ=DAILY")
    make_event("reaches in", actor=alice, start="2026-08-20", end="2026-08-30")
    assert titles(feed(alice)) == ["2026-08-29", "2027-11-25", "goes on", "reaches in"]


def test_what_is_cancelled_or_removed_is_told_for_thirty_days(alice: User, clock: Any) -> None:
    removed, cancelled = make_event("removed", actor=alice), make_event("cancelled", actor=alice)
    before = {one: part(feed(alice), one)["SEQUENCE"] for one in ("removed", "cancelled")}
    trash_record(removed, actor=alice)
    off = catalog().status_in("off", is_task=False)
    assert off is not None
    actions.set_status(cancelled, off, actor=alice)
    ics = feed(alice)
    for name in ("removed", "cancelled"):
        assert str(part(ics, name)["STATUS"]) == "CANCELLED"
        assert part(ics, name)["SEQUENCE"] > before[name]
    clock.shift(dt.timedelta(days=29))
    assert titles(feed(alice)) == ["cancelled", "removed"]
    clock.shift(dt.timedelta(days=2))
    assert titles(feed(alice)) == []


def test_what_comes_back_is_newer_than_its_cancellation(alice: User) -> None:
    made = make_event("Visit", actor=alice)
    trash_record(made, actor=alice)
    gone = part(feed(alice), "Visit")["SEQUENCE"]
    restore_record(made, actor=alice)
    one = part(feed(alice), "Visit")
    assert (str(one["STATUS"]), one["SEQUENCE"] > gone) == ("CONFIRMED", True)


def test_a_cancelled_one_of_a_series_is_left_out_once_it_is_not_told_any_more(
    alice: User, clock: Any
) -> None:
    series = make_event("Standup", actor=alice, rule="FREQ=DAILY")
    off = catalog().status_in("off", is_task=False)
    assert off is not None
    actions.set_status(series, off, actor=alice, on=dt.date(2026, 11, 27), reach=Reach.ONE)
    assert len(parts(feed(alice))) == 2
    clock.shift(dt.timedelta(days=31))
    (whole,) = parts(feed(alice))
    assert line(whole, "EXDATE") == "20261127T100000"


# --- often, and quickly --------------------------------------------------------------------------
def test_what_has_not_changed_is_not_sent_again(alice: User) -> None:
    made = make_event("Visit", actor=alice)
    path = address(alice)
    first = Client().get(path)
    tag = first.headers["ETag"]
    again = Client().get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert Client().get(path, headers={"If-None-Match": f"W/{tag}"}).status_code == 304
    actions.move_activity(made, when("2026-11-26 12:00", "2026-11-26 13:00"), actor=alice)
    changed = Client().get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_when_it_was_read_is_kept_but_not_at_each_reading(alice: User, clock: Any) -> None:
    path = address(alice)
    Client().get(path)
    first = Feed.objects.get().read_at
    clock.shift(60)
    Client().get(path)
    assert Feed.objects.get().read_at == first
    clock.shift(600)
    Client().get(path)
    assert Feed.objects.get().read_at != first


@pytest.mark.parametrize("of_team", [False, True])
def test_statements_do_not_grow_with_events(
    alice: User, bob: User, team: Team, of_team: bool
) -> None:
    def some(number: int) -> None:
        guest = make_person(actor=alice, owner=alice, emails=[f"{number}@example.org"])
        for index in range(number):
            made = make_event(
                f"{number} {index}",
                actor=alice,
                participants=[bob],
                guests=[guest],
                customer=guest,
                rule="FREQ=DAILY;COUNT=9" if index % 2 else "",
            )
            Wanted.objects.create(activity=made, minutes=30)

    path = address(alice, team if of_team else None)
    counts = []
    for number in (2, 12):
        some(number)
        Client().get(path)  # read_at is written
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert Client().get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 13, counts
