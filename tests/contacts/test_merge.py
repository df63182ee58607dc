"""Two or more contacts become one; whatever points at one of them follows (B39)."""

import threading

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import connection
from django.urls import reverse

from crm.contacts.actions import save_employment
from crm.contacts.duplicates import part
from crm.contacts.merging.merge import Wish, merge_contacts
from crm.contacts.merging.relations import OWN, places
from crm.contacts.models import (
    Contact,
    Employment,
    FormerContact,
    Likeness,
    Merge,
)
from crm.contacts.ties import first_ties
from crm.records.actions import add_entry, trash_record
from crm.records.errors import ActionRefused
from crm.records.history import events_of, lines_of
from crm.records.models import CustomField, Favourite
from tests.contacts.merging import ROWS, a_tag, merged
from tests.factories import make_company, make_person


def columns_that_name_a_contact():
    """Asked of the models in another way than the merge asks them."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Contact:
                found.add(f"{label}.{field.attname}")
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                found.add(f"{label}.{field.fk_field}")
        for field in model._meta.local_many_to_many:  # through tables are models of their own
            assert field.remote_field.through in apps.get_models(include_auto_created=True)
    return found


def test_every_column_that_can_name_a_contact_is_known_to_the_merge():
    known = {place.label for place in places()}
    assert columns_that_name_a_contact() == known | set(OWN)
    assert known == set(ROWS), "give ROWS a line for each"


@pytest.mark.parametrize("label", sorted(ROWS))
def test_whatever_points_at_it_points_at_the_one_that_stays(alice, company, twin, label):
    place = next(place for place in places() if place.label == label)
    if label == "contacts.employment.person_id":
        company, twin = make_person(owner=alice), make_person(owner=alice)
    ROWS[label](twin, alice)
    keys = set(place.at(twin.pk).values_list("pk", flat=True))
    assert keys
    merged(company, twin, actor=alice)
    assert set(place.at(company.pk).values_list("pk", flat=True)) >= keys
    left = place.at(twin.pk)
    assert not left.exclude(verb="merged_away").exists() if "event" in label else not left.exists()


def test_json_that_names_it_is_read_as_the_one_that_stays(alice, carol, company, twin):
    """Histories keep other records by key: nobody rewrites them, the name is looked up."""
    person = make_person("Bianchi", owner=alice, actor=alice)
    save_employment(Employment(company=twin, person=person), actor=alice)
    merged(company, twin, actor=alice)
    told = lines_of(Contact, events_of(person), alice)
    assert company.name in str([line.changes for line in told])
    stranger = lines_of(Contact, events_of(person), carol)
    assert company.name not in str([line.changes for line in stranger])


def test_what_both_have_stays_once(alice, company, twin):
    company.phones.create(number="011/123456")
    company.emails.create(address="INFO@fiat.example")
    tag, person = a_tag("VIP"), make_person(owner=alice)
    for one in (company, twin):
        one.tags.add(tag)
        Favourite.objects.create(user=alice, record=one)
    Employment.objects.create(company=company, person=person)
    Employment.objects.create(company=twin, person=person, function="Buyer")
    merged(company, twin, actor=alice)
    assert [phone.number for phone in company.phones.all()] == ["011/123456"]
    assert company.emails.count() == company.tags.count() == 1
    assert [tie.function for tie in company.staff.all()] == ["Buyer"]
    assert Favourite.objects.filter(object_id=company.pk).count() == 1
    assert (company.city, company.phone) == ("Torino", "011/123456")


def test_the_places_of_its_rows_stay_small_however_often_one_is_merged(alice, company):
    for number, name in enumerate(("Fiat", "F I A T", "Fiat spa"), start=1):
        other = make_company(name, owner=alice)
        for kind in ("phones", "emails", "addresses"):
            row = {"phones": "number", "emails": "address", "addresses": "city"}[kind]
            for place in (32_767, 32_000):
                value = f"{number}{place}" if kind == "phones" else f"a@{number}{place}.example"
                getattr(other, kind).create(position=place, **{row: value})
        merged(company, other, actor=alice)
    numbers = [phone.number for phone in company.phones.all()]
    assert numbers == ["132000", "132767", "232000", "232767", "332000", "332767"]
    for rows in (company.phones, company.emails, company.addresses):
        assert [row.position for row in rows.all()] == list(range(6))
    assert (company.phone, company.email) == ("132000", "a@132000.example")


def test_values_are_picked_field_by_field_and_lists_united(alice, company, twin):
    field = CustomField.objects.create(kind="contact", key="size", type="text", name_en="Size")
    Contact.objects.filter(pk=company.pk).update(custom={"size": "L"}, notes="Old friend.")
    Contact.objects.filter(pk=twin.pk).update(custom={"size": "XL", "gone": 1}, stage="lead")
    picks = {"name": twin.pk, "stage": twin.pk, field.form_name: twin.pk}
    merged(company, twin, actor=alice, **picks)
    assert (company.name, company.stage, company.vat_id) == ("Fiat", "lead", "IT01234567890")
    assert company.aliases == ["F.I.A.T. S.p.A."]
    assert company.custom == {"size": "XL", "gone": 1}
    assert company.notes == "Old friend.\n\nPays late."
    assert company.former_numbers == [twin.number]


def test_of_people_the_whole_name_is_picked(alice):
    one = make_person("Rossi", first_name="Mario", owner=alice)
    other = make_person("Rossi", first_name="Mario Luigi", owner=alice)
    merged(one, other, actor=alice, name=other.pk)
    assert (one.name, one.first_name, one.aliases) == (
        "Mario Luigi Rossi",
        "Mario Luigi",
        ["Mario Rossi"],
    )


def test_the_old_code_finds_it_and_the_old_address_leads_to_it(as_, alice, company, twin):
    merged(company, twin, actor=alice)
    client = as_("alice")
    page = client.get(reverse("contact_list"), {"q": twin.number}).content.decode()
    assert company.get_absolute_url() in page
    assert twin.get_absolute_url() not in page
    assert client.get(twin.get_absolute_url()).url == company.get_absolute_url()
    assert client.get(reverse("contact_edit", args=[twin.pk])).url == company.get_absolute_url()
    assert client.post(reverse("contact_edit", args=[twin.pk])).status_code == 404
    assert twin.number in client.get(company.get_absolute_url()).content.decode()
    assert as_("carol").get(twin.get_absolute_url()).status_code == 404
    trash = client.get(reverse("trash_list", args=["contact"])).content.decode()
    assert twin.number not in trash
    assert client.post(reverse("record_restore", args=["contact", twin.pk])).status_code == 404


def test_it_is_told_in_both_histories_by_code(alice, company, twin):
    add_entry(twin, actor=alice, entry="call", text="They rang")
    merged(company, twin, actor=alice)
    lines = lines_of(Contact, events_of(company), alice)
    assert "They rang" in [line.event.text for line in lines]
    line = next(line for line in lines if line.event.verb == "merged")
    assert [(change.label, change.new) for change in line.changes] == [
        ("Former codes", twin.number)
    ]
    assert [event.verb for event in events_of(twin)] == ["merged_away"]


def test_what_merged_before_follows(as_, alice, company, twin):
    third = make_company("F I A T", owner=alice, actor=alice)
    merged(twin, third, actor=alice)
    merged(company, twin, actor=alice)
    assert set(company.former_numbers) == {twin.number, third.number}
    assert as_("alice").get(third.get_absolute_url()).url == company.get_absolute_url()


def test_three_and_more_at_once(alice, company, twin):
    others = [make_company(f"Fiat {number}", owner=alice) for number in range(8)]
    merged(company, twin, *others, actor=alice)
    assert len(company.former_numbers) == 9
    assert list(Contact.objects.alive()) == [company]
    with pytest.raises(ActionRefused):
        merged(company, actor=alice)


def test_it_says_no_to_what_cannot_be(alice, carol, company, twin):
    person = make_person(owner=alice)
    with pytest.raises(ActionRefused, match="A company and a person"):
        merged(company, person, actor=alice)
    with pytest.raises(ActionRefused, match="not yours"):
        merged(company, twin, actor=carol)
    trash_record(twin, actor=alice)
    with pytest.raises(ActionRefused, match="not there any more"):
        merged(company, twin, actor=alice)
    with pytest.raises(ActionRefused, match="which one stays"):
        merge_contacts(Wish((company.pk, twin.pk), 1), actor=alice)


def test_nobody_works_in_themselves_afterwards(alice, company):
    """Data from elsewhere may say that a company works in a company."""
    twin = make_company("Fiat", owner=alice)
    Employment.objects.create(company=company, person=twin)
    merged(company, twin, actor=alice)
    assert first_ties(company, alice).rows == []


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_that_overlap_one_wins(alice, company, twin):
    third = make_company("F I A T", owner=alice)
    told, gate = [], threading.Barrier(2)

    def try_it(survivor, other):
        gate.wait()
        try:
            merge_contacts(Wish((survivor.pk, other.pk), survivor.pk), actor=alice)
            told.append("merged")
        except ActionRefused:
            told.append("refused")
        finally:
            connection.close()

    pairs = [(company, twin), (third, twin)]
    threads = [threading.Thread(target=try_it, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["merged", "refused"]
    assert Merge.objects.count() == FormerContact.objects.count() == 1


def test_that_two_are_not_the_same_is_remembered_for_what_they_become(alice, company, twin):
    third = make_company("Fiat Bar", owner=alice)
    part(twin, third, actor=alice)
    merged(company, twin, actor=alice)
    pair = Likeness.objects.of_pair(company.pk, third.pk).get()
    assert pair.parted_by == alice
