"""Promises that every kind of record keeps, whoever writes the next one: found by subclass."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Scope, User
from crm.accounts.rights import ACTIONS, set_right
from crm.records import actions
from crm.records.errors import ActionRefused
from crm.records.history import events_of
from crm.records.lists import record_lists
from crm.records.models import Record, Tag, Tombstone, record_kinds
from tests.factories import BUILDERS, make_team, make_user

pytestmark = pytest.mark.django_db
KINDS = sorted(record_kinds())
Enter = Callable[[str], Client]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def record(kind: str, alice: User, team: Any) -> Record:
    return BUILDERS[kind](owner=alice, team=team, actor=alice)


def seen_by(record: Record, user: User) -> bool:
    fresh = User.objects.get(pk=user.pk)
    return type(record).objects.visible_to(fresh).filter(pk=record.pk).exists()


def test_every_kind_has_a_list_a_builder_and_a_card(kind: str, record: Record) -> None:
    assert kind in record_lists()
    assert record.get_absolute_url()
    assert str(record)


def test_it_gets_a_number_once(record: Record, alice: User) -> None:
    number = type(record).objects.get(pk=record.pk).number
    assert number
    actions.save_record(record, actor=alice)
    assert type(record).objects.get(pk=record.pk).number == number


def test_every_change_is_told_in_its_history(record: Record, alice: User, bob: User) -> None:
    actions.assign_record(record, bob, actor=alice)
    actions.tag_record(record, actor=alice, add=[Tag.objects.create(name="urgent")])
    actions.trash_record(record, actor=alice)
    actions.restore_record(record, actor=alice)
    told = [(event.verb, event.actor) for event in events_of(record).order_by("pk")]
    assert told == [
        ("created", alice),
        ("changed", alice),
        ("changed", alice),
        ("trashed", alice),
        ("restored", alice),
    ]


def test_assigning_gives_the_right_to_edit(record: Record, alice: User, carol: User) -> None:
    assert not seen_by(record, carol)
    actions.assign_record(record, carol, actor=alice)
    assert type(record).objects.permitted(carol, "change").filter(pk=record.pk).exists()


def test_the_new_owner_is_told_and_the_actor_is_not(record: Record, alice: User, bob: User) -> None:
    actions.assign_record(record, bob, actor=alice)
    assert bob.notifications.count() == 1
    assert alice.notifications.count() == 0


def test_trash_hides_and_restore_shows(record: Record, alice: User) -> None:
    actions.trash_record(record, actor=alice)
    assert not seen_by(record, alice)
    with pytest.raises(ActionRefused):
        actions.trash_record(record, actor=alice)
    actions.restore_record(record, actor=alice)
    assert seen_by(record, alice)


def test_a_purge_leaves_only_a_tombstone(record: Record, alice: User) -> None:
    kind, number, pk = record.kind, record.number, record.pk
    actions.trash_record(record, actor=alice)
    actions.purge_record(record, actor=alice)
    assert not type(record).objects.filter(pk=pk).exists()
    stone = Tombstone.objects.get()
    assert (stone.kind, stone.number, stone.purged_by) == (kind, number, alice)


def test_a_record_that_is_alive_cannot_be_purged(record: Record, alice: User) -> None:
    with pytest.raises(ActionRefused):
        actions.purge_record(record, actor=alice)


def test_restricted_with_an_empty_list_is_for_the_owner_and_administrators(
    record: Record, alice: User, bob: User, admin: User
) -> None:
    type(record).objects.filter(pk=record.pk).update(is_restricted=True)
    assert [seen_by(record, user) for user in (alice, bob, admin)] == [True, False, True]
    record.viewers.add(bob)
    assert seen_by(record, bob)
    record.viewers.clear()
    assert not seen_by(record, bob)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("scope", Scope.values)
def test_the_table_of_rights_is_what_counts(kind: str, scope: str, action: str) -> None:
    """role × kind × action: own, a teammate's, a stranger's record."""
    ours, theirs = make_team(), make_team()
    reader = make_user("reader", role="technician", teams=[ours])
    set_right(reader.role, kind, **{"view": "all", action: scope})
    others = {
        "own": BUILDERS[kind](owner=reader),
        "team": BUILDERS[kind](owner=make_user(), team=ours),
        "all": BUILDERS[kind](owner=make_user(), team=theirs),
    }
    reader = User.objects.get(pk=reader.pk)
    permitted = set(record_kinds()[kind].objects.permitted(reader, action))
    reach = {"all": ("own", "team", "all"), "team": ("own", "team"), "own": ("own",), "none": ()}
    assert permitted == {others[name] for name in reach[scope]}


def test_pages_answer_as_the_rights_say(
    as_: Enter, kind: str, record: Record, colleague: Any
) -> None:
    """Unseen is 404; seen is 200; the list and the card agree."""
    url = reverse(record_lists()[kind].url_name) + f"?q={record.number}"
    for who, status in (("alice", 200), ("bob", 200), ("carol", 404)):
        assert as_(who).get(record.get_absolute_url()).status_code == status
        listed = record.get_absolute_url() in as_(who).get(url).content.decode()
        assert listed == (status == 200)
