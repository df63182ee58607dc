"""What cards, histories and questions say of an activity: in words, and only what is so."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from activities.clashes import Clash
from activities.models import Activity
from activities.recurrence import Rule, described, described_alone
from crm.accounts.models import User
from crm.records.actions import save_record
from crm.records.history import events_of
from tests.factories import make_event
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- the history ----------------------------------------------------------------------------------
def test_a_history_tells_days_times_and_rules_in_words(as_: Any, alice: User) -> None:
    event = make_event(
        "Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO,WE"
    )
    event.rule, event.starts_on = "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270119", dt.date(2026, 11, 16)
    event.ends_on, event.start_time = event.starts_on, dt.time(9, 30)
    save_record(event, actor=alice)
    history = reverse("timeline_panel", args=["activity", event.pk])
    page = as_("alice").get(history).content.decode()
    assert "FREQ=" not in page
    assert "Every week on Monday and Wednesday" in page
    assert "Every week on Monday, until 19 January 2027" in page
    assert "23 Nov 2026" in page
    assert "23 Nov 2026, 00:00" not in page
    assert "09:30" in page
    assert "09:30:00" not in page


FIRSTS = [dt.date(2026, 1, 31), dt.date(2028, 2, 29), dt.date(2026, 11, 30), dt.date(2026, 7, 14)]


@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize(
    "options",
    [
        {"freq": "DAILY", "interval": 3},
        {"freq": "WEEKLY", "weekdays": (1, 5), "count": 7},
        {"freq": "MONTHLY"},
        {"freq": "MONTHLY", "month_end": "last", "interval": 2},
        {"freq": "MONTHLY", "by": "weekday", "nth": 2},
        {"freq": "YEARLY"},
        {"freq": "YEARLY", "by": "weekday", "nth": -1, "until": dt.date(2040, 1, 1)},
    ],
)
def test_a_rule_says_the_same_without_its_first_date(
    first: dt.date, options: dict[str, Any]
) -> None:
    rule = Rule(**options)
    assert described_alone(rule.text(first)) == described(rule, first)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=WEEKLY", "Every week"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", "Every 2 weeks, 3 times"),
        ("FREQ=MONTHLY", "Every month"),
        ("FREQ=YEARLY;INTERVAL=4", "Every 4 years"),
    ],
)
def test_what_a_rule_leaves_to_its_first_date_stays_unsaid(text: str, words: str) -> None:
    assert described_alone(text) == words


def test_a_history_tells_that_who_took_part_became_responsible(
    as_: Any, alice: User, bob: User
) -> None:
    event = make_event("Visit", actor=alice, participants=[bob])
    url = reverse("activity_edit", args=[event.pk])
    mine = as_sent(as_("alice").get(url).content.decode()) | {"owner": str(bob.pk)}
    assert as_("alice").post(url, mine).status_code == 302
    (change,) = (
        change
        for line in events_of(event)
        for change in line.changes
        if change["field"] == "participants" and line.verb == "changed"
    )
    assert (change["old"], change["new"]) == ([str(bob)], [])


# --- two who edit at once -------------------------------------------------------------------------
def test_only_what_is_different_is_asked_about(as_: Any, alice: User) -> None:
    event = make_event("Visit", actor=alice)
    url = reverse("activity_edit", args=[event.pk])
    mine = as_sent(as_("alice").get(url).content.decode()) | {"subject": "Of mine"}
    event.refresh_from_db()
    event.place = "Como"
    save_record(event, actor=alice)
    answer = as_("alice").post(url, mine)
    assert answer.status_code == 409
    found = {item.name: item.is_touched for item in answer.context["differences"]}
    assert found == {"subject": True, "place": False}


def test_a_rule_that_was_chosen_is_asked_about(as_: Any, alice: User) -> None:
    event = make_event("Visit", actor=alice)
    url = reverse("activity_edit", args=[event.pk])
    mine = as_sent(as_("alice").get(url).content.decode()) | {
        "repeat": "MONTHLY",
        "month_end": "skip",
        "reminders-0-minutes": "10",
        "reminders-0-channel": "both",
    }
    event.refresh_from_db()
    event.place = "Como"
    save_record(event, actor=alice)
    answer = as_("alice").post(url, mine)
    found = {item.name for item in answer.context["differences"] if item.is_touched}
    assert found == {"repeat", "month_end", "reminders"}


# --- what it would meet ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-12-25T10:00", "2026-12-25T11:30", "Ann: Visit, Fri 25 Dec 10:00–11:30"),
        ("2026-12-25T00:00", "2026-12-26T00:00", "Ann: Visit, Fri 25 Dec"),
        ("2026-06-01T00:00", "2026-06-03T00:00", "Ann: Visit, Mon 1 Jun – Tue 2 Jun"),
        ("2026-06-01T22:00", "2026-06-02T02:00", "Ann: Visit, Mon 1 Jun 22:00 – Tue 2 Jun 02:00"),
    ],
)
def test_a_clash_is_told_by_days_and_times_as_they_are(start: str, end: str, words: str) -> None:
    moments = (dt.datetime.fromisoformat(text) for text in (start, end))
    assert str(Clash("Ann", "Visit", *moments)) == words


# --- the card -------------------------------------------------------------------------------------
def test_a_card_tells_of_the_reminders(as_: Any, alice: User) -> None:
    event: Activity = make_event("Visit", actor=alice)
    event.reminders.create(minutes=10, channel="both")
    page = as_("alice").get(event.get_absolute_url()).content.decode()
    assert "10 minutes before" in page


def test_a_card_without_facts_has_no_panel_for_them(as_: Any, alice: User) -> None:
    event = make_event("Visit", actor=alice)
    assert "Details" not in as_("alice").get(event.get_absolute_url()).content.decode()
    event.place = "Como"
    save_record(event, actor=alice)
    assert "Details" in as_("alice").get(event.get_absolute_url()).content.decode()
