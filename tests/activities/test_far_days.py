"""Days that people type and no calendar reaches: the first and the last that there are."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from activities.actions import Reach, When, move_activity
from activities.models import Activity
from crm.accounts.models import User
from tests.activities.conftest import ROME, Read, fresh
from tests.activities.test_activity_pages import post
from tests.factories import make_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEK = ("2026-11-23", "2026-11-30")
TOLD = "Give a date between 1900 and 2999."


# --- a series that never ends for anybody who lives ----------------------------------------------
@pytest.mark.parametrize("start", ["2026-11-26 10:00", "2026-11-26"])
def test_a_series_until_the_last_of_all_days_stands_in_the_calendar(
    as_: Any, alice: User, read: Read, start: str
) -> None:
    rule = "FREQ=DAILY;UNTIL=99991231"
    series = make_event("For ever", actor=alice, start=start, rule=rule)
    assert len(read(alice, *WEEK)) == 4
    Activity.objects.filter(pk=series.pk).update(last_on=dt.date.max)  # as it was stored once
    assert len(read(alice, *WEEK)) == 4
    assert as_("alice").get(reverse("calendar")).status_code == 200
    url = reverse("activity_create") + "?start=2026-11-27T10:30&end=2026-11-27T11:00"
    assert post(as_("alice"), url, subject="Meets it").status_code in (302, 422)


def test_a_series_of_so_many_times_may_reach_the_last_of_all_days(
    alice: User, read: Read
) -> None:
    rule = "FREQ=YEARLY;INTERVAL=999;COUNT=9"
    series = make_event("Seldom", actor=alice, start="2007-12-31", rule=rule)
    assert series.last_on is None
    assert len(read(alice, "2007-12-31", "2008-01-01")) == 1


@pytest.mark.parametrize("until", ["9999-12-31", "3000-01-01", "0001-01-01"])
def test_a_last_date_that_no_calendar_reaches_is_refused_beside_its_field(
    as_: Any, alice: User, until: str
) -> None:
    url = reverse("activity_create") + "?start=2026-11-26T10:00&end=2026-11-26T11:00"
    chosen = {"repeat": "DAILY", "repeat_end": "until", "repeat_until": until}
    answer = post(as_("alice"), url, subject="For ever", **chosen)
    assert answer.status_code == 422
    assert TOLD in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_last_date_that_is_not_asked_for_is_in_nobody_s_way(as_: Any, alice: User) -> None:
    url = reverse("activity_create") + "?start=2026-11-26T10:00&end=2026-11-26T11:00"
    chosen = {"repeat": "DAILY", "repeat_end": "", "repeat_until": "9999-12-31"}
    assert post(as_("alice"), url, subject="For ever", **chosen).status_code == 302


def test_a_last_date_moves_along_only_as_far_as_calendars_reach(alice: User) -> None:
    rule = "FREQ=WEEKLY;BYDAY=TH;UNTIL=29991226"
    series = make_event("Long", actor=alice, rule=rule)
    for _turn in range(2):
        start = fresh(series).starts_on
        later = start + dt.timedelta(days=5)
        when = When(later, dt.time(10), later, dt.time(11), ROME)
        move_activity(fresh(series), when, actor=alice, on=start, reach=Reach.ALL)
    assert fresh(series).rule.endswith("UNTIL=29991231")
