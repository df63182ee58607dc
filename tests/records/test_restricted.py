"""Restricted records (E11, F0.8): the owner, the listed, administrators; from the next request."""

import re

import pytest
from django.urls import reverse

from crm.contacts.models import Contact
from crm.records.actions import add_entry, save_record
from crm.records.errors import ActionRefused
from crm.records.models import Notification
from tests.factories import make_company, make_user

CANARY = "Canarywerke"


@pytest.fixture
def secret(alice, team, colleague) -> Contact:
    return make_company(
        CANARY, owner=alice, team=team, actor=alice, is_restricted=True, city="Canaryville"
    )


def pages(record) -> list[str]:
    place = [record.kind, record.pk]
    return [
        record.get_absolute_url(),
        reverse("contact_edit", args=[record.pk]),
        reverse("timeline_panel", args=place),
        reverse("entry_create", args=place),
        reverse("record_access", args=place),
    ]


def verbs(record) -> list[str]:
    place = [record.kind, record.pk]
    names = ("record_trash", "favourite_toggle", "entry_create")
    return [reverse(name, args=place) for name in names]


@pytest.mark.parametrize(
    ("who", "sees"), [("alice", True), ("admin", True), ("bob", False), ("carol", False)]
)
def test_with_an_empty_list_it_is_for_its_owner_and_administrators(as_, secret, who, sees):
    client = as_(who)
    for url in pages(secret):
        assert client.get(url).status_code == (200 if sees else 404), url
    if not sees:
        for url in verbs(secret):
            assert client.post(url).status_code == 404, url


def test_a_role_that_sees_all_does_not_see_it(as_, secret, client):
    manager = make_user("manager", role="manager")
    assert not Contact.objects.visible_to(manager).filter(pk=secret.pk).exists()


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_whoever_is_listed_sees_it_and_no_one_loses_it_before_the_next_request(
    as_, request, alice, secret, who
):
    person, client = request.getfixturevalue(who), as_(who)
    secret.viewers.add(person)
    assert client.get(secret.get_absolute_url()).status_code == 200
    secret.viewers.remove(person)
    for url in pages(secret):
        assert client.get(url).status_code == 404


def test_being_listed_shows_but_does_not_let_change(as_, bob, secret):
    secret.viewers.add(bob)
    client = as_("bob")
    assert client.get(reverse("contact_edit", args=[secret.pk])).status_code == 403
    trash = reverse("record_trash", args=[secret.kind, secret.pk])
    assert client.post(trash).status_code == 403


def test_a_new_owner_sees_and_changes_and_the_old_one_does_not(as_, alice, carol, secret):
    """Assignment grants the right to change (B44); revocation counts from the next request."""
    old, new = as_("alice"), as_("carol")
    secret.owner = carol
    save_record(secret, actor=alice)
    assert new.get(reverse("contact_edit", args=[secret.pk])).status_code == 200
    assert old.get(secret.get_absolute_url()).status_code == 404


def test_it_leaks_by_no_list_picker_search_home_or_bell(as_, alice, bob, secret):
    client = as_("bob")
    addresses = [
        "/",
        reverse("contact_list"),
        reverse("contact_list") + "?q=canary",
        reverse("lookup", args=["company"]) + "?q=canary",
        reverse("search") + "?q=canary",
        reverse("notification_list") + "?show=all",
        reverse("trash_list", args=["contact"]) + "?q=canary",
    ]
    add_entry(secret, actor=alice, entry="note", text="canary seed")
    for url in addresses:
        response = client.get(url)
        body = response.content.decode().replace("?q=canary", "").replace('value="canary"', "")
        assert response.status_code == 200, url
        assert CANARY not in body, url
        assert "canary seed" not in body, url


def test_nobody_is_informed_of_what_they_may_not_see(alice, bob, secret):
    with pytest.raises(ActionRefused, match="Bob"):
        add_entry(secret, actor=alice, entry="note", text="x", inform=[bob])
    assert not Notification.objects.filter(user=bob).exists()


def test_missing_and_hidden_look_the_same(as_, secret):
    client = as_("carol")
    hidden = client.get(secret.get_absolute_url())
    missing = client.get(reverse("contact_detail", args=[secret.pk + 1000]))
    assert hidden.status_code == missing.status_code == 404

    def bare(response) -> str:
        body = re.sub(rf"{secret.pk + 1000}|{secret.pk}", "", response.content.decode())
        return re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]*"', "", body)

    assert bare(hidden) == bare(missing)
