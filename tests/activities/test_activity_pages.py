"""Forms, cards and lists of events and tasks (F1.7 – F1.15, F2.31 – F2.37, F3.3 – F3.11)."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Activity, catalog
from crm.accounts.models import User
from tests.activities.conftest import Read, fresh
from tests.factories import make_company, make_event, make_person, make_task
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEK = ("2026-11-23", "2026-11-30")


def post(client: Client, url: str, **changes: Any) -> Any:
    """The form as the page shows it, with changes."""
    return client.post(url, as_sent(client.get(url).content.decode()) | changes)


def test_an_event_is_made_for_oneself_unless_said_otherwise(
    as_: Any, alice: User, read: Read
) -> None:
    """F2.31, F2.32, F2.34."""
    url = reverse("activity_create") + "?start=2026-11-26T10:00&end=2026-11-26T11:30"
    answer = post(as_("alice"), url, subject="Visit F.I.A.T.")
    event = Activity.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    assert (event.owner, event.created_by, event.zone) == (alice, alice, "Europe/Rome")
    assert [(item.start, item.end) for item in read(alice, *WEEK)] == [
        ("2026-11-26T10:00", "2026-11-26T11:30")
    ]


def test_a_subject_is_needed_and_nothing_typed_is_lost(as_: Any, alice: User) -> None:
    """F2.35."""
    url = reverse("event_create")
    answer = post(as_("alice"), url, subject="", place="Corso Agnelli", notes="Bring the ladder")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Corso Agnelli" in page
    assert "Bring the ladder" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "2026-11-25"}, "The end is before the start."),
        ({"end_time": "09:00"}, "The end is before the start."),
        ({"end_time": ""}, "Give a time, or say that it lasts all day."),
        ({"ends_on": "2028-11-25"}, "An activity lasts a year at most."),
        ({"owner": ""}, "Say who is responsible: a person or a team."),
        ({"repeat": "WEEKLY", "repeat_end": "until"}, "This field is required."),
        ({"estimate": "0"}, "greater than or equal to 1."),
        ({"estimate": "-5"}, "greater than or equal to 1."),
        (
            {"repeat": "WEEKLY", "repeat_end": "until", "repeat_until": "2026-11-01"},
            "This is before the first date.",
        ),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    as_: Any, alice: User, changes: dict[str, str], words: str
) -> None:
    url = reverse("activity_create") + "?start=2026-11-26T10:00&end=2026-11-26T11:30"
    answer = post(as_("alice"), url, subject="Visit", **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_task_has_a_start_a_due_date_and_a_priority(as_: Any, alice: User, read: Read) -> None:
    """F3.10, F0.13."""
    url = reverse("task_create")
    answer = post(
        as_("alice"),
        url,
        subject="Send the quote",
        ends_on="2026-11-28",
        end_time="17:00",
        priority="1",
    )
    assert answer.status_code == 302, answer.content.decode()
    task = Activity.objects.get()
    assert (task.is_task, task.starts_on, task.get_priority_display()) == (
        *(True, dt.date(2026, 11, 26), "High"),
    )
    assert [(item.start, item.flags) for item in read(alice, *WEEK)] == [("2026-11-28T17:00", "te")]


def test_from_a_customer_s_card_the_customer_is_there_already(as_: Any, alice: User) -> None:
    """F1.13, F3.4, and of a person also the company they work for."""
    company = make_company("F.I.A.T. S.p.A.", owner=alice, actor=alice)
    answer = post(as_("alice"), f"{reverse('event_create')}?customer={company.pk}", subject="Call")
    assert answer.status_code == 302
    assert Activity.objects.get().customer == company


def test_it_shows_on_the_card_of_every_customer_it_is_linked_to(
    as_: Any, alice: User, bob: User
) -> None:
    """F1.14, F1.15, F3.7."""
    first, second = (make_company(name, owner=alice, actor=alice) for name in ("First", "Second"))
    person = make_person("Ferri", owner=alice, actor=alice)
    guest = make_person("Guest", owner=alice, actor=alice)
    client = as_("alice")
    answer = post(
        client,
        reverse("event_create"),
        subject="Kick-off together",
        customer=first.pk,
        contact_person=person.pk,
        other_customers=[second.pk],
        guests=[guest.pk],
        participants=[bob.pk],
    )
    assert answer.status_code == 302, answer.content.decode()
    event = Activity.objects.get()
    assert list(event.participants.all()) == [bob]
    for contact in (first, second, person, guest):
        assert "Kick-off together" in client.get(contact.get_absolute_url()).content.decode()


def test_it_is_on_the_calendars_of_all_who_take_part(alice: User, bob: User, read: Read) -> None:
    """F1.12: in one step."""
    make_event("Meeting", actor=alice, participants=[bob])
    assert [item.people for item in read(bob, *WEEK, of=[alice, bob])] == [[alice.pk, bob.pk]]
    assert [item.people for item in read(bob, *WEEK)] == [[bob.pk]]


def test_a_series_is_made_and_starts_on_a_date_that_its_rule_gives(as_: Any, alice: User) -> None:
    """B30: Thursday is no Monday; the first one is the Monday after it."""
    url = reverse("activity_create") + "?start=2026-11-26T10:00&end=2026-11-26T11:00"
    answer = post(as_("alice"), url, subject="Weekly", repeat="WEEKLY", every="2", weekdays=["1"])
    assert answer.status_code == 302, answer.content.decode()
    event = Activity.objects.get()
    assert (event.starts_on, event.rule) == (
        *(dt.date(2026, 11, 30), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    )


def test_opening_and_saving_changes_nothing_whenever_that_is(
    as_: Any, alice: User, clock: Any
) -> None:
    """B10: not even when the clocks change, in a zone that is not the reader's."""
    event = make_event(
        "Call",
        actor=alice,
        zone="America/New_York",
        start="2026-10-30 10:00",
        rule="FREQ=WEEKLY;BYDAY=MO,FR;COUNT=12",
    )
    facts = Activity.objects.values().get(pk=event.pk)
    for moment in ("2026-03-29 00:30Z", "2026-10-25 00:30Z", "2026-11-01 05:30Z"):
        clock.move_to(dt.datetime.fromisoformat(moment.replace("Z", "+00:00")))
        client = as_("alice")
        assert post(client, reverse("activity_edit", args=[event.pk])).status_code == 302
        now = Activity.objects.values().get(pk=event.pk)
        derived = ("starts_at", "ends_at", "late_at")  # of the occurrence that comes next
        assert {k: v for k, v in now.items() if k not in derived} == {
            k: v for k, v in facts.items() if k not in derived
        }


@pytest.mark.parametrize(("reach", "count"), [("one", 2), ("following", 2), ("all", 1)])
def test_a_series_is_edited_as_far_as_one_says(
    as_: Any, alice: User, reach: str, count: int
) -> None:
    """B9, by the form; the question comes first."""
    event = make_event("Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO")
    client = as_("alice")
    url = reverse("activity_edit", args=[event.pk]) + "?on=2026-12-07"
    question = client.get(url).content.decode()
    assert f"?on=2026-12-07&amp;reach={reach}" in question
    answer = post(client, f"{url}&reach={reach}", subject="Other")
    assert answer.status_code == 302, answer.content.decode()
    assert Activity.objects.count() == count
    changed = Activity.objects.get(subject="Other")
    assert changed.starts_on == dt.date(2026, 11, 23 if reach == "all" else 30) or reach != "all"
    if reach == "one":
        assert fresh(event).left_out == [dt.date(2026, 12, 7)]
    if reach == "following":
        assert fresh(event).rule.endswith("UNTIL=20261206")
        assert (changed.starts_on, changed.rule) == (
            *(dt.date(2026, 12, 7), "FREQ=WEEKLY;BYDAY=MO"),
        )


def test_the_list_is_cut_as_people_ask_for_it(as_: Any, alice: User, bob: User) -> None:
    """F3.13: due this week, calls planned, overdue, mine."""
    call = next(row for row in catalog().types.values() if row.icon == "telephone")
    make_task("Late task", actor=alice, due="2026-11-20")
    make_task("Done task", actor=alice, due="2026-11-20", category="done")
    make_event("Call them", actor=alice, type=call, start="2026-11-27 10:00")
    make_event("Far away", actor=alice, start="2027-02-01 10:00")
    make_event("Of Bob", owner=bob, actor=bob, participants=[alice], start="2026-11-26 15:00")
    make_event("Bob alone", owner=bob, actor=bob, start="2026-11-26 15:00")
    client = as_("alice")

    def titles(query: str) -> set[str]:
        page = client.get(f"{reverse('activity_list')}?{query}").content.decode()
        names = ("Late task", "Done task", "Call them", "Far away", "Of Bob", "Bob alone")
        return {name for name in names if name in page}

    assert titles("tab=all&overdue=on") == {"Late task"}
    assert titles("tab=all&when=week&open=on") == {"Call them", "Of Bob", "Bob alone"}
    assert titles(f"tab=all&type={call.pk}") == {"Call them"}
    assert titles("tab=all&mine=on&when=today") == {"Of Bob"}
    assert titles("tab=all&my_teams=on&when=today") == {"Of Bob", "Bob alone"}
    assert titles("tab=closed") == {"Done task"}


def test_the_card_tells_what_a_reader_may_know(as_: Any, alice: User, bob: User) -> None:
    hidden = make_company("Secret & Sons", owner=alice, is_restricted=True, actor=alice)
    event = make_event("Visit", owner=bob, actor=alice, customer=hidden)
    assert "Secret" in as_("alice").get(event.get_absolute_url()).content.decode()
    client = as_("bob")
    assert "Secret" not in client.get(event.get_absolute_url()).content.decode()
    edit = reverse("activity_edit", args=[event.pk])
    assert "Secret" not in client.get(edit).content.decode()
    assert post(client, edit, subject="Visit them").status_code == 302
    assert fresh(event).customer == hidden


def test_an_occurrence_that_is_none_is_not_found(as_: Any, alice: User) -> None:
    event = make_event("Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO")
    client, url = as_("alice"), event.get_absolute_url()
    assert client.get(f"{url}?on=2026-11-30").status_code == 200
    for wrong in ("2026-11-29", "2026-13-45", "x", "9999-99-99"):
        assert client.get(f"{url}?on={wrong}").status_code == 404
