"""Creating and editing companies and people."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Contact, Employment
from crm.records.history import events_of, lines_of
from tests.contacts.posting import posted
from tests.factories import make_company, make_person
from tests.forms import as_sent

pytestmark = pytest.mark.django_db


Enter = Callable[[str], Client]


def test_a_company_is_created_with_a_code_and_what_belongs_to_it(as_: Enter, alice: User) -> None:
    data = posted(owner=alice.pk, phones=["+39 011 006 1111"], addresses=["Torino"], aliases="FIAT")
    answer = as_("alice").post(reverse("company_create"), data)
    contact = Contact.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == contact.get_absolute_url()
    assert (contact.number, contact.city, contact.phone) == (
        "C-00001",
        "Torino",
        "+39 011 006 1111",
    )
    assert contact.created_by == alice
    assert [event.verb for event in events_of(contact)] == ["created"]
    assert Contact.objects.visible_to(alice).matching("fiat").get() == contact
    assert Contact.objects.visible_to(alice).matching("c-00001").get() == contact
    assert Contact.objects.visible_to(alice).matching("0110061").get() == contact


def test_a_new_record_is_proposed_to_be_its_writers(as_: Enter, alice: User) -> None:
    for name in ("company_create", "person_create"):
        answer = as_("alice").get(reverse(name))
        assert answer.context["form"]["owner"].value() == alice.pk
        # A mere proposal unfolds nothing: the form stays as short as it can be.
        assert '<details class="more" open>' not in answer.content.decode()


def test_a_company_needs_a_name_and_keeps_what_was_typed(as_: Enter) -> None:
    data = posted(name="", notes="Call after six", emails=["not an address"])
    answer = as_("alice").post(reverse("company_create"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Call after six" in page
    assert "not an address" in page
    assert "Enter a valid email address" in page
    assert not Contact.objects.exists()


def test_the_code_cannot_be_changed(as_: Enter, company: Contact) -> None:
    data = posted(name="Other", number="C-99999", version=1, owner=company.owner_id)
    as_("alice").post(reverse("contact_edit", args=[company.pk]), data)
    company.refresh_from_db()
    assert (company.name, company.number) == ("Other", "C-00001")


def test_history_tells_old_and_new_values(as_: Enter, company: Contact, alice: User) -> None:
    data = posted(
        name="F.I.A.T. SpA", stage="former", version=company.version, owner=alice.pk, phones=["1"]
    )
    as_("alice").post(reverse("contact_edit", args=[company.pk]), data)
    line = lines_of(company, events_of(company)[:1], alice)[0]
    changes = {change.label: (change.old, change.new) for change in line.changes}
    assert changes["Company name"] == ("F.I.A.T. S.p.A.", "F.I.A.T. SpA")
    assert changes["Stage"] == ("Customer", "Former")
    assert changes["Phones"] == ("", "1")


def test_saving_without_a_change_writes_no_history(company: Contact, as_: Enter) -> None:
    page = as_("alice").get(reverse("contact_edit", args=[company.pk]))
    form = page.context["form"]
    data = posted(
        name=company.name,
        owner=company.owner_id,
        team=company.team_id,
        version=form.initial["version"],
    )
    before = events_of(company).count()
    assert as_("alice").post(reverse("contact_edit", args=[company.pk]), data).status_code == 302
    assert events_of(company).count() == before


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 403), ("carol", 404)])
def test_only_the_owner_edits(as_: Enter, company: Contact, who: str, status: int) -> None:
    assert as_(who).get(reverse("contact_edit", args=[company.pk])).status_code == status


def test_a_person_needs_one_of_two_names(as_: Enter, alice: User) -> None:
    answer = as_("alice").post(reverse("person_create"), posted(first_name="", last_name=""))
    assert answer.status_code == 422
    assert "at least one of the two names" in answer.content.decode()


def test_a_new_person_of_a_company_joins_it(as_: Enter, company: Contact, alice: User) -> None:
    url = reverse("person_create") + f"?company={company.pk}"
    data = posted(first_name="Lucia", last_name="Ferri", owner=alice.pk)
    assert as_("alice").post(url, data).status_code == 302
    assert Employment.objects.get().person.name == "Lucia Ferri"


def test_a_person_works_in_several_companies(as_: Enter, company: Contact, alice: User) -> None:
    other = make_company("Second", owner=alice, actor=alice)
    data = posted(last_name="Ferri", owner=alice.pk, employments=[company.pk, other.pk])
    assert as_("alice").post(reverse("person_create"), data).status_code == 302
    person = Contact.objects.people().get()
    assert {job.company for job in person.employments.all()} == {company, other}


def test_a_company_that_is_not_visible_cannot_be_chosen(
    as_: Enter, company: Contact, carol: User
) -> None:
    data = posted(last_name="Ferri", owner=carol.pk, employments=[company.pk])
    answer = as_("carol").post(reverse("person_create"), data)
    assert answer.status_code == 422
    assert company.name not in answer.content.decode()


def test_a_lead_becomes_a_customer_once(as_: Enter, alice: User) -> None:
    lead = make_company("Lead", owner=alice, stage="lead", actor=alice)
    url = reverse("contact_convert", args=[lead.pk])
    as_("alice").post(url)
    lead.refresh_from_db()
    assert lead.stage == "customer"
    answer = as_("alice").post(url, follow=True)
    assert "Only a lead can become a customer." in answer.content.decode()


def test_people_of_a_company_are_told_on_both_cards(
    as_: Enter, company: Contact, alice: User
) -> None:
    person = make_person("Ferri", owner=alice, actor=alice)
    url = reverse("employment_create", args=[company.pk])
    data = {"person": person.pk, "function": "Facility manager", "role": "Buyer"}
    assert as_("alice").post(url, data).status_code == 302
    assert events_of(company).first().verb == "changed"
    assert events_of(person).first().verb == "changed"
    again = as_("alice").post(url, data)
    assert again.status_code == 422
    assert "already listed" in again.content.decode()
    employment = Employment.objects.get()
    as_("alice").post(reverse("employment_remove", args=[employment.pk]))
    assert not Employment.objects.exists()
    assert Contact.objects.filter(pk=person.pk).exists()


def test_who_left_stays_owner_until_somebody_else_is_chosen(
    as_: Enter, admin: User, bob: User
) -> None:
    company = make_company("Fiat", owner=bob, viewers=[bob], actor=bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    url = reverse("contact_edit", args=[company.pk])
    data = as_sent(as_("admin").get(url).content.decode())
    assert as_("admin").post(url, data | {"notes": "Called"}).status_code == 302
    company.refresh_from_db()
    assert (company.owner, company.notes) == (bob, "Called")
    assert list(company.viewers.all()) == [bob]


def test_what_could_not_be_created_is_not_shown_as_if_it_were(
    as_: Enter, alice: User, bob: User
) -> None:
    data = posted(name="Closed", is_restricted="on", owner=bob.pk)
    answer = as_("alice").post(reverse("company_create"), data)
    assert answer.status_code == 422
    assert not Contact.objects.exists()
    assert answer.context["record"].pk is None
    assert (
        as_("alice").post(reverse("company_create"), data | {"owner": alice.pk}).status_code == 302
    )


def test_a_tag_of_invisible_characters_is_refused(as_: Enter, alice: User) -> None:
    answer = as_("alice").post(reverse("lookup", args=["tag"]), {"name": "\u200b\u202e"})
    assert answer.status_code == 422


@pytest.mark.parametrize("prefix", ["phones", "employments"])
def test_more_lines_than_fit_all_come_back_with_a_sentence(
    as_: Enter, company: Contact, alice: User, prefix: str
) -> None:
    lines = [f"+39 02 7700 {number:03}" for number in range(70)]
    if prefix == "employments":
        lines = [str(make_company(owner=alice, actor=alice).pk) for _number in range(70)]
    url = reverse("person_create" if prefix == "employments" else "company_create")
    answer = as_("alice").post(url, posted(last_name="Rossi", **{prefix: lines}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("At most 50 lines fit here. Remove some, then save.") == 2
    assert all(f'value="{line}"' in page for line in lines)
    assert Contact.objects.filter(last_name="Rossi").count() == 0


def test_lines_that_were_removed_do_not_count(as_: Enter, alice: User) -> None:
    lines = [f"+39 02 7700 {number:03}" for number in range(70)]
    removed = {f"phones-{number}-DELETE": "on" for number in range(20)}
    data = posted(owner=alice.pk, phones=lines) | removed
    answer = as_("alice").post(reverse("company_create"), data)
    assert answer.status_code == 302
    assert Contact.objects.get().phones.count() == 50
