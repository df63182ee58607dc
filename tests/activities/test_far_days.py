"""Days that people type and no calendar reaches: the first and the last that there are."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from activities.actions import Reach, When, move_activity
from activities.models import Activity
from crm.accounts.models import User
from tests.activities.conftest import ROME, Read, fresh
from tests.activities.posting import send
from tests.activities.test_activity_pages import post
from tests.factories import make_event, make_task

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


def test_a_series_of_so_many_times_may_reach_the_last_of_all_days(alice: User, read: Read) -> None:
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


def test_all_of_a_series_do_not_move_to_where_no_calendar_reaches(as_: Any, alice: User) -> None:
    series = make_event("Old", actor=alice, start="1950-01-01 10:00", rule="FREQ=DAILY")
    times = {"start": "1900-01-01T10:00", "end": "1900-01-01T11:00"}
    assert send(as_("alice"), "move", series, **times, on="1960-01-01", scope="all")[0] == 422


# --- whatever a request says of a day ------------------------------------------------------------
FAR = ["0001-01-01", "1899-12-30", "3000-01-02", "9999-12-30", "9999-12-31"]
DAYS = [*FAR, "2026-02-31", "someday", "9999-12-31T23:30", "\x00", ""]
EVENT, TASK = "event_create", "task_create"


@pytest.mark.parametrize("day", DAYS)
def test_no_page_is_brought_down_by_a_day_in_its_address(as_: Any, alice: User, day: str) -> None:
    series = make_event("Daily", actor=alice, start="2026-11-20 23:00", rule="FREQ=DAILY")
    whole = make_event("Whole days", actor=alice, start="2026-11-20", rule="FREQ=DAILY")
    client = as_("alice")
    asked: list[tuple[str, list[int], dict[str, Any]]] = [
        *(
            ("calendar", [], {"view": view, "date": day})
            for view in ("day", "week", "month", "list")
        ),
        *(("calendar_feed", [], {"view": view, "date": day}) for view in ("day", "week", "month")),
        ("calendar_free", [], {"people": alice.pk, "minutes": 60, "day": day}),
        ("activity_stream", [], {"since": day}),
        ("activity_stream", [], {"until": day, "q": "x"}),
        ("activity_list", [], {"created_from": day, "updated_to": day, "tab": "all"}),
        ("activity_list", [], {"created_to": day, "updated_from": day, "when": day}),
        ("activity_create", [], {"start": day, "end": day}),
        ("activity_create", [], {"start": day, "task": "1"}),
        ("activity_create", [], {"end": day}),
        *(("activity_detail", [one.pk], {"on": day}) for one in (series, whole)),
        *(("activity_edit", [one.pk], {"on": day}) for one in (series, whole)),
        *(("activity_edit", [one.pk], {"on": day, "reach": "one"}) for one in (series, whole)),
        *(
            ("activity_edit", [one.pk], {"on": day, "reach": "following"})
            for one in (series, whole)
        ),
    ]
    for name, keys, query in asked:
        status = client.get(reverse(name, args=keys), query).status_code
        assert status in (200, 404, 422), (name, query, status)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_no_deed_is_brought_down_by_a_day_it_is_told(
    as_: Any, alice: User, day: str, zone: str
) -> None:
    client, at = as_("alice"), "" if "T" in day else "T00:30"
    series = make_event(
        "Overnight", actor=alice, start="2026-11-20 23:00", rule="FREQ=DAILY", zone=zone
    )
    task = make_task("Write", actor=alice, given="2026-11-01", zone=zone)
    times = {"start": day + at, "end": day + at}
    whole = {"start": day, "end": day, "all_day": "1"}
    for name in ("move", "copy"):
        for one in (series, task):
            assert send(client, name, one, **times)[0] in (200, 422)
            assert send(client, name, one, **whole)[0] in (200, 422)
        assert send(client, name, series, **times, on="2026-11-27", scope="all")[0] == 422
    for name in ("move", "copy", "status", "remove"):
        facts = {"start": "2026-11-27T10:00", "end": "2026-11-27T11:00", "on": day or "x"}
        url = reverse(f"activity_{name}", args=[series.pk])
        assert client.post(url, facts | {"status": series.status_id}).status_code == 404
    for query in ({"back": day}, whole, times):
        url = reverse("activity_undo", args=[series.pk], query=query)
        assert client.post(url).status_code in (302, 404)
    assert client.post(reverse("calendar_remember"), {"date": day}).status_code == 204
    assert fresh(series).starts_on == dt.date(2026, 11, 20)


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize(
    ("name", "field"),
    [(EVENT, "starts_on"), (EVENT, "ends_on"), (TASK, "starts_on"), (TASK, "ends_on")],
)
def test_a_form_says_beside_the_field_which_days_there_are(
    as_: Any, alice: User, name: str, field: str, day: str
) -> None:
    both = {"starts_on": day, "ends_on": day} | {field: day}
    rule = {"repeat": "WEEKLY", "weekdays": ["1"]}
    for more in ({}, rule):
        answer = post(as_("alice"), reverse(name), subject="Far away", **both, **more)
        assert answer.status_code == 422
        assert answer.context["form"].errors[field] == [TOLD]
    assert not Activity.objects.exists()


@pytest.mark.parametrize("task", ["", "1"])
def test_what_is_told_of_repetitions_while_they_are_typed_says_so_too(as_: Any, task: str) -> None:
    facts = {"repeat": "WEEKLY", "weekdays": ["1"], "task": task}
    url, field = reverse("activity_repeats"), "ends_on" if task else "starts_on"
    for day in FAR:
        assert TOLD in as_("alice").post(url, facts | {field: day}).content.decode()
    for day in ("someday", "2026-02-31", "", "2999-12-31", "1900-01-01"):
        assert as_("alice").post(url, facts | {field: day}).status_code == 200


def test_a_first_date_that_the_rule_moves_too_far_is_refused(as_: Any, alice: User) -> None:
    url = reverse("activity_create") + "?start=2999-12-31T10:00&end=2999-12-31T11:00"
    answer = post(as_("alice"), url, subject="Late", repeat="WEEKLY", weekdays=["1"])
    assert answer.status_code == 422
    assert TOLD in answer.content.decode()


@pytest.mark.parametrize("day", FAR)
def test_the_finder_says_which_days_there_are(as_: Any, alice: User, day: str) -> None:
    query = {"people": alice.pk, "minutes": 60, "day": day}
    answer = as_("alice").get(reverse("calendar_free"), query)
    assert answer.status_code == 422
    assert TOLD in answer.content.decode()


@pytest.mark.parametrize("day", FAR)
def test_many_are_not_moved_to_where_no_calendar_reaches(as_: Any, alice: User, day: str) -> None:
    """F3.13."""
    event = make_event("Visit", actor=alice)
    facts = {"selected": [event.pk], "series": "next", "day": day, "sure": "1"}
    answer = as_("alice").post(reverse("bulk", args=["activity", "move"]), facts)
    assert answer.status_code == 422
    assert TOLD in answer.content.decode()
    assert fresh(event).starts_on == dt.date(2026, 11, 26)
