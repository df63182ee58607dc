"""What an activity would meet: asked about, or refused where its type says so (B13, E7)."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from activities.actions.series import exception_of
from activities.clashes import refusal
from activities.models import Activity, ActivityType, Booking, Calendar, catalog
from crm.accounts.models import User
from crm.records.errors import ActionRefused
from tests.activities.conftest import fresh
from tests.activities.posting import moved, send
from tests.factories import make_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def event(alice: User) -> Activity:
    return make_event("Visit", actor=alice)


def blocking() -> ActivityType:
    return next(row for row in catalog().types.values() if row.overlap == "block")


def test_what_it_would_meet_is_asked_before_it_is_moved(
    as_: Any, alice: User, event: Activity
) -> None:
    """B13. Half-open: 10 to 11 and 11 to 12 do not meet (E7)."""
    other = make_event("Other", actor=alice, start="2026-11-27 10:00")
    client = as_("alice")
    times = moved(event, "2026-11-27T10:30", "2026-11-27T11:30")
    status, answer = send(client, "move", event, **times)
    assert (status, answer["error"]) == (409, "overlap")
    assert "Alice Rossi: Other, Fri 27 Nov 10:00–11:00" in answer["text"]
    assert send(client, "move", event, **times, sure="1")[0] == 200
    times = moved(other, "2026-11-27T11:30", "2026-11-27T12:30")
    assert send(client, "move", other, **times)[0] == 200


def test_the_form_says_it_too_and_keeps_what_was_typed(as_: Any, alice: User) -> None:
    make_event("Other", actor=alice)
    from tests.activities.test_activity_pages import post

    client = as_("alice")
    url = reverse("activity_create") + "?start=2026-11-26T10:30&end=2026-11-26T11:30"
    answer = post(client, url, subject="Second")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Alice Rossi: Other, Thu 26 Nov 10:00–11:00" in page
    assert 'value="Second"' in page
    assert post(client, url, subject="Second", sure="1").status_code == 302


def test_of_a_private_calendar_nothing_is_said_and_of_a_busy_one_no_title(
    as_: Any, alice: User, carol: User
) -> None:
    from activities.models import Calendar

    make_event("Dentist", actor=carol)
    event = make_event("Visit", owner=carol, actor=alice, start="2026-11-27 10:00")
    times = moved(event, "2026-11-26T10:30", "2026-11-26T11:30")
    text = send(as_("alice"), "move", event, **times)[1]["text"]
    assert "Carol Rossi: busy" in text
    assert "Dentist" not in text
    Calendar.objects.create(user=carol, sharing="private")
    assert send(as_("alice"), "move", event, **times)[0] == 200


@pytest.mark.parametrize("shared", [True, False])
def test_what_blocks_is_refused_at_once_and_nobody_is_asked(
    as_: Any, alice: User, carol: User, shared: bool
) -> None:
    """B13. Neither by a drop nor by a form; of a private calendar no time is told."""
    if not shared:
        Calendar.objects.create(user=carol, sharing="private")
    make_event("Secret visit", actor=carol, type=blocking())
    mine = make_event(
        "Mine", actor=alice, participants=[carol], type=blocking(), start="2026-11-27 10:00"
    )
    told = "Carol Rossi is booked at that time already"
    told += ": Thu 26 Nov 10:00–11:00." if shared else "."
    client = as_("alice")
    times = moved(mine, "2026-11-26T10:30", "2026-11-26T11:30")
    status, answer = send(client, "move", mine, **times)
    assert (status, answer["error"], answer["text"]) == (422, "refused", told)
    times = moved(mine, "2026-11-26T11:00", "2026-11-26T12:00")
    assert send(client, "move", mine, **times)[0] == 200

    from tests.activities.test_activity_pages import post

    url = reverse("activity_create") + "?start=2026-11-26T10:30&end=2026-11-26T11:30"
    for more in ({}, {"sure": "1"}):
        form = post(client, url, subject="x", type=blocking().pk, participants=[carol.pk], **more)
        page = form.content.decode()
        assert form.status_code == 422
        assert told in page
        assert "Book it anyway" not in page
        assert "Secret visit" not in page


def test_what_blocks_is_not_in_the_way_of_its_own_series_nor_of_who_declined(
    alice: User, carol: User
) -> None:
    series = make_event(
        "Weekly", actor=alice, type=blocking(), start="2026-11-23 10:00", rule="FREQ=WEEKLY"
    )
    assert refusal(exception_of(series, dt.date(2026, 11, 30)), [alice], alice) == ""
    make_event("Visit", actor=carol, type=blocking())
    mine = make_event("Mine", actor=alice, participants=[carol], start="2026-11-26 10:30")
    mine.attendees.update(answer="declined")
    mine.type = blocking()
    assert refusal(mine, [alice, carol], alice) == ""
    mine.attendees.update(answer="pending")
    assert "Carol Rossi" in refusal(mine, [alice, carol], alice)


def test_two_that_block_are_refused_by_the_database_itself(alice: User, bob: User) -> None:
    make_event("First", actor=alice, type=blocking())
    told = "Alice Rossi is booked at that time already"
    with pytest.raises(ActionRefused, match=told), transaction.atomic():
        make_event("Second", owner=bob, actor=bob, participants=[alice], type=blocking())
    assert Activity.objects.count() == 1
    make_event("Later", actor=alice, type=blocking(), start="2026-11-26 11:00")


def test_what_is_cancelled_or_in_the_trash_blocks_nobody(as_: Any, alice: User) -> None:
    first = make_event("First", actor=alice, type=blocking())
    off = catalog().status_in("off", is_task=False)
    send(as_("alice"), "status", first, status=off.pk)
    second = make_event("Second", actor=alice, type=blocking())
    answer = send(as_("alice"), "status", first, status=first.status_id)[1]
    assert answer["text"] == "Alice Rossi is booked at that time already."
    send(as_("alice"), "remove", second)
    assert send(as_("alice"), "status", first, status=first.status_id)[0] == 200
    answer = as_("alice").post(reverse("record_restore", args=["activity", second.pk]))
    assert fresh(second).is_trashed


def test_a_series_that_blocks_is_booked_for_a_year_on_each_of_its_dates(alice: User) -> None:
    make_event(
        "Weekly",
        actor=alice,
        type=blocking(),
        start="2026-11-23 10:00",
        rule="FREQ=WEEKLY;BYDAY=MO",
    )
    assert Booking.objects.count() == 52
    with pytest.raises(ActionRefused), transaction.atomic():
        make_event("Once", actor=alice, type=blocking(), start="2027-03-01 10:30")
