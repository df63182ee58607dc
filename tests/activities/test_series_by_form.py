"""A form moves a series, or the rest of one, and what differs from it goes along (E2, B9)."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.actions import Reach, move_activity, remove_activity
from activities.models import Activity
from crm.accounts.models import User
from tests.activities.conftest import Read, fresh
from tests.activities.reminders.reminding import when
from tests.factories import make_event
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAYS = [dt.date(2026, 12, day) for day in (7, 14, 21)]


@pytest.fixture
def mondays(alice: User) -> Activity:
    """Without 7 December, at three on the 14th, of Mondays from 23 November at ten."""
    series = make_event(
        "Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO"
    )
    remove_activity(series, actor=alice, on=DAYS[0], reach=Reach.ONE)
    three = when("2026-12-14 15:00", "2026-12-14 16:00")
    move_activity(fresh(series), three, actor=alice, on=DAYS[1], reach=Reach.ONE)
    return fresh(series)


def save(client: Client, series: Activity, reach: str, on: str, **typed: Any) -> None:
    url = f"{reverse('activity_edit', args=[series.pk])}?on={on}&reach={reach}"
    answer = client.post(url, as_sent(client.get(url).content.decode()) | typed)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize(
    ("reach", "starts_on", "before"),
    [("all", "2026-11-24", "2026-11-24T10:00"), ("following", "2026-12-01", "2026-11-23T10:00")],
)
def test_moved_to_tuesdays_each_stays_the_same_one_of_the_row(
    as_: Any, alice: User, read: Read, mondays: Activity, reach: str, starts_on: str, before: str
) -> None:
    tuesdays = {"starts_on": starts_on, "ends_on": starts_on, "weekdays": ["2"]}
    save(as_("alice"), mondays, reach, "2026-11-30", **tuesdays)
    assert [item.start for item in read(alice, "2026-11-23", "2026-12-26")] == [
        *(before, "2026-12-01T10:00"),
        *("2026-12-14T15:00", "2026-12-22T10:00"),
    ]
    changed = Activity.objects.exclude(rule="").latest("pk")
    assert changed.left_out == [dt.date(2026, 12, 8), dt.date(2026, 12, 15)]
    assert changed.exceptions.get().occurs_on == dt.date(2026, 12, 15)


def test_what_has_another_rhythm_leaves_dates_as_they_were(
    as_: Any, alice: User, mondays: Activity
) -> None:
    day = {"starts_on": "2026-11-30", "ends_on": "2026-11-30"}
    save(as_("alice"), mondays, "all", "2026-11-30", every="2", **day)
    assert fresh(mondays).left_out == [DAYS[0], DAYS[1]]
    assert mondays.exceptions.get().occurs_on == DAYS[1]


def test_a_change_of_times_alone_moves_no_date(as_: Any, alice: User, mondays: Activity) -> None:
    save(as_("alice"), mondays, "all", "2026-11-30", start_time="11:00", end_time="12:00")
    assert fresh(mondays).left_out == [DAYS[0], DAYS[1]]
    assert mondays.exceptions.get().occurs_on == DAYS[1]
