"""Who sees what of whose calendar (E11, E12)."""

from typing import Any

import pytest

from activities.models import Activity, Calendar, Grant, access
from activities.sharing import Level, levels_for
from crm.accounts.models import User
from crm.accounts.rights import set_right
from crm.records.access import people_with_access
from crm.records.fetch import allows
from tests.activities.conftest import Read
from tests.factories import make_company, make_event, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEK = ("2026-11-23", "2026-11-30")


@pytest.fixture
def dave(colleague: Any) -> User:
    """In no team, as Carol; his calendar is asked for."""
    return make_user("dave", role="colleague")


def share(user: User, sharing: str = "busy", **grants: str) -> Calendar:
    """`share(dave, "private", details=carol)`."""
    calendar, _made = Calendar.objects.update_or_create(user=user, defaults={"sharing": sharing})
    for level, to in grants.items():
        key = "user" if isinstance(to, User) else "team"
        Grant.objects.create(calendar=calendar, level=level, **{key: to})
    return calendar


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("sharing", "titles"), [("private", []), ("busy", [""]), ("public", ["Dentist"])]
)
def test_a_calendar_shows_what_its_owner_shares(
    carol: User, dave: User, read: Read, sharing: str, titles: list[str]
) -> None:
    make_event("Dentist", actor=dave)
    share(dave, sharing)
    assert [item.title for item in read(carol, *WEEK, of=[dave])] == titles


def test_busy_says_when_and_nothing_else(carol: User, dave: User, read: Read) -> None:
    company = make_company("Secret & Sons", owner=dave, actor=dave)
    make_event("Dentist", actor=dave, customer=company, place="Como")
    (item,) = read(carol, *WEEK, of=[dave])
    assert item == (
        *(f"b{dave.pk}/2026-11-26T10:00/2026-11-26T11:00", "2026-11-26T10:00"),
        *("2026-11-26T11:00", "b", 0, 0, [dave.pk], "", "", 0),
    )


def test_a_restricted_one_is_busy_even_in_a_public_calendar(
    carol: User, dave: User, read: Read
) -> None:
    make_event("Dentist", actor=dave, is_restricted=True)
    share(dave, "public")
    assert [item.flags for item in read(carol, *WEEK, of=[dave])] == ["b"]


def test_tasks_and_what_is_cancelled_or_not_done_make_nobody_busy(
    carol: User, dave: User, read: Read
) -> None:
    make_task("Write", actor=dave)
    make_event("Gone", actor=dave, category="off")
    make_event("Nobody was there", actor=dave, category="not-done")
    assert read(carol, *WEEK, of=[dave]) == []


@pytest.mark.parametrize(("level", "flags"), [("busy", "b"), ("details", ""), ("edit", "e")])
def test_a_grant_opens_a_private_calendar_to_one(
    carol: User, dave: User, read: Read, level: str, flags: str
) -> None:
    make_event("Dentist", actor=dave)
    share(dave, "private", **{level: carol})
    assert [item.flags for item in read(carol, *WEEK, of=[dave])] == [flags]


def test_a_grant_to_a_team_is_for_everybody_in_it(
    bob: User, dave: User, team: Any, read: Read
) -> None:
    make_event("Dentist", actor=dave)
    share(dave, "private", details=team)
    assert [item.title for item in read(bob, *WEEK, of=[dave])] == ["Dentist"]


def test_who_takes_part_and_who_booked_it_see_it_though_it_is_restricted(
    carol: User, dave: User, alice: User
) -> None:
    event = make_event("Talk", owner=dave, actor=alice, participants=[carol], is_restricted=True)
    seen = [Activity.objects.visible_to(again(user)).exists() for user in (alice, carol, dave)]
    assert seen == [True, True, True]
    may = [allows(again(user), "change", event) for user in (alice, carol, dave)]
    assert may == [True, False, True]


def test_levels_of_whole_calendars(admin: User, alice: User, bob: User, dave: User) -> None:
    share(dave, "private")
    of_alice = levels_for(again(alice))
    assert of_alice.of(alice.pk) is Level.EDIT
    assert of_alice.of(bob.pk) is Level.DETAILS  # a teammate's: role "colleague" sees the team's
    assert of_alice.of(dave.pk) is Level.NONE
    assert of_alice.of(admin.pk) is Level.BUSY
    assert levels_for(again(admin)).of(dave.pk) is Level.EDIT


def test_who_sees_no_activities_sees_no_calendars(carol: User, dave: User, read: Read) -> None:
    make_event("Dentist", actor=dave)
    share(dave, "public")
    set_right(carol.role, "activity", view="none")
    assert read(carol, *WEEK, of=[dave]) == []


def test_why_is_said_of_exactly_those_who_see_it(
    alice: User, bob: User, carol: User, dave: User, admin: User, team: Any
) -> None:
    """`visible_to` and "who can see this, and why" are one rule asked in two ways."""
    share(alice, "private", details=dave)
    share(dave, "public", edit=team)
    events = [
        make_event("a", actor=alice),
        make_event("b", actor=alice, is_restricted=True, participants=[carol]),
        make_event("c", owner=dave, actor=carol),
        make_event("d", owner=None, team=team, actor=carol),
        make_event("e", actor=carol),
    ]
    people = [again(user) for user in (alice, bob, carol, dave, admin)]
    for event in events:
        told = {access.user.pk: access for access in people_with_access(event)}
        for user in people:
            for action in ("view", "change", "delete"):
                rows = Activity.objects.permitted(user, action).filter(pk=event.pk)
                said = user.pk in told and action in told[user.pk].may
                assert rows.exists() == said, (event, user, action)
                assert allows(user, action, event) == said or action == "view"
            if user.pk in told:
                assert told[user.pk].reasons


def test_of_a_customer_that_is_hidden_only_the_rest_is_told(
    alice: User, bob: User, read: Read
) -> None:
    company = make_company("Secret & Sons", owner=alice, is_restricted=True, actor=alice)
    make_event("Visit", owner=bob, actor=alice, customer=company, place="Como")
    assert [item.beside for item in read(bob, *WEEK)] == ["Como"]
    assert [item.beside for item in read(alice, *WEEK, of=[bob])] == ["Secret & Sons · Como"]


def test_a_team_s_item_is_on_every_member_s_calendar_until_one_takes_it(
    alice: User, bob: User, carol: User, team: Any, read: Read
) -> None:
    from activities.actions import take_activity

    event = make_event("Repair", owner=None, team=team, actor=carol)
    for member in (alice, bob):
        assert [item.flags for item in read(member, *WEEK)] == ["u"]
    take_activity(event, actor=again(bob))
    assert read(alice, *WEEK) == []
    assert [item.flags for item in read(bob, *WEEK)] == ["e"]


def test_two_letters_are_looked_for_among_the_latest_that_one_sees(
    alice: User, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E5, E11: no index knows them."""
    monkeypatch.setattr(access, "LATEST", 3)
    for day in (20, 21, 22, 23):
        make_event(f"Zq {day}", actor=alice, start=f"2026-11-{day} 10:00")
        make_event("Zq hidden", actor=carol, is_restricted=True, start=f"2026-11-{day} 12:00")
    seen = Activity.objects.visible_to(again(alice))
    assert [row.subject for row in seen.best_matches("zq", 7)] == ["Zq 23", "Zq 22", "Zq 21"]
    assert [row.subject for row in seen.best_matches("ZQ 22", 7)] == ["Zq 22"]
    assert seen.best_matches("qz", 7) == []
