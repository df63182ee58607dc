"""Sharing one's calendar, finding a time for several, and what a form says of its repetitions."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from activities.free import free_slots
from activities.models import Calendar
from crm.accounts.models import Organisation, User
from tests.activities.conftest import Read
from tests.factories import make_event
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEK = ("2026-11-23", "2026-11-30")


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_calendar_is_shared_with_one_and_closed_again(
    as_: Any, alice: User, carol: User, read: Read
) -> None:
    make_event("Visit", actor=alice)
    client, url = as_("alice"), reverse("calendar_sharing")
    sent = as_sent(client.get(url).content.decode())
    sent |= {"sharing": "private", "grants-0-user": carol.pk, "grants-0-level": "details"}
    assert client.post(url, sent).status_code == 302
    assert [item.title for item in read(carol, *WEEK, of=[alice])] == ["Visit"]
    sent = as_sent(client.get(url).content.decode()) | {"grants-0-DELETE": "on"}
    assert client.post(url, sent).status_code == 302
    assert read(carol, *WEEK, of=[alice]) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"grants-0-level": "edit"}, "Choose a person or a team."),
        ({"grants-0-user": "me"}, "It is your own calendar."),
        ({"sharing": "everything"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_shared_is_said(
    as_: Any, alice: User, row: dict[str, str], words: str
) -> None:
    client, url = as_("alice"), reverse("calendar_sharing")
    row = {key: str(alice.pk) if value == "me" else value for key, value in row.items()}
    answer = client.post(url, as_sent(client.get(url).content.decode()) | row)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def starts(people: list[User], minutes: int, reader: User) -> list[str]:
    found = free_slots(
        [again(one) for one in people], minutes, dt.date(2026, 11, 26), reader=again(reader)
    )
    return [slot.start.astimezone(reader.tz).isoformat()[:16] for slot in found.slots]


def test_the_next_90_minutes_when_these_three_are_free(alice: User, bob: User, carol: User) -> None:
    """It is Thursday, 09:00; they work from 9 to 18."""
    make_event("One", actor=alice, start="2026-11-26 09:00", end="2026-11-26 11:00")
    make_event("Two", actor=bob, start="2026-11-26 12:00", end="2026-11-26 16:30")
    make_event("Three", actor=carol, start="2026-11-27", end="2026-11-27")
    found = starts([alice, bob, carol], 90, alice)
    assert found[0] == "2026-11-26T16:30"
    assert found[1] == "2026-11-30T09:00"  # Friday is Carol's, then comes the weekend


def test_holidays_of_the_organisation_are_free_for_nobody(alice: User) -> None:
    Organisation(holiday_countries=["IT"]).save()
    found = free_slots([again(alice)], 60, dt.date(2026, 12, 8), reader=again(alice))
    assert found.slots[0].start.date() == dt.date(2026, 12, 9)  # the 8th is a holiday in Italy


def test_who_keeps_the_calendar_private_is_named_and_not_reckoned_with(
    as_: Any, alice: User, carol: User
) -> None:
    Calendar.objects.create(user=carol, sharing="private")
    make_event("Hidden", actor=carol)
    page = as_("alice").get(
        reverse("calendar_free"),
        {"people": [alice.pk, carol.pk], "minutes": 60, "day": "2026-11-26"},
    )
    text = page.content.decode()
    assert "they do not share when they are busy: Carol Rossi" in text
    assert "start=2026-11-26T09%3A00" in text


def test_of_private_calendars_alone_nothing_is_known(as_: Any, carol: User) -> None:
    Calendar.objects.create(user=carol, sharing="private")
    asked = {"people": [carol.pk], "minutes": 60, "day": "2026-11-26"}
    text = as_("alice").get(reverse("calendar_free"), asked).content.decode()
    assert "Nothing is known of when they are free" in text
    assert "no such time" not in text


def test_a_found_time_opens_the_form_with_everybody(as_: Any, alice: User, bob: User) -> None:
    client = as_("alice")
    query = {"start": "2026-11-26T16:30", "end": "2026-11-26T18:00", "people": str(bob.pk)}
    sent = as_sent(client.get(reverse("event_create"), query).content.decode())
    assert sent["participants"] == [str(bob.pk)]
    assert (sent["start_time"], sent["end_time"]) == (["16:30"], ["18:00"])


def test_a_form_tells_how_it_repeats_and_the_next_twelve_dates(as_: Any, alice: User) -> None:
    """B8."""
    answer = as_("alice").post(
        reverse("activity_repeats"),
        {"starts_on": "2027-01-31", "repeat": "MONTHLY", "monthly_by": "day"},
    )
    text = answer.content.decode()
    assert "Sun 28 Feb 2027" in text
    assert "Wed 31 Mar 2027" in text
    assert text.count("<li>") == 12
    for wrong in ({}, {"starts_on": "x", "repeat": "DAILY"}, {"repeat": "?"}):
        assert as_("alice").post(reverse("activity_repeats"), wrong).status_code == 200
