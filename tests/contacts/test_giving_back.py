"""Access is taken away while somebody types: they are told, get their words back and learn nothing
of what is hidden from them now."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.accounts.models import RoleRight, User
from crm.accounts.rights import set_right
from crm.contacts.merging.merge import Wish, merge_contacts
from crm.contacts.models import Category, Contact, Employment
from crm.documents.actions import add_document
from crm.records.actions import save_record, trash_record
from crm.records.models import CustomField, Tag
from tests.contacts.posting import posted
from tests.factories import make_company, make_person
from tests.forms import as_sent

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
CANARY = "Zyxcanary"
GONE = 987_654_321


@pytest.fixture
def lent(alice: User, admin: User) -> Contact:
    """Alice's, until somebody takes it from her."""
    return make_company("Lent", owner=alice, actor=alice, phones=["+39 02 11"])


def take_away(record: Contact, admin: User) -> None:
    """It is restricted, somebody else's and full of what Alice has never seen."""
    record.owner, record.is_restricted, record.notes = admin, True, CANARY
    record.name = record.last_name = record.first_name = CANARY
    save_record(record, actor=admin)


def typed(**more: Any) -> dict[str, Any]:
    return posted(
        name="My name for it",
        notes="First line\n  second <b>line</b>",
        phones=["+39 02 99", "+39 02 98"],
        version="1",
        **more,
    )


def test_what_was_typed_into_the_form_comes_back(
    as_: Enter, lent: Contact, alice: User, admin: User
) -> None:
    CustomField.objects.create(kind="contact", key="f", type="text", name_en="Nickname")
    client = as_("alice")
    url = reverse("contact_edit", args=[lent.pk])
    assert client.get(url).status_code == 200
    take_away(lent, admin)
    answer = client.post(url, typed(custom_f="Lenny"))
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "This record is no longer available to you" in page
    for words in ("My name for it", "+39 02 99", "+39 02 98", "Nickname", "Lenny"):
        assert words in page
    assert "First line\n  second &lt;b&gt;line&lt;/b&gt;</textarea>" in page
    assert CANARY not in page
    assert str(lent.number) not in page
    assert "no-store" in answer["Cache-Control"]


def test_the_page_is_the_same_for_what_never_was(
    as_: Enter, lent: Contact, alice: User, admin: User
) -> None:
    person = make_person("Rossi", owner=alice, actor=alice)
    for record in (lent, person):
        take_away(record, admin)
    pages = [
        as_("alice").post(reverse("contact_edit", args=[pk]), typed())
        for pk in (lent.pk, person.pk, GONE)
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({without_chance(page.content.decode()) for page in pages}) == 1


def without_chance(page: str) -> str:
    page = re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="\w+"', "", page)
    return re.sub(r"/contacts/\d+/", "", page)


def test_a_right_taken_away_is_told_as_such(
    as_: Enter, company: Contact, alice: User, colleague: Any
) -> None:
    client = as_("alice")
    RoleRight.objects.filter(role=colleague).delete()
    set_right(colleague, "contact", view="all", change="none", delete="none", export="none")
    for name, place in (("contact_edit", [company.pk]), ("company_create", [])):
        answer = client.post(reverse(name, args=place), typed())
        assert answer.status_code == 403
        assert "You may not change this record any more" in answer.content.decode()
        assert "My name for it" in answer.content.decode()


def test_who_edits_what_was_merged_away_is_told_where_it_went(
    as_: Enter, lent: Contact, company: Contact, alice: User, admin: User
) -> None:
    clients = {who: as_(who) for who in ("alice", "carol")}
    url = reverse("contact_edit", args=[lent.pk])
    data = as_sent(clients["alice"].get(url).content.decode()) | typed()
    merge_contacts(Wish((company.pk, lent.pk), company.pk), actor=alice)
    answer = clients["alice"].post(url, data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"This record was merged into {company.name} meanwhile" in page
    assert f'href="{company.get_absolute_url()}"' in page
    for words in ("My name for it", "First line", "+39 02 99", "+39 02 98"):
        assert words in page
    noted = clients["alice"].post(url, data, headers={"HX-Request": "true"})
    assert (noted.status_code, noted.content) == (409, b"")
    toast = json.loads(noted["HX-Trigger"])["toast"]
    assert (toast["url"], toast["label"]) == (company.get_absolute_url(), company.name)
    take_away(company, admin)  # who does not see what it became learns nothing of it
    for client in clients.values():
        answer = client.post(url, data)
        assert answer.status_code == 404
        assert CANARY not in answer.content.decode()
        assert company.get_absolute_url() not in answer.content.decode()
    assert not Contact.objects.filter(name="My name for it").exists()


@pytest.mark.parametrize("how", ["hidden", "trashed"])
def test_a_note_comes_back(as_: Enter, lent: Contact, alice: User, admin: User, how: str) -> None:
    client = as_("alice")
    url = reverse("entry_create", args=["contact", lent.pk])
    data = as_sent(client.get(url).content.decode()) | {"text": "They called\nand were glad"}
    if how == "hidden":
        take_away(lent, admin)
    else:
        trash_record(lent, actor=alice)
    answer = client.post(url, data)
    assert answer.status_code == 404
    assert "They called\nand were glad</textarea>" in answer.content.decode()
    assert CANARY not in answer.content.decode()


def test_with_htmx_the_form_stays_and_a_note_says_why(
    as_: Enter, lent: Contact, alice: User, admin: User
) -> None:
    take_away(lent, admin)
    url = reverse("entry_create", args=["contact", lent.pk])
    answer = as_("alice").post(url, {"text": "Hello"}, headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "no longer available" in answer["HX-Trigger"]
    assert answer.content == b""


def test_other_forms_give_back_too(as_: Enter, lent: Contact, alice: User, admin: User) -> None:
    person = make_person("Rossi", owner=alice, actor=alice)
    job = Employment.objects.create(company=lent, person=person)
    paper = add_document(lent, SimpleUploadedFile("a.txt", b"a"), actor=alice)
    take_away(lent, admin)
    client = as_("alice")
    for url, data in (
        (reverse("employment_create", args=[lent.pk]), {"function": "Typed once"}),
        (reverse("employment_edit", args=[job.pk]), {"function": "Typed once"}),
        (reverse("document_rename", args=[paper.pk]), {"name": "Typed once"}),
    ):
        answer = client.post(url, data)
        assert answer.status_code == 404
        assert "Typed once</textarea>" in answer.content.decode()
        assert CANARY not in answer.content.decode()


def test_what_was_picked_comes_back_by_name(
    as_: Enter, lent: Contact, alice: User, bob: User, admin: User
) -> None:
    heating = Category.objects.create(name_en="Heating")
    known = Tag.objects.create(name="Known", key="known")
    secret = Tag.objects.create(name=CANARY, key="secret")
    make_company("Hidden", owner=admin, actor=admin, is_restricted=True, tags=[secret])
    take_away(lent, admin)
    picked = {
        "owner": bob.pk,
        "viewers": [alice.pk, bob.pk],
        "tags": [known.pk, secret.pk],
        "categories": [heating.pk, "x", "9" * 40],
    }
    page = as_("alice").post(reverse("contact_edit", args=[lent.pk]), typed(**picked))
    html = page.content.decode()
    assert page.status_code == 404
    for words in ("\nBob Rossi<", "\nAlice Rossi, Bob Rossi<", "\nKnown<", "\nHeating<"):
        assert words in html
    assert CANARY not in html


def test_the_company_of_a_person_comes_back_as_far_as_one_sees_it(
    as_: Enter, lent: Contact, alice: User, admin: User
) -> None:
    person = make_person("Rossi", owner=alice, actor=alice)
    open_one = make_company("Open to all", owner=alice, actor=alice)
    take_away(person, admin)
    take_away(lent, admin)
    for company, is_named in ((open_one, True), (lent, False)):
        row = {
            "employments-TOTAL_FORMS": "1",
            "employments-INITIAL_FORMS": "0",
            "employments-0-company": company.pk,
        }
        page = as_("alice").post(reverse("contact_edit", args=[person.pk]), typed(**row))
        assert page.status_code == 404
        assert ("\nOpen to all<" in page.content.decode()) is is_named
        assert CANARY not in page.content.decode()


@pytest.mark.parametrize("how", ["hidden", "barred"])
def test_a_file_on_its_way_is_answered_in_words(
    as_: Enter, lent: Contact, alice: User, admin: User, colleague: Any, how: str
) -> None:
    paper = add_document(lent, SimpleUploadedFile("a.txt", b"a"), actor=alice)
    if how == "hidden":
        take_away(lent, admin)
        status, told = 404, "This record is no longer available to you"
    else:
        set_right(colleague, "contact", view="all", change="none")
        status, told = 403, "You may not change this record any more"
    upload = reverse("document_upload", args=["contact", lent.pk])
    client = as_("alice")

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("Offer.txt", b"text")

    answer = client.post(upload, {"files": file()}, headers={"accept": "application/json"})
    assert answer.status_code == status
    assert answer.json() == {"errors": [f"{told}. Nothing was kept."]}
    for address, name in (
        (upload, "files"),
        (reverse("document_replace", args=[paper.pk]), "file"),
    ):
        page = client.post(address, {name: file()})
        assert page.status_code == status
        assert told in page.content.decode()
        assert "\nOffer.txt<" in page.content.decode()


def test_who_typed_nothing_gets_the_plain_page(as_: Enter, lent: Contact, admin: User) -> None:
    take_away(lent, admin)
    url = reverse("contact_edit", args=[lent.pk])
    for answer in (as_("alice").get(url), as_("alice").post(url, {"phones-TOTAL_FORMS": "9" * 40})):
        assert answer.status_code == 404
        assert "<textarea" not in answer.content.decode()
