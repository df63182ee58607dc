"""Who works where: told on both cards, shown to nobody who may not see one of them (F4.6, E11)."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts import actions
from crm.contacts.actions import end_employment, save_employment
from crm.contacts.models import Contact, Employment
from crm.records.history import events_of
from tests.contacts.posting import posted
from tests.factories import make_company, make_person
from tests.forms import as_sent

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
CANARY = "Zyxcanary"


@pytest.fixture
def person(alice: User, admin: User) -> Contact:
    """Alice's, and of a company that is closed to her."""
    person = make_person("Bianchi", owner=alice, actor=alice)
    closed = make_company(f"{CANARY} srl", owner=admin, is_restricted=True, actor=admin)
    row = Employment(company=closed, person=person, role=f"{CANARY} role")
    save_employment(row, actor=admin)
    return person


def edit(person: Contact) -> str:
    return reverse("contact_edit", args=[person.pk])


def test_a_persons_form_keeps_quiet_about_closed_companies(as_: Enter, person: Contact) -> None:
    page = as_("alice").get(edit(person)).content.decode()
    assert CANARY not in page
    answer = as_("alice").post(edit(person), as_sent(page) | {"notes": "Called"})
    assert answer.status_code == 302
    assert person.employments.get().company.name == f"{CANARY} srl"


def test_a_conflict_keeps_quiet_about_closed_companies(as_: Enter, person: Contact) -> None:
    data = as_sent(as_("alice").get(edit(person)).content.decode())
    row = {"employments-0-function": "Buyer", "employments-TOTAL_FORMS": "1"}
    answer = as_("alice").post(edit(person), data | row | {"version": "0"})
    assert answer.status_code == 409
    assert CANARY not in answer.content.decode()
    assert "Buyer" in answer.content.decode()


def test_a_row_without_its_company_survives_a_conflict(as_: Enter, alice: User) -> None:
    person = make_person("Verdi", owner=alice, actor=alice)
    data = as_sent(as_("alice").get(edit(person)).content.decode())
    data |= {"employments-0-function": ["Buyer"], "employments-TOTAL_FORMS": ["1"]}
    answer = as_("alice").post(edit(person), data | {"version": "0"})
    assert answer.status_code == 409
    assert "Buyer" in answer.content.decode()


def test_a_company_tells_who_came_by_the_persons_form(as_: Enter, alice: User) -> None:
    company = make_company("Fiat", owner=alice, actor=alice)
    data = posted(owner=alice.pk, first_name="Anna", last_name="Neri", employments=[company.pk])
    assert as_("alice").post(reverse("person_create"), data).status_code == 302
    url = f"{reverse('person_create')}?company={company.pk}"
    data = posted(owner=alice.pk, first_name="Carlo", last_name="Neri")
    assert as_("alice").post(url, data).status_code == 302
    assert [event.verb for event in events_of(company)] == ["changed", "changed", "created"]
    assert company.staff.count() == 2


def test_a_person_is_nobodys_company(as_: Enter, alice: User) -> None:
    person = make_person("Verdi", owner=alice, actor=alice)
    url = f"{reverse('person_create')}?company={person.pk}"
    assert as_("alice").get(url).status_code == 404
    assert as_("alice").get(f"{reverse('person_create')}?company={'9' * 5000}").status_code == 200


def test_what_is_barred_and_unseen_stays_unseen(as_: Enter, alice: User, bob: User) -> None:
    """403 on the company would tell that somebody closed to Bob works there."""
    company = make_company("Fiat", owner=alice, team=bob.teams.get(), actor=alice)
    closed = make_person("Bianchi", owner=alice, is_restricted=True, actor=alice)
    row = save_employment(Employment(company=company, person=closed), actor=alice)
    assert as_("bob").get(reverse("employment_edit", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("verb", ["save", "end"])
def test_nothing_saved_meanwhile_is_written_over(alice: User, verb: str) -> None:
    company = make_company("Fiat", owner=alice, actor=alice)
    person = make_person("Verdi", owner=alice, actor=alice)
    row = Employment(company=company, person=person)
    if verb == "end":
        save_employment(row, actor=alice)
    real = actions.save_record

    def after_somebody_else(record: Contact, **options: Any) -> Contact:
        """Somebody's change of the other contact commits before that one is locked."""
        if record.pk == person.pk:
            Contact.objects.filter(pk=company.pk).update(vat_id="IT123")
        return real(record, **options)

    with mock.patch.object(actions, "save_record", after_somebody_else):
        {"save": save_employment, "end": end_employment}[verb](row, actor=alice)
    company.refresh_from_db()
    assert company.vat_id == "IT123"


def test_the_longest_names_fit(as_: Enter, alice: User) -> None:
    data = posted(owner=alice.pk, first_name="a" * 100, last_name="b" * 100)
    assert as_("alice").post(reverse("person_create"), data).status_code == 302
    assert len(Contact.objects.get().name) == 200
