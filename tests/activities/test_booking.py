"""Part of a series that nothing may meet moves a little: it does not meet itself (B13)."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from activities.models import Activity, Booking, catalog
from crm.accounts.models import User
from tests.activities.conftest import ROME, fresh
from tests.factories import make_event
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def visits(alice: User) -> Activity:
    blocking = next(row for row in catalog().types.values() if row.overlap == "block")
    return make_event(
        "Visit", actor=alice, type=blocking, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO"
    )


def booked(person: User, *days: str) -> list[str]:
    """From when to when on these days, whichever row has it."""
    spans = [row.span for row in Booking.objects.filter(person=person).order_by("span")]
    times = [(span.lower.astimezone(ROME), span.upper.astimezone(ROME)) for span in spans]
    return [f"{s:%m-%d %H:%M}–{e:%H:%M}" for s, e in times if s.date().isoformat() in days]


DAYS = ("2026-11-30", "2026-12-07", "2026-12-14")


def move(client: Any, visits: Activity, reach: str) -> int:
    facts = {"start": "2026-12-07T10:30", "end": "2026-12-07T11:30", "on": "2026-12-07"}
    version = str(fresh(visits).version)
    answer = client.post(
        reverse("activity_move", args=[visits.pk]), facts | {"reach": reach, "version": version}
    )
    return int(answer.status_code)


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        ("one", ["11-30 10:00–11:00", "12-07 10:30–11:30", "12-14 10:00–11:00"]),
        ("following", ["11-30 10:00–11:00", "12-07 10:30–11:30", "12-14 10:30–11:30"]),
        ("all", ["11-30 10:30–11:30", "12-07 10:30–11:30", "12-14 10:30–11:30"]),
    ],
)
def test_half_an_hour_later_is_not_in_its_own_way(
    as_: Any, alice: User, visits: Activity, reach: str, expected: list[str]
) -> None:
    assert move(as_("alice"), visits, reach) == 302
    assert booked(alice, *DAYS) == expected


@pytest.mark.parametrize("reach", ["one", "following"])
def test_what_is_in_its_way_leaves_all_as_it_was(
    as_: Any, alice: User, visits: Activity, reach: str
) -> None:
    make_event("Other", actor=alice, type=visits.type, start="2026-12-07 11:00")
    before = booked(alice, *DAYS)
    move(as_("alice"), visits, reach)
    assert booked(alice, *DAYS) == before
    assert fresh(visits).left_out == []
    assert fresh(visits).rule == "FREQ=WEEKLY;BYDAY=MO"


def test_an_exception_may_not_meet_another_date_of_its_series(
    as_: Any, alice: User, visits: Activity
) -> None:
    move(as_("alice"), visits, "one")
    one = visits.exceptions.get()
    facts = {"start": "2026-12-14T10:30", "end": "2026-12-14T11:30", "version": str(one.version)}
    as_("alice").post(reverse("activity_move", args=[one.pk]), facts)
    assert fresh(one).starts_on == dt.date(2026, 12, 7)
    assert booked(alice, "2026-12-14") == ["12-14 10:00–11:00"]


def test_what_is_left_of_a_series_that_the_form_splits_stays_booked(
    as_: Any, alice: User, visits: Activity
) -> None:
    url = reverse("activity_edit", args=[visits.pk]) + "?on=2026-12-07&reach=following"
    client = as_("alice")
    sent = as_sent(client.get(url).content.decode())
    answer = client.post(url, sent | {"start_time": "12:00", "end_time": "13:00"})
    assert answer.status_code == 302, answer.content.decode()
    expected = ["11-30 10:00–11:00", "12-07 12:00–13:00", "12-14 12:00–13:00"]
    assert booked(alice, "2026-11-30", "2026-12-07", "2026-12-14") == expected
