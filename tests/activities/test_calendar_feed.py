"""What the calendar page is given: views, filters, the stamp, statements (F2.29, F2.30, E7)."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, Calendar, catalog
from crm.accounts.models import Organisation, User
from tests.factories import make_event, make_task, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FEED = reverse("calendar_feed")


def get(client: Any, **asked: Any) -> dict[str, Any]:
    answer = client.get(FEED, {"date": "2026-11-26", "view": "week"} | asked)
    assert answer.status_code == 200
    return dict(json.loads(answer.content))


def titles(data: dict[str, Any]) -> list[str]:
    return [item[7] for item in data["items"]]


def test_one_s_own_calendar_is_shown_unless_others_are_asked_for(
    as_: Any, alice: User, bob: User
) -> None:
    make_event("Mine", actor=alice)
    make_event("Bob's", actor=bob)
    client = as_("alice")
    assert titles(get(client)) == ["Mine"]
    assert set(titles(get(client, who=f"{alice.pk},{bob.pk}"))) == {"Mine", "Bob's"}
    assert titles(get(client, who=str(bob.pk))) == ["Bob's"]


@pytest.mark.parametrize(
    ("view", "since", "before"),
    [
        ("day", "2026-11-26", "2026-11-27"),
        ("week", "2026-11-23", "2026-11-30"),
        ("work-week", "2026-11-23", "2026-11-30"),
        ("list", "2026-11-23", "2026-11-30"),
        ("month", "2026-10-26", "2026-12-07"),
    ],
)
def test_a_view_shows_its_days(as_: Any, view: str, since: str, before: str) -> None:
    data = get(as_("alice"), view=view)
    assert (data["from"], data["to"]) == (since, before)


def test_the_week_starts_as_the_organisation_says(as_: Any) -> None:
    Organisation(first_day=7, working_days=[7, 1, 2, 3, 4]).save()
    data = get(as_("alice"))
    assert (data["from"], data["to"]) == ("2026-11-22", "2026-11-29")


def test_types_and_tasks_are_left_out_when_one_says_so(as_: Any, alice: User) -> None:
    call = next(row for row in catalog().types.values() if row.icon == "telephone")
    make_event("Call", actor=alice, type=call)
    make_event("Visit", actor=alice)
    make_task("Write", actor=alice)
    client = as_("alice")
    assert titles(get(client, types=str(call.pk))) == ["Call"]
    assert set(titles(get(client, tasks="0"))) == {"Call", "Visit"}


def test_nothing_new_is_said_in_no_words(as_: Any, alice: User, clock: Any) -> None:
    event = make_event("Visit", actor=alice)
    client = as_("alice")
    asked = {"date": "2026-11-26", "view": "week", "stamp": get(client)["stamp"]}
    assert client.get(FEED, asked).status_code == 204
    clock.shift(5)
    Activity.objects.get(pk=event.pk).save()
    assert client.get(FEED, asked).status_code == 200
    asked["stamp"] = get(client)["stamp"]
    Activity.objects.filter(pk=event.pk).update(trashed_at=dt.datetime.now(dt.UTC))
    assert client.get(FEED, asked).status_code == 200


def test_midnight_parts_days_and_what_ends_there_is_not_on_the_next(as_: Any, alice: User) -> None:
    """E7: half-open."""
    make_event("Late", actor=alice, start="2026-11-25 22:00", end="2026-11-26 00:00")
    make_event("Over", actor=alice, start="2026-11-25 23:00", end="2026-11-26 01:00")
    assert titles(get(as_("alice"), view="day")) == ["Over"]


def test_an_event_with_two_people_is_there_once(as_: Any, alice: User, bob: User) -> None:
    make_event("Both", actor=alice, participants=[bob])
    (item,) = get(as_("alice"), who=f"{alice.pk},{bob.pk}")["items"]
    assert sorted(item[6]) == sorted([alice.pk, bob.pk])


def test_holidays_are_named_in_the_reader_s_language(as_: Any, alice: User) -> None:
    Organisation(holiday_countries=["IT"]).save()
    User.objects.filter(pk=alice.pk).update(language="it")
    data = get(as_("alice"), date="2026-12-25")
    assert any("Natale" in name for name in data["holidays"]["2026-12-25"])


def test_a_month_of_many_is_counts_and_the_first_three_of_each_team(
    as_: Any, alice: User, admin: User
) -> None:
    ours, theirs = make_team("A team"), make_team("B team")
    people = [make_user(teams=[ours if n < 4 else theirs]) for n in range(7)]
    for person in people:
        for hour in (9, 10):
            make_event(f"At {hour}", actor=person, start=f"2026-11-26 {hour:02}:00")
    make_event("All", actor=people[0], participants=people[1:], start="2026-11-26 08:00")
    who = ",".join(str(person.pk) for person in people)
    data = get(as_("admin"), view="month", who=who)
    day = data["days"]["2026-11-26"]
    assert data["items"] == []
    assert day["count"] == 15
    assert [(group, count, len(first)) for group, count, first in day["groups"]] == sorted(
        [(-ours.pk, 9, 3), (-theirs.pk, 7, 3)]
    )
    assert day["groups"][0][2][0][7] == "All"


def test_the_number_of_statements_does_not_grow(as_: Any, alice: User, bob: User) -> None:
    client = as_("alice")
    asked = {"date": "2026-11-26", "view": "week", "who": f"{alice.pk},{bob.pk}"}

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(FEED, asked)
        return len(caught)

    make_event("First", actor=alice)
    statements()
    few = statements()
    for number in range(12):
        make_event(f"More {number}", actor=alice, participants=[bob], rule="FREQ=DAILY;COUNT=9")
    assert statements() == few
    assert few <= 6 + 2  # the session's and its user's own


def test_what_one_looked_at_last_is_remembered(as_: Any, alice: User, bob: User) -> None:
    client = as_("alice")
    chosen = {"view": "month", "group": "people", "who": f"{bob.pk},-1", "types": "", "tasks": "0"}
    assert client.post(reverse("calendar_remember"), chosen).status_code == 204
    kept = Calendar.objects.get(user=alice).shown
    assert kept == {
        "view": "month", "group": "people", "who": [bob.pk, -1], "types": [], "tasks": False,
    }  # fmt: skip
    page = client.get(reverse("calendar"))
    assert page.context["calendar_settings"]["view"] == "month"
    assert (
        client.get(reverse("calendar") + "?view=day").context["calendar_settings"]["view"] == "day"
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"view": "year"},
        {"date": "x"},
        {"date": "9999-12-31"},
        {"date": "0001-01-01", "view": "month"},
        {"who": "a,b,;drop"},
        {"who": "9" * 30},
        {"types": "-1,0"},
        {"who": ",".join(map(str, range(5000)))},
    ],
)
def test_nonsense_in_the_address_is_no_trouble(as_: Any, asked: dict[str, str]) -> None:
    assert as_("alice").get(FEED, asked).status_code == 200
    assert as_("alice").get(reverse("calendar"), asked).status_code == 200


def test_who_is_not_signed_in_gets_nothing(client: Any) -> None:
    assert client.get(FEED).status_code == 302
