"""What a series owes, and who splits, moves or cuts it."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from activities.actions import Reach, change_activity, move_activity, remove_activity, set_status
from activities.actions.reminding import plan_next_of_series
from activities.models import Activity
from crm.accounts.models import User
from crm.records.actions import restore_record, trash_record
from tests.activities.reminders.reminding import CANCELLED, at, dues, owed_of, status, wanting, when
from tests.factories import make_event
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = 24 * 60
DAILY = "FREQ=DAILY"


def test_a_series_has_the_reminders_of_two_weeks(alice: User) -> None:
    daily = wanting(make_event(start="2026-11-20 10:00", rule=DAILY, owner=alice, actor=alice), 30)
    assert (dues(daily)[0], dues(daily)[-1], len(dues(daily))) == ("11-26 09:30", "12-09 09:30", 14)
    early = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 7 * DAY)
    assert (dues(early)[0], dues(early)[-1]) == ("11-26 10:00", "12-09 10:00")
    assert owed_of(early)[0].occurs_on == dt.date(2026, 12, 3)


def test_a_series_gets_those_of_the_next_days_as_time_goes_by(alice: User, clock: Any) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30, channel="mail")
    assert plan_next_of_series() == 0
    clock.move_to(at("2026-11-29 12:00"))
    assert plan_next_of_series() == 1
    assert plan_next_of_series() == 0
    assert dues(daily)[-1] == "12-13 09:30"
    assert len(owed_of(daily)) == 18, "and what is late stays owed"


def test_after_minutes_of_a_series_are_looked_for_as_far_back(alice: User) -> None:
    daily = make_event(start="2026-11-01 10:00", rule=DAILY, owner=alice, actor=alice)
    wanting(daily, -20 * DAY)
    assert dues(daily)[0] == "11-26 10:00"
    assert owed_of(daily)[0].occurs_on == dt.date(2026, 11, 6)


def test_all_series_are_paged_through(alice: User, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("activities.actions.reminding.PAGE", 2)
    for number in range(5):
        wanting(make_event(f"{number}", rule=DAILY, owner=alice, actor=alice), 30)
    make_event("without", rule=DAILY, owner=alice, actor=alice)
    trash_record(wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30), actor=alice)
    clock.move_to(at("2026-11-27 12:00"))
    assert plan_next_of_series() == 5


def test_a_series_that_lacks_nothing_costs_no_statement_of_its_own(
    alice: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        wanting(make_event(f"{number}", rule=DAILY, owner=alice, actor=alice), 30)
    with django_assert_max_num_queries(7):
        plan_next_of_series()


def test_a_date_that_is_taken_out_is_not_reminded_of(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    remove_activity(daily, actor=alice, on=dt.date(2026, 11, 28), reach=Reach.ONE)
    assert {str(row.occurs_on) for row in owed_of(daily, state=CANCELLED)} == {"2026-11-28"}
    assert len(dues(daily)) == 13


def test_an_occurrence_that_differs_has_its_own_and_nothing_is_owed_twice(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    at_three = when("2026-11-28 15:00", "2026-11-28 16:00")
    one = move_activity(daily, at_three, actor=alice, on=dt.date(2026, 11, 28), reach=Reach.ONE)
    assert dues(one) == ["11-28 14:30"]
    assert "11-28 09:30" not in dues(daily)
    set_status(daily, status("done"), actor=alice, on=dt.date(2026, 11, 27), reach=Reach.ONE)
    assert "11-27 09:30" not in dues(daily)


def test_a_series_that_is_split_owes_each_date_once(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)

    def later(one: Activity) -> None:
        one.start_time, one.end_time = dt.time(15), dt.time(16)

    rest = change_activity(
        daily, later, actor=alice, on=dt.date(2026, 12, 1), reach=Reach.FOLLOWING
    )
    assert dues(daily) == [f"11-{day} 09:30" for day in range(26, 31)]
    assert (dues(rest)[0], dues(rest)[-1]) == ("12-01 14:30", "12-09 14:30")
    remove_activity(rest, actor=alice, on=dt.date(2026, 12, 3), reach=Reach.FOLLOWING)
    assert dues(rest) == ["12-01 14:30", "12-02 14:30"]


def test_a_series_that_is_moved_as_a_whole_moves_its_reminders(alice: User) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    at_three = when("2026-11-28 15:00", "2026-11-28 16:00")
    move_activity(daily, at_three, actor=alice, on=dt.date(2026, 11, 28), reach=Reach.ALL)
    assert (dues(daily)[0], dues(daily)[-1]) == ("11-26 14:30", "12-09 14:30")


def test_a_series_out_of_the_trash_has_its_reminders_at_once(alice: User, clock: Any) -> None:
    daily = wanting(make_event(rule=DAILY, owner=alice, actor=alice), 30)
    trash_record(daily, actor=alice)
    clock.move_to(at("2026-12-20 09:00"))
    restore_record(daily, actor=alice)
    assert dues(daily)[0] == "12-20 09:30"


@pytest.mark.parametrize("reach", ["one", "following"])
def test_a_part_taken_out_by_the_form_owes_its_reminders(as_: Any, alice: User, reach: str) -> None:
    series = make_event(rule="FREQ=WEEKLY", owner=alice, actor=alice)
    day = wanting(series, 30).starts_on + dt.timedelta(days=7)
    client = as_("alice")
    url = f"{reverse('activity_edit', args=[series.pk])}?on={day.isoformat()}&reach={reach}"
    sent = as_sent(client.get(url).content.decode())
    answer = client.post(url, sent | {"start_time": "12:00", "end_time": "13:00"})
    assert answer.status_code == 302, answer.content.decode()
    part = Activity.objects.exclude(pk=series.pk).get()
    assert dues(part) == [f"{day:%m-%d} 11:30"]
