"""What is to do: the start page's list (F2.7), and what was missed of a series."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activities.actions.keeping import bring_up_to_date, series_left_behind
from activities.models import Activity, catalog
from crm.accounts.models import Team, User
from crm.accounts.rights import set_right
from crm.records.actions import trash_record
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def panel(client: Client) -> str:
    found = re.search(
        r'<section class="panel todo">.*?</section>', client.get("/").content.decode(), re.DOTALL
    )
    return found.group() if found else ""


def to_do(client: Client) -> list[str]:
    return re.findall(r'row-title covers" href="[^"]*"><bdi>(.*?)</bdi>', panel(client))


@pytest.fixture
def vans(alice: User) -> Activity:
    """Every Monday, and nobody has done anything yet: today is Thursday the 26th."""
    return make_task("Look after the vans", actor=alice, due="2026-11-16", rule="FREQ=WEEKLY")


# --- the list on the start page -------------------------------------------------------------------
def test_it_has_what_is_overdue_then_what_is_due_then_the_day_s_events(
    as_: Any, alice: User, bob: User
) -> None:
    make_event("Visit", actor=alice, start="2026-11-26 15:00")
    make_event("Yesterday", actor=alice, start="2026-11-25 15:00")
    make_event("Tomorrow", actor=alice, start="2026-11-27 15:00")
    make_event("Cancelled", actor=alice, start="2026-11-26 16:00", category="off")
    make_event("Taking part", actor=bob, start="2026-11-26 09:00", participants=[alice])
    make_task("Due", actor=alice, due="2026-11-26 17:00")
    make_task("Late", actor=alice, due="2026-11-02")
    make_task("Done", actor=alice, due="2026-11-26", category="done")
    make_task("Of Bob", actor=bob, due="2026-11-26")
    assert to_do(as_("alice")) == ["Late", "Due", "Taking part", "Visit"]


def test_nothing_to_do_is_said_and_who_sees_no_activities_has_no_list(
    as_: Any, alice: User
) -> None:
    assert "Nothing is due today." in panel(as_("alice"))
    set_right(alice.role, "activity", view="none", change="none", delete="none", export="none")
    assert panel(as_("alice")) == ""


def test_of_a_team_it_is_on_everybody_s_list_and_is_called_unclaimed(
    as_: Any, alice: User, bob: User, team: Team
) -> None:
    make_task("For whoever has time", actor=alice, owner=None, team=team)
    assert to_do(as_("bob")) == ["For whoever has time"]
    assert "unclaimed" in panel(as_("bob"))


def test_a_task_is_ticked_off_where_it_stands(as_: Any, alice: User) -> None:
    task = make_task("Call back", actor=alice)
    form = re.search(r"<form.*?</form>", panel(as_("alice")), re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group()))
    address = re.search(r'action="([^"]*)"', form.group())
    assert address is not None
    answer = as_("alice").post(address.group(1), fields)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
    task.refresh_from_db()
    assert task.category == "done"
    assert to_do(as_("alice")) == []


def test_who_may_not_change_it_has_nothing_to_tick(as_: Any, alice: User, bob: User) -> None:
    make_task("Of Bob", actor=bob, participants=[alice])
    set_right(alice.role, "activity", change="none")
    assert to_do(as_("alice")) == ["Of Bob"]
    assert "<form" not in panel(as_("alice"))


# --- what was missed of a series ------------------------------------------------------------------
def overdue(client: Client) -> str:
    return client.get("/activities/?tab=overdue&mine=on").content.decode()


def test_the_last_date_that_passed_is_overdue_while_the_next_one_is_coming(
    as_: Any, vans: Activity
) -> None:
    assert vans.missed_on == dt.date(2026, 11, 23)
    client = as_("alice")
    assert f"{vans.get_absolute_url()}?on=2026-11-23" in overdue(client)
    assert "Look after the vans" in client.get("/activities/?tab=coming").content.decode()
    assert to_do(client) == ["Look after the vans"]
    assert f"{vans.get_absolute_url()}?on=2026-11-23" in panel(client)


def test_done_it_is_not_overdue_and_the_one_before_it_is(
    as_: Any, vans: Activity, alice: User
) -> None:
    done = catalog().status_in("done", is_task=True)
    assert done is not None
    for missed in ("2026-11-23", "2026-11-16"):
        assert f"?on={missed}" in overdue(as_("alice"))
        facts = {"status": done.pk, "on": missed}
        as_("alice").post(reverse("activity_status", args=[vans.pk]), facts)
    assert "Look after the vans" not in overdue(as_("alice"))
    vans.refresh_from_db()
    assert (vans.missed_on, vans.category) == (None, "planned")


def test_a_series_of_events_is_never_missed(alice: User) -> None:
    meeting = make_event("Meeting", actor=alice, start="2026-11-16 10:00", rule="FREQ=WEEKLY")
    assert meeting.missed_on is None
    assert not meeting.is_overdue


def test_the_hourly_round_notices_that_a_date_has_passed(
    clock: Any, vans: Activity, alice: User
) -> None:
    clock.move_to(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC))
    assert series_left_behind() == [vans.pk]
    bring_up_to_date(vans.pk)
    vans.refresh_from_db()
    assert vans.missed_on == dt.date(2026, 11, 30)
    assert list(Activity.objects.visible_to(alice).overdue()) == [vans]


def test_one_with_a_time_of_day_is_missed_when_that_has_passed(clock: Any, alice: User) -> None:
    clock.move_to(dt.datetime(2026, 11, 26, 9, 59, tzinfo=dt.UTC))
    task = make_task("Ring", actor=alice, due="2026-11-26 11:00", rule="FREQ=DAILY")
    assert task.missed_on is None
    clock.move_to(dt.datetime(2026, 11, 26, 10, 1, tzinfo=dt.UTC))
    bring_up_to_date(task.pk)
    task.refresh_from_db()
    assert task.missed_on == dt.date(2026, 11, 26)


def test_in_the_trash_it_is_no_longer_to_do(as_: Any, vans: Activity, alice: User) -> None:
    trash_record(vans, actor=alice)
    assert to_do(as_("alice")) == []
    assert "Look after the vans" not in overdue(as_("alice"))


def test_when_every_date_is_done_nothing_is_overdue_any_more(as_: Any, alice: User) -> None:
    rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=2"
    task = make_task("Twice", actor=alice, due="2026-11-16", rule=rule)
    done = catalog().status_in("done", is_task=True)
    assert done is not None
    for day in ("2026-11-23", "2026-11-16"):
        as_("alice").post(
            reverse("activity_status", args=[task.pk]), {"status": done.pk, "on": day}
        )
    task.refresh_from_db()
    assert (task.late_at, task.missed_on, task.is_overdue) == (None, None, False)
    assert to_do(as_("alice")) == []
    assert "Twice" not in overdue(as_("alice"))


def test_what_was_there_before_is_reckoned_by_the_next_round(vans: Activity) -> None:
    Activity.objects.update(late_at=None)
    assert series_left_behind() == [vans.pk]
    bring_up_to_date(vans.pk)
    vans.refresh_from_db()
    assert vans.missed_on == dt.date(2026, 11, 23)
