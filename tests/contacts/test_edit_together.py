"""What changed while somebody was editing: both are shown, neither is lost."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions import save_record, trash_record
from crm.records.errors import ActionRefused
from tests.contacts.posting import posted
from tests.forms import as_sent

pytestmark = pytest.mark.django_db


Enter = Callable[[str], Client]


def test_a_second_editor_sees_both_versions(as_: Enter, company: Contact, alice: User) -> None:
    url = reverse("contact_edit", args=[company.pk])
    seen = as_("alice").get(url).context["form"].initial["seen"]
    first = posted(name="First", version=1, owner=alice.pk, team=company.team_id, seen=seen)
    assert as_("alice").post(url, first).status_code == 302
    late = posted(
        name=company.name,
        notes="Typed for an hour",
        version=1,
        owner=alice.pk,
        team=company.team_id,
        seen=seen,
    )
    answer = as_("alice").post(url, late)
    assert answer.status_code == 409
    found = {item.name: item for item in answer.context["differences"]}
    assert set(found) == {"name", "notes"}
    assert (found["name"].theirs, found["name"].is_touched) == ("First", False)
    assert (found["notes"].mine, found["notes"].is_touched) == ("Typed for an hour", True)
    chosen = late | {"version": 2, "keep-name": "theirs", "keep-notes": "mine"}
    assert as_("alice").post(url, chosen).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.notes, company.version) == ("First", "Typed for an hour", 3)


def test_what_went_to_the_trash_meanwhile_stays_there(company: Contact, alice: User) -> None:
    read_before = Contact.objects.get(pk=company.pk)
    trash_record(company, actor=alice)
    with pytest.raises(ActionRefused):
        save_record(read_before, actor=alice, expected_version=read_before.version)
    company.refresh_from_db()
    assert company.is_trashed


def test_a_hostile_memory_of_what_was_seen_is_no_memory(as_: Enter, company: Contact) -> None:
    url = reverse("contact_edit", args=[company.pk])
    data = as_sent(as_("alice").get(url).content.decode())
    answer = as_("alice").post(url, data | {"version": "0", "seen": "[" * 100_000})
    assert answer.status_code == 409


def test_what_was_typed_survives_the_trash(as_: Enter, company: Contact, alice: User) -> None:
    """Somebody trashes the record while alice types: nothing is saved, nothing is lost."""
    trash_record(company, actor=alice)
    url = reverse("contact_edit", args=[company.pk])
    data = posted(name=company.name, notes="Typed for an hour", version=1, owner=alice.pk)
    answer = as_("alice").post(url, data | {"team": company.team_id})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Typed for an hour" in page
    assert "Restore it first" in page
    assert as_("alice").get(url).status_code == 404
    assert as_("carol").post(url, data).status_code == 404


def test_a_conflict_shows_the_lines_of_both_and_loses_neither(
    as_: Enter, company: Contact, alice: User
) -> None:
    url = reverse("contact_edit", args=[company.pk])
    phone = company.phones.create(number="+39 011 000 0000", use="work")
    alices = as_("alice")
    page = as_sent(alices.get(url).content.decode())
    first = page | {"phones-0-number": "+39 011 111 1111"}
    assert alices.post(url, first).status_code == 302
    late = page | {"phones-0-number": "+39 011 222 2222"}
    answer = alices.post(url, late)
    assert answer.status_code == 409
    (found,) = answer.context["differences"]
    assert (found.name, found.is_touched) == ("phones", True)
    assert "111 1111" in found.theirs
    assert "222 2222" in found.mine
    again = as_sent(answer.content.decode())
    for keep, kept in (("theirs", "+39 011 111 1111"), ("mine", "+39 011 222 2222")):
        again["version"] = [str(Contact.objects.get(pk=company.pk).version)]
        assert alices.post(url, again | {"keep-phones": keep}).status_code == 302
        phone.refresh_from_db()
        assert phone.number == kept


@pytest.mark.parametrize(("keep", "numbers"), [("mine", ["1", "222 2222"]), ("theirs", ["1"])])
def test_a_line_that_was_removed_meanwhile_is_kept_as_a_new_one_or_stays_away(
    as_: Enter, company: Contact, keep: str, numbers: list[str]
) -> None:
    url = reverse("contact_edit", args=[company.pk])
    company.phones.create(number="0", use="work", position=0)
    company.phones.create(number="1", use="mobile", position=1)
    alices = as_("alice")
    page = as_sent(alices.get(url).content.decode())
    assert alices.post(url, page | {"phones-0-DELETE": "on"}).status_code == 302
    answer = alices.post(url, page | {"phones-0-number": "222 2222"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Please check this form" not in html
    again = as_sent(html) | {"keep-phones": keep}
    assert alices.post(url, again).status_code == 302
    assert sorted(company.phones.values_list("number", flat=True)) == numbers
