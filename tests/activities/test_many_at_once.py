"""Many closed or moved from the list at once, and which part of a series is meant (F3.13, B9)."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.bulk import VERBS
from activities.models import Activity
from crm.accounts.models import User
from tests.activities.conftest import fresh
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def do(client: Client, name: str, *rows: Activity, **facts: str) -> None:
    facts = {"series": "next", "sure": "1"} | facts
    selected = {"selected": [row.pk for row in rows]}
    answer = client.post(reverse("bulk", args=["activity", name]), selected | facts)
    assert answer.status_code == 302


@pytest.fixture
def mondays(alice: User) -> Activity:
    return make_event("Weekly", actor=alice, start="2026-11-16 10:00", rule="FREQ=WEEKLY;BYDAY=MO")


def test_events_and_tasks_are_closed_each_with_its_own_status(as_: Any, alice: User) -> None:
    event, task = make_event("Visit", actor=alice), make_task("Call", actor=alice)
    do(as_("alice"), "close", event, task, category="done")
    assert {fresh(row).category for row in (event, task)} == {"done"}
    assert fresh(event).status != fresh(task).status


def test_of_a_series_the_next_date_alone_is_closed_unless_one_says_otherwise(
    as_: Any, mondays: Activity
) -> None:
    do(as_("alice"), "close", mondays, category="done")
    assert fresh(mondays).left_out == [dt.date(2026, 11, 30)]
    assert mondays.exceptions.get().category == "done"
    do(as_("alice"), "close", mondays, category="off", series="skip")
    assert fresh(mondays).category == "planned"
    do(as_("alice"), "close", mondays, category="off", series="whole")
    assert fresh(mondays).category == "off"


def test_of_a_series_of_tasks_it_is_the_date_that_was_missed(as_: Any, alice: User) -> None:
    task = make_task("Vans", actor=alice, due="2026-11-16", rule="FREQ=WEEKLY;BYDAY=MO")
    do(as_("alice"), "close", task, category="done")
    assert fresh(task).left_out == [dt.date(2026, 11, 23)]


def test_a_whole_series_that_is_moved_takes_its_rule_along(as_: Any, mondays: Activity) -> None:
    """The next date goes to the day that was said, the others as far."""
    do(as_("alice"), "move", mondays, day="2026-12-02", series="whole")
    moved = fresh(mondays)
    assert (moved.rule, moved.starts_on) == ("FREQ=WEEKLY;BYDAY=WE", dt.date(2026, 11, 18))
    dates = moved.dates(dt.date(2026, 11, 1), dt.date(2026, 12, 10))
    assert [day.day for day in dates] == [18, 25, 2, 9]


def test_of_a_series_the_next_date_alone_is_moved(as_: Any, mondays: Activity) -> None:
    do(as_("alice"), "move", mondays, day="2026-12-02")
    one = mondays.exceptions.get()
    assert (one.starts_on, one.start_time) == (dt.date(2026, 12, 2), dt.time(10))
    assert fresh(mondays).left_out == [dt.date(2026, 11, 30)]


def test_a_batch_that_is_done_again_changes_nothing_twice(alice: User, clock: Any) -> None:
    task = make_task("Vans", actor=alice, due="2026-11-16", rule="FREQ=WEEKLY;BYDAY=MO")
    asked = timezone.now().isoformat()
    params = {"series": "whole", "asked_at": asked, "day": "2026-12-02"}
    for _turn in range(2):
        clock.shift(dt.timedelta(seconds=1))
        VERBS["move"].prepare(params, alice)(fresh(task))
    assert (fresh(task).rule, fresh(task).ends_on) == (
        "FREQ=WEEKLY;BYDAY=WE",
        dt.date(2026, 11, 25),
    )


def test_a_whole_series_is_closed_when_none_of_its_dates_is_left(as_: Any, alice: User) -> None:
    task = make_task("Once", actor=alice, due="2026-11-23", rule="FREQ=WEEKLY;BYDAY=MO;COUNT=1")
    do(as_("alice"), "close", task, category="done")
    do(as_("alice"), "close", task, category="done", series="whole")
    assert fresh(task).category == "done"
