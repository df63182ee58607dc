"""Undo of "Only this one": the date is the series' own again (E2)."""

import datetime as dt
from typing import Any

import pytest

from activities.actions import Reach, put_back, rejoin, remove_activity
from activities.models import Activity, ActivityType, Attendee, Booking, catalog
from crm.accounts.models import User
from crm.records.actions import restore_record
from crm.records.errors import ActionRefused, Outdated
from tests.activities.conftest import Read, fresh
from tests.activities.posting import moved, send
from tests.activities.taking_part.invited import letters, new_letters, news_of
from tests.factories import make_event, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEKS = ("2026-11-23", "2026-12-21")
MONDAY = dt.date(2026, 11, 30)
MONDAYS = [f"2026-{day}T10:00" for day in ("11-23", "11-30", "12-07", "12-14")]


@pytest.fixture
def mondays(alice: User) -> Activity:
    return make_event("Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO")


def one_moved(client: Any, series: Activity, **more: Any) -> tuple[Activity, str]:
    """An exception at three in the afternoon, and what takes it back."""
    times = moved(series, "2026-11-30T15:00", "2026-11-30T16:00") | more
    status, answer = send(client, "move", series, **times, on="2026-11-30", scope="one")
    assert status == 200
    return Activity.objects.get(series=series), answer["undo"]


def starts(read: Read, reader: User) -> list[str]:
    return [item.start for item in read(reader, *WEEKS)]


def test_one_that_was_moved_is_part_of_its_series_again(
    as_: Any, alice: User, mondays: Activity, read: Read
) -> None:
    client = as_("alice")
    one, undo = one_moved(client, mondays)
    client.post(undo)
    assert starts(read, alice) == MONDAYS
    assert fresh(mondays).left_out == []
    assert not fresh(mondays).exceptions.exists()
    assert fresh(one).is_trashed
    times = moved(fresh(mondays), "2026-12-08T10:00", "2026-12-08T11:00")
    send(client, "move", mondays, **times, on="2026-12-07", scope="all")
    assert [start[8:10] for start in starts(read, alice)] == ["24", "01", "08", "15"]


def test_one_that_was_shown_as_done_is_part_of_its_series_again(
    as_: Any, alice: User, mondays: Activity, read: Read
) -> None:
    client, done = as_("alice"), catalog().status_in("done", is_task=False)
    answer = send(client, "status", mondays, status=done.pk, on="2026-11-30", scope="one")[1]
    client.post(answer["undo"])
    assert {(item.status, "r" in item.flags) for item in read(alice, *WEEKS)} == {
        (mondays.status_id, True)
    }


def test_it_can_be_moved_out_again_and_taken_back_again(
    as_: Any, alice: User, mondays: Activity, read: Read
) -> None:
    client = as_("alice")
    for _turn in range(2):
        one, undo = one_moved(client, fresh(mondays))
        client.post(undo)
    assert starts(read, alice) == MONDAYS
    restore_record(one, actor=alice)  # nobody's place is taken by what was thrown away
    assert len(starts(read, alice)) == 5
    assert fresh(one).uid != mondays.uid


def test_what_was_one_of_its_own_before_only_moves_back(
    as_: Any, alice: User, mondays: Activity, read: Read
) -> None:
    client = as_("alice")
    one, _undo = one_moved(client, mondays)
    times = moved(fresh(one), "2026-12-01T09:00", "2026-12-01T10:00")
    client.post(send(client, "move", one, **times)[1]["undo"])
    assert fresh(one).series == mondays
    assert "2026-11-30T15:00" in starts(read, alice)


def test_what_somebody_changed_meanwhile_is_not_thrown_away(
    as_: Any, alice: User, mondays: Activity, read: Read
) -> None:
    client = as_("alice")
    one, undo = one_moved(client, mondays)
    times = moved(fresh(one), "2026-12-01T09:00", "2026-12-01T10:00")
    send(client, "move", one, **times)
    page = client.post(undo, follow=True).content.decode()
    assert "Somebody changed it meanwhile. Look at it again." in page
    assert not fresh(one).is_trashed
    with pytest.raises(Outdated):
        rejoin(fresh(one), actor=alice, expected_version=1)


def test_it_is_taken_back_once(as_: Any, alice: User, mondays: Activity, read: Read) -> None:
    client = as_("alice")
    _one, undo = one_moved(client, mondays)
    client.post(undo)
    assert client.post(undo).status_code == 404
    assert starts(read, alice) == MONDAYS
    with pytest.raises(ActionRefused):
        rejoin(fresh(mondays), actor=alice)
    remove_activity(fresh(mondays), actor=alice, on=MONDAY, reach=Reach.ONE)
    put_back(fresh(mondays), MONDAY, actor=alice)
    assert starts(read, alice) == MONDAYS


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 403), ("carol", 404)])
def test_only_who_may_change_it_takes_it_back(
    as_: Any, mondays: Activity, who: str, status: int
) -> None:
    one, undo = one_moved(as_("alice"), mondays)
    assert as_(who).post(undo).status_code == status
    assert fresh(one).is_trashed == (who == "alice")


def test_its_time_is_free_again_and_the_series_has_its_own(
    as_: Any, alice: User, read: Read
) -> None:
    blocking = next(row for row in catalog().types.values() if row.overlap == "block")
    assert isinstance(blocking, ActivityType)
    series = make_event(
        "Visits", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO", type=blocking
    )
    booked = set(Booking.objects.values_list("span", flat=True))
    client = as_("alice")
    _one, undo = one_moved(client, series)
    client.post(undo)
    assert set(Booking.objects.values_list("span", flat=True)) == booked


def test_a_colleague_s_one_comes_back(as_: Any, alice: User, bob: User, mondays: Activity) -> None:
    client = as_("alice")
    one, undo = one_moved(client, mondays, from_person=alice.pk, to_person=bob.pk)
    assert one.owner == bob
    client.post(undo)
    assert fresh(mondays).owner == alice
    assert fresh(mondays).occurs(MONDAY)


def test_guests_are_told_once_and_of_the_series(as_: Any, alice: User, weekly: Activity) -> None:
    client = as_("alice")
    _one, undo = one_moved(client, weekly)
    new_letters()
    client.post(undo)
    (letter,) = new_letters()
    assert (letter.method, "RRULE" in letter.event) == ("REQUEST", True)
    assert "EXDATE" not in letter.event


def test_what_nobody_was_told_of_nobody_is_told_again(
    as_: Any, alice: User, bob: User, weekly: Activity
) -> None:
    client, done = as_("alice"), catalog().status_in("done", is_task=False)
    answer = send(client, "status", weekly, status=done.pk, on="2026-11-30", scope="one")[1]
    assert (news_of(bob), new_letters()) == ([], [])
    client.post(answer["undo"])
    assert (news_of(bob), new_letters()) == ([], [])
    assert fresh(weekly).occurs(MONDAY)
    assert Attendee.objects.filter(activity=weekly).exists()


def test_who_was_asked_to_it_instead_of_another_hears_that_it_is_off(
    as_: Any, alice: User, carol: User
) -> None:
    dora = make_user("dora", role="colleague")
    series = make_event(
        "Round", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY", participants=[dora]
    )
    client = as_("alice")
    times = moved(series, "2026-11-30T10:00", "2026-11-30T11:00")
    people = {"from_person": dora.pk, "to_person": carol.pk}
    answer = send(client, "move", series, **times, **people, on="2026-11-30", scope="one")[1]
    told = len(letters())
    client.post(answer["undo"])
    assert sorted((letter.to, letter.method) for letter in letters()[told:]) == [
        (carol.email, "CANCEL"),
        (dora.email, "REQUEST"),
    ]
    assert set(Attendee.objects.filter(activity=series).values_list("user", flat=True)) == {dora.pk}
