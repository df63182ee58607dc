"""What the calendar posts: moving, copying, showing as, taking, removing, and taking it back."""

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from activities.models import Activity, catalog
from crm.accounts.models import User
from crm.accounts.rights import set_right
from tests.activities.conftest import Read, fresh
from tests.activities.posting import JSON, moved, send
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEK = ("2026-11-23", "2026-11-30")


@pytest.fixture
def event(alice: User) -> Activity:
    return make_event("Visit", actor=alice)


def test_a_drop_moves_it_and_can_be_taken_back(
    as_: Any, alice: User, event: Activity, read: Read
) -> None:
    """F2.41."""
    client = as_("alice")
    times = moved(event, "2026-11-27T15:00", "2026-11-27T16:30")
    status, answer = send(client, "move", event, **times)
    assert (status, answer["text"]) == (200, "Moved: Friday 27 November, 15:00.")
    assert [item[1:3] for item in read(alice, *WEEK)] == [("2026-11-27T15:00", "2026-11-27T16:30")]
    assert fresh(event).sequence == 1
    client.post(answer["undo"])
    assert [item[1:3] for item in read(alice, *WEEK)] == [("2026-11-26T10:00", "2026-11-26T11:00")]


def test_another_year_is_said(as_: Any, event: Activity) -> None:
    times = moved(event, "2027-01-04T15:00", "2027-01-04T16:00")
    _status, answer = send(as_("alice"), "move", event, **times)
    assert answer["text"] == "Moved: Monday 4 January 2027, 15:00."


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-26T10:00", "2026-11-26T11:30", "Thursday 26 November, 10:00–11:30"),
        (
            *("2026-11-26T10:00", "2026-11-27T09:00"),
            "Thursday 26 November, 10:00 – Friday 27 November, 09:00",
        ),
        ("2026-11-26T10:30", "2026-11-26T11:30", "Thursday 26 November, 10:30"),
    ],
)
def test_where_only_the_end_is_another_it_is_said(
    as_: Any, event: Activity, start: str, end: str, said: str
) -> None:
    _status, answer = send(as_("alice"), "move", event, **moved(event, start, end))
    assert answer["text"] == f"Moved: {said}."


def test_who_saw_an_older_version_is_told_so_and_nothing_moves(as_: Any, event: Activity) -> None:
    times = moved(event, "2026-11-27T15:00", "2026-11-27T16:00") | {"version": 99}
    assert send(as_("alice"), "move", event, **times)[1]["error"] == "stale"
    assert fresh(event).starts_on == dt.date(2026, 11, 26)


def test_who_saw_an_older_version_is_not_asked_whether_it_may_meet_something(
    as_: Any, alice: User, event: Activity
) -> None:
    make_event("In the way", actor=alice, start="2026-11-27 15:00")
    times = moved(event, "2026-11-27T15:00", "2026-11-27T16:00")
    assert send(as_("alice"), "move", event, **times)[1]["error"] == "overlap"
    assert send(as_("alice"), "move", event, **times | {"version": 99})[1]["error"] == "stale"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-27T15:00", "2026-11-27T14:00"),
        ("2026-11-27T15:00", "2029-11-27T16:00"),
        ("now", "then"),
        ("2026-11-27T15:00+02:00", "2026-11-27T16:00"),
        ("", ""),
        ("0001-01-01T00:00", "9999-12-31T23:59"),
        ("0001-01-01T00:00", "0001-01-01T01:00"),
        ("9999-12-31T23:00", "9999-12-31T23:59"),
    ],
)
def test_a_time_that_cannot_be_is_refused(as_: Any, event: Activity, start: str, end: str) -> None:
    status, answer = send(as_("alice"), "move", event, **moved(event, start, end))
    assert (status, answer["error"]) == (422, "refused")


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 403), ("carol", 404)])
@pytest.mark.parametrize("deed", ["move", "status", "remove"])
def test_only_who_may_change_it_changes_it(
    as_: Any, event: Activity, who: str, status: int, deed: str
) -> None:
    done = catalog().status_in("done", is_task=False)
    data = {"start": "2026-11-27T15:00", "end": "2026-11-27T16:00", "status": done.pk}
    answer = as_(who).post(reverse(f"activity_{deed}", args=[event.pk]), data)
    assert answer.status_code == status


def test_a_drop_on_a_colleague_s_column_gives_it_to_them(
    as_: Any, alice: User, bob: User, event: Activity, read: Read
) -> None:
    times = moved(event, "2026-11-26T10:00", "2026-11-26T11:00")
    client = as_("alice")
    status, answer = send(client, "move", event, **times, from_person=alice.pk, to_person=bob.pk)
    assert status == 200
    assert fresh(event).owner == bob
    assert read(alice, *WEEK) == []
    assert bob.notifications.count() == 1
    client.post(answer["undo"])
    assert fresh(event).owner == alice


def test_who_takes_part_is_replaced_by_who_gets_it(
    as_: Any, alice: User, bob: User, carol: User
) -> None:
    event = make_event("Together", actor=alice, participants=[bob])
    times = moved(event, "2026-11-26T10:00", "2026-11-26T11:00")
    send(as_("alice"), "move", event, **times, from_person=bob.pk, to_person=carol.pk)
    assert fresh(event).owner == alice
    assert list(event.participants.all()) == [carol]


def test_a_copy_is_another_one(as_: Any, alice: User, event: Activity, read: Read) -> None:
    """F2.42."""
    client = as_("alice")
    times = moved(event, "2026-11-27T10:00", "2026-11-27T11:00")
    status, answer = send(client, "copy", event, **times)
    assert status == 200
    assert len(read(alice, *WEEK)) == 2
    client.post(answer["undo"])
    assert len(read(alice, *WEEK)) == 1


def test_who_may_create_nothing_copies_nothing(as_: Any, alice: User, event: Activity) -> None:
    set_right(alice.role, "activity", change="none")
    times = moved(event, "2026-11-27T10:00", "2026-11-27T11:00")
    assert as_("alice").post(reverse("activity_copy", args=[event.pk]), times).status_code == 403
    assert Activity.objects.count() == 1


def test_show_as_is_two_clicks_and_can_be_taken_back(as_: Any, event: Activity) -> None:
    """F2.39."""
    client, done = as_("alice"), catalog().status_in("done", is_task=False)
    status, answer = send(client, "status", event, status=done.pk, version=event.version)
    assert (status, answer["text"]) == (200, "Shown as: Done.")
    assert fresh(event).category == "done"
    client.post(answer["undo"])
    assert fresh(event).category == "planned"


def test_a_status_of_tasks_is_none_for_events(as_: Any, event: Activity) -> None:
    status = catalog().status_in("done", is_task=True)
    assert send(as_("alice"), "status", event, status=status.pk)[0] == 422


def test_the_second_to_take_a_team_s_item_sees_who_was_first(
    as_: Any, alice: User, bob: User, team: Any
) -> None:
    event = make_event("Repair", owner=None, team=team, actor=alice)
    assert send(as_("bob"), "take", event)[0] == 200
    status, answer = send(as_("alice"), "take", event)
    assert (status, answer["text"]) == (422, "Bob Rossi has taken this already.")


def test_what_is_removed_comes_back_when_taken_back(as_: Any, alice: User, read: Read) -> None:
    series = make_event(
        "Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO"
    )
    client = as_("alice")
    weeks = ("2026-11-23", "2026-12-07")
    answer = send(client, "remove", series, on="2026-11-30", scope="one")[1]
    assert len(read(alice, *weeks)) == 1
    client.post(answer["undo"])
    assert len(read(alice, *weeks)) == 2
    answer = send(client, "remove", series, scope="all", on="2026-11-30")[1]
    assert read(alice, *weeks) == []
    client.post(answer["undo"])
    assert len(read(alice, *weeks)) == 2


def test_a_task_is_moved_by_its_due_date(as_: Any, alice: User) -> None:
    task = make_task("Write", actor=alice, given="2026-11-24", due="2026-11-26")
    times = moved(task, "2026-11-28", "2026-11-28", all_day="1")
    assert send(as_("alice"), "move", task, **times)[0] == 200
    now = fresh(task)
    assert (now.starts_on, now.ends_on, now.end_time) == (
        *(dt.date(2026, 11, 26), dt.date(2026, 11, 28), None),
    )


def test_times_are_those_of_the_one_who_drops_and_stay_in_the_event_s_zone(
    as_: Any, alice: User
) -> None:
    event = make_event("Call", actor=alice, zone="America/New_York", start="2026-11-26 09:00")
    times = moved(event, "2026-11-26T16:00", "2026-11-26T17:00")
    send(as_("alice"), "move", event, **times)
    now = fresh(event)
    assert (now.zone, now.start_time, now.end_time) == (
        *("America/New_York", dt.time(10), dt.time(11)),
    )


# --- what is not there ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["move", "copy", "status", "remove", "take"])
def test_what_is_gone_is_answered_as_what_is_not_to_be_seen(
    as_: Any, alice: User, event: Activity, name: str
) -> None:
    send(as_("alice"), "remove", event)
    secret = make_event("Secret", actor=alice)
    answers = []
    for who, key in (("alice", event.pk), ("alice", 10**6), ("carol", secret.pk)):
        answer = as_(who).post(reverse(f"activity_{name}", args=[key]), {}, **JSON)
        told = "There is nothing here, or it is not for you." in answer.content.decode()
        answers.append((answer.status_code, told))
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 404


def test_on_the_card_too_a_status_is_taken_back_and_one_stays_there(
    as_: Any, alice: User, event: Activity
) -> None:
    client = as_("alice")
    card = f"http://testserver{event.get_absolute_url()}"
    done = catalog().status_in("done", is_task=False)
    assert done
    url = reverse("activity_status", args=[event.pk])
    page = client.post(url, {"status": done.pk}, follow=True).content.decode()
    (undo,) = re.findall(r'action="([^"]+/undo/[^"]*)"', page)
    answer = client.post(undo.replace("&amp;", "&"), headers={"referer": card})
    assert (answer.status_code, answer.url) == (302, card)
    assert fresh(event).status_id == event.status_id
    answer = client.post(undo.replace("&amp;", "&"), headers={"referer": "https://evil.example/"})
    assert answer.url == event.get_absolute_url()
