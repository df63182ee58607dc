"""The card of a contact."""

from collections.abc import Callable

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.documents.actions import add_document
from crm.records.history import events_of
from tests.factories import make_company

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


def test_it_encourages_what_is_missing(as_: Enter, alice: User) -> None:
    bare = make_company(owner=alice, actor=alice)
    full = make_company(
        owner=alice, actor=alice, phones=["1"], emails=["a@b.it"], city="Roma", vat_id="IT1"
    )
    assert as_("alice").get(bare.get_absolute_url()).context["gaps"] == [
        "phone",
        "e-mail",
        "city",
        "VAT id",
    ]
    assert "Worth adding" not in as_("alice").get(full.get_absolute_url()).content.decode()


def test_an_administrator_opening_what_is_restricted_is_written_down(
    as_: Enter, alice: User, admin: User
) -> None:
    secret = make_company(owner=alice, is_restricted=True, actor=alice)
    with time_machine.travel("2026-11-22 09:00Z", tick=False) as clock:
        for _again in range(2):
            as_("admin").get(secret.get_absolute_url())
        assert [event.actor for event in events_of(secret).filter(verb="opened")] == [admin]
        clock.shift(2 * 60 * 60)
        as_("admin").get(secret.get_absolute_url())
        assert events_of(secret).filter(verb="opened").count() == 2


@pytest.mark.parametrize("door", ["edit", "history", "document", "version"])
def test_an_administrator_is_written_down_at_every_door(
    as_: Enter, alice: User, admin: User, door: str
) -> None:
    secret = make_company(owner=alice, is_restricted=True, actor=alice)
    paper = add_document(secret, SimpleUploadedFile("a.txt", b"secret"), actor=alice)
    addresses = {
        "edit": reverse("contact_edit", args=[secret.pk]),
        "history": reverse("timeline_panel", args=["contact", secret.pk]),
        "document": reverse("document_preview", args=[paper.pk]),
        "version": reverse("document_version_preview", args=[paper.current_id]),
    }
    assert as_("admin").get(addresses[door]).status_code == 200
    assert events_of(secret).filter(verb="opened", actor=admin).count() == 1


def test_nobody_else_opening_it_is(as_: Enter, alice: User, company: Contact, admin: User) -> None:
    shared = make_company(owner=alice, is_restricted=True, viewers=[admin], actor=alice)
    for client in (as_("alice"), as_("admin")):
        client.get(company.get_absolute_url())
        client.get(shared.get_absolute_url())
    assert not events_of(company).filter(verb="opened").exists()
    assert not events_of(shared).filter(verb="opened").exists()


@pytest.mark.parametrize(
    ("facts", "url"),
    [
        (
            {"street": "Corso Agnelli 200", "city": "Torino", "country": "IT"},
            "https://www.openstreetmap.org/search?query=Corso+Agnelli+200%2C+Torino%2C+IT",
        ),
        ({"country": "IT"}, ""),
    ],
)
def test_an_address_leads_to_a_map_that_is_not_told_where_from(
    as_: Enter, alice: User, company: Contact, facts: dict[str, str], url: str
) -> None:
    assert company.addresses.create(**facts).map_url == url
    page = as_("alice").get(company.get_absolute_url()).content.decode()
    assert ("openstreetmap" in page) == bool(url)
    assert (f'href="{url}" rel="noreferrer noopener"' in page) == bool(url)
