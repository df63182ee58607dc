"""A merge is undone within UNDO_DAYS; then what it kept for that ends (E13)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.contacts.merging.merge import columns_of
from crm.contacts.merging.relations import places
from crm.contacts.merging.undo import end_merge, undo_merge
from crm.contacts.models import Contact, Employment, FormerContact, Merge
from crm.contacts.tasks import end_old_merges
from crm.records.actions import add_entry, purge_record, save_record, trash_record
from crm.records.errors import ActionRefused
from crm.records.models import CustomField, Event, Favourite, Tag, Tombstone
from crm.records.tasks import purge_expired_trash
from tests.contacts.merging import ROWS, merged
from tests.factories import make_company, make_person
from tests.records.test_trash import dump


def stand(contact):
    """Whatever a merge may change of a contact: its columns and all that points at it."""
    fresh = Contact.objects.get(pk=contact.pk)
    rows = {
        place.label: sorted(place.at(contact.pk).values_list("pk", flat=True))
        for place in places()
        if not place.label.startswith("records.event")
    }
    entries = sorted(
        Event.objects.filter(object_id=contact.pk)
        .exclude(verb__in=("merged", "merged_away", "unmerged", "changed"))
        .values_list("pk", flat=True)
    )
    computed = (fresh.search, fresh.city, fresh.phone, fresh.email)
    viewers = sorted(fresh.viewers.values_list("pk", flat=True))
    return columns_of(fresh), rows, entries, computed, viewers


def test_undone_at_once_everything_is_as_it_was(alice, bob, company, twin):
    CustomField.objects.create(kind="contact", key="size", type="text", name_en="Size")
    Contact.objects.filter(pk=twin.pk).update(custom={"size": "XL"}, stage="lead")
    both, person = Tag.objects.create(name="both"), make_person(owner=alice)
    for one in (company, twin):
        one.tags.add(both)
        Favourite.objects.create(user=alice, record=one)
    Employment.objects.create(company=company, person=person)
    Employment.objects.create(company=twin, person=person, function="Buyer")
    twin.viewers.add(bob)
    for label, make in ROWS.items():
        if "person_id" not in label and "favourite" not in label:
            make(twin, alice)
    for one in (company, twin):
        save_record(Contact.objects.get(pk=one.pk), actor=alice)
    before = stand(company), stand(twin)
    merge = merged(company, twin, actor=alice, stage=twin.pk, name=twin.pk)
    assert (stand(company), stand(twin)) != before
    parted = undo_merge(merge, actor=alice)
    assert parted.stays == []
    assert (stand(company), stand(twin)) == before
    assert Employment.objects.get(company=company, person=person).function == ""
    assert not FormerContact.objects.filter(merge=merge).exists()
    with pytest.raises(ActionRefused, match="any more"):
        undo_merge(merge, actor=alice)


def test_rows_come_back_to_their_places_among_those_that_stayed(alice, company, twin):
    """The twin's second phone stays out of sight, because the company has it."""
    company.phones.create(number="02 333333")
    twin.phones.all().delete()
    for place, number in ((2, "02 222222"), (1, "02 333333"), (0, "02 111111")):
        twin.phones.create(number=number, position=place)
    save_record(twin, actor=alice)
    numbers = ["02 111111", "02 333333", "02 222222"]
    assert [phone.number for phone in twin.phones.all()] == numbers
    merge = merged(company, twin, actor=alice)
    assert [phone.number for phone in company.phones.all()] == [
        "02 333333",
        "02 111111",
        "02 222222",
    ]
    company.phones.create(number="02 444444", position=3)
    undo_merge(merge, actor=alice)
    assert [phone.number for phone in twin.phones.all()] == numbers
    assert [phone.number for phone in company.phones.all()] == ["02 333333", "02 444444"]


def test_what_changed_since_stays_and_is_told(as_, alice, company, twin):
    note = add_entry(twin, actor=alice, entry="note", text="Of the twin")
    phone = twin.phones.get()
    merge = merged(company, twin, actor=alice)
    company.vat_id, company.aliases = "IT999", [*company.aliases, "Added since"]
    save_record(company, actor=alice, write=lambda row: row.phones.all().delete())
    since = add_entry(company, actor=alice, entry="note", text="Written since")
    page = as_("alice").post(reverse("merge_undo", args=[merge.pk]), follow=True).content.decode()
    assert "Back again: Fiat." in page
    assert "1 line was moved or removed since" in page
    assert "VAT id" in page
    company.refresh_from_db()
    assert (company.vat_id, company.aliases) == ("IT999", ["Added since"])
    assert not Contact.objects.get(pk=twin.pk).phones.filter(pk=phone.pk).exists()
    assert Event.objects.get(pk=note.pk).object_id == twin.pk
    assert Event.objects.get(pk=since.pk).object_id == company.pk


def test_a_merge_upon_a_merge_is_undone_from_the_last_one(alice, company, twin):
    third = make_company("F I A T", owner=alice, actor=alice)
    before = [stand(one) for one in (company, twin, third)]
    first = merged(twin, third, actor=alice)
    second = merged(company, twin, actor=alice)
    with pytest.raises(ActionRefused, match="undo that first"):
        undo_merge(first, actor=alice)
    undo_merge(second, actor=alice)
    undo_merge(first, actor=alice)
    assert [stand(one) for one in (company, twin, third)] == before


def test_who_may_not_change_them_does_not_undo(as_, alice, company, twin):
    merge = merged(company, twin, actor=alice)
    url = reverse("merge_undo", args=[merge.pk])
    assert [as_(who).post(url).status_code for who in ("bob", "carol")] == [403, 404]
    assert as_("alice").get(url).status_code == 405
    assert FormerContact.objects.exists()


def test_recent_merges_are_listed_for_those_who_see_what_they_became(
    as_, admin, alice, bob, company
):
    hidden = make_company("Hidden twin", owner=admin, is_restricted=True, viewers=[alice])
    merged(company, hidden, actor=admin)
    plain, other = make_company("Plain", owner=alice), make_company("Plain twin", owner=alice)
    merged(plain, other, actor=alice)
    url = reverse("merge_list")
    pages = {who: as_(who).get(url).content.decode() for who in ("admin", "alice", "bob", "carol")}
    assert "Hidden twin" in pages["admin"]
    assert "Plain twin" in pages["alice"]
    for who in ("bob", "carol"):
        assert "Hidden twin" not in pages[who]
        assert "Plain" not in pages[who]
    only = as_("alice").get(url, {"contact": plain.pk}).content.decode()
    assert "Plain twin" in only
    assert company.name not in only


def test_access_stays_closed_when_something_was_written_in_confidence(alice, bob, admin, company):
    hidden = make_company("Hidden twin", owner=alice, is_restricted=True)
    merge = merged(company, hidden, actor=alice)
    add_entry(company, actor=alice, entry="note", text="Between us")
    parted = undo_merge(merge, actor=alice)
    assert "access stays restricted" in parted.stays[0]
    assert not Contact.objects.visible_to(bob).filter(pk=company.pk).exists()


def test_after_its_days_a_merge_stays_and_only_code_and_address_are_left(
    as_,
    alice,
    company,
    twin,
    settings,
):
    settings.UNDO_DAYS = 30
    merge = merged(company, twin, actor=alice)
    late = add_entry(twin, actor=alice, entry="note", text="Written while they merged")
    end_old_merges()
    assert Merge.objects.exists()
    Merge.objects.update(at=timezone.now() - dt.timedelta(days=31))
    with pytest.raises(ActionRefused):
        undo_merge(merge, actor=alice)
    end_old_merges()
    end_merge(merge)  # another worker, late
    assert not Merge.objects.exists()
    assert not Contact.objects.filter(pk=twin.pk).exists()
    assert Tombstone.objects.get().number == twin.number
    assert FormerContact.objects.get().contact is None
    assert Event.objects.get(pk=late.pk).object_id == company.pk
    assert as_("alice").get(twin.get_absolute_url()).url == company.get_absolute_url()
    found = as_("alice").get(reverse("contact_list"), {"q": twin.number}).content.decode()
    assert company.get_absolute_url() in found


def test_the_clockwork_of_the_trash_leaves_merged_ones_alone(alice, company, twin, settings):
    merged(company, twin, actor=alice)
    Contact.objects.filter(pk=twin.pk).update(trashed_at=timezone.now() - dt.timedelta(days=99))
    purge_expired_trash()
    assert Contact.objects.filter(pk=twin.pk).exists()


def test_a_person_who_is_erased_leaves_nothing_in_what_merging_kept(as_, alice):
    """E13: names of both are looked for in every table."""
    person = make_person("Canaryson", first_name="Quintilla", owner=alice, actor=alice)
    other = make_person(
        "Canaryson",
        first_name="Quinta",
        owner=alice,
        actor=alice,
        emails=["quinta@canary.example"],
        notes="Likes canary seed",
    )
    third = make_person("Canaryson", first_name="Quintessa", owner=alice, actor=alice)
    add_entry(other, actor=alice, entry="call", text="Quinta rang")
    merged(other, third, actor=alice)
    undone = merged(person, make_person("Canary", first_name="Quin", owner=alice), actor=alice)
    gone = Contact.objects.get(pk=undone.former.get().key)
    undo_merge(undone, actor=alice)
    merged(person, other, actor=alice)
    for one in (person, gone):
        trash_record(one, actor=alice)
        purge_record(one, actor=alice)
    left = dump()
    for word in ("Quint", "Canary", "canary", "quint"):
        assert word not in left, [line[:200] for line in left.splitlines() if word in line]
    assert not Merge.objects.exists()
