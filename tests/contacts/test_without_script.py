"""Pickers where no script runs: what is typed is found among what its person may choose."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Category, Contact
from crm.records.models import Tag
from tests.contacts.posting import posted
from tests.factories import make_company, make_person
from tests.forms import as_sent

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


def employed(words: str) -> dict[str, Any]:
    """A new person at the company that is typed."""
    return posted(
        **{
            "last_name": "Rossi",
            "owner-words": "alice rossi",
            "employments-TOTAL_FORMS": "1",
            "employments-INITIAL_FORMS": "0",
            "employments-0-company-words": words,
        }
    )


@pytest.mark.parametrize("typed", ["fiat", "F.I.A.T. S.p.A.", "{number}"])
def test_a_company_is_chosen_by_name_or_code(as_: Enter, company: Contact, typed: str) -> None:
    data = employed(typed.format(number=company.number))
    assert as_("alice").post(reverse("person_create"), data).status_code == 302
    assert [job.person.last_name for job in company.staff.all()] == ["Rossi"]


def test_the_whole_name_says_which_of_several(as_: Enter, alice: User) -> None:
    plain = make_company("Verdi", owner=alice, actor=alice)
    make_company("Verdi Nord", owner=alice, actor=alice)
    assert as_("alice").post(reverse("person_create"), employed("verdi")).status_code == 302
    assert plain.staff.count() == 1


def test_words_that_fit_several_come_back_with_their_names(as_: Enter, alice: User) -> None:
    for name in ("Verdi Nord", "Verdi Sud"):
        make_company(name, owner=alice, actor=alice)
    page = as_("alice").post(reverse("person_create"), employed("verdi"))
    assert page.status_code == 422
    html = page.content.decode()
    assert "“verdi” fits several: " in html
    assert "Verdi Nord" in html
    assert as_sent(html)["employments-0-company-words"] == ["verdi"]


def test_what_is_hidden_is_called_nothing(as_: Enter, company: Contact, admin: User) -> None:
    make_company("Hidden", owner=admin, actor=admin, is_restricted=True)
    for words in ("Hidden", "Never was", str(company.pk)):
        page = as_("alice").post(reverse("person_create"), employed(words))
        assert page.status_code == 422
        assert f"Nothing to choose here is called “{words}”." in page.content.decode()


def test_people_tags_and_lists_are_typed_and_crossed_out(
    as_: Enter, company: Contact, bob: User
) -> None:
    old, kept = (Tag.objects.create(name=name) for name in ("Old", "Kept"))
    Tag.objects.create(name="New")
    Category.objects.create(name_en="Heating", name_it="Riscaldamento")
    company.tags.set([old, kept])
    address = reverse("contact_edit", args=[company.pk])
    client = as_("alice")
    sent = as_sent(client.get(address).content.decode())
    sent |= {
        "owner-words": ["bob rossi"],
        "tags-drop": [str(old.pk)],
        "tags-words": ["new, "],
        "categories-words": ["heat"],
    }
    assert client.post(address, sent).status_code == 302
    company.refresh_from_db()
    assert company.owner == bob
    assert {tag.name for tag in company.tags.all()} == {"Kept", "New"}
    assert [item.name_en for item in company.categories.all()] == ["Heating"]


def test_who_was_chosen_is_crossed_out(as_: Enter, admin: User) -> None:
    company = make_company("Mine", owner=admin, actor=admin)
    address = reverse("contact_edit", args=[company.pk])
    sent = as_sent(as_("admin").get(address).content.decode())
    assert sent["owner"] == [str(admin.pk)]
    assert as_("admin").post(address, sent | {"owner-drop": sent["owner"]}).status_code == 302
    assert Contact.objects.get(pk=company.pk).owner is None


def test_a_list_is_filtered_by_what_is_typed(as_: Enter, company: Contact, alice: User) -> None:
    make_person("Nobody", actor=alice)
    client, address = as_("alice"), reverse("contact_list")
    page = client.get(address, {"owner-words": "alice"})
    assert page.status_code == 200
    assert [row.pk for row in page.context["rows"]] == [company.pk]
    label, value, without = page.context["chips"][0]
    assert (label, value) == ("Owner", "Alice Rossi")
    assert "owner-words" not in without
    wrong = client.get(address, {"owner-words": "zzz"})
    assert wrong.status_code == 422
    assert "Nothing to choose here is called “zzz”." in wrong.content.decode()
