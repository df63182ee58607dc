"""`manage.py rebuild_search`."""

from io import StringIO

import pytest
from django.core.management import call_command

from crm.contacts import rebuilding
from crm.contacts.models import Contact
from tests.factories import make_company, make_person

pytestmark = pytest.mark.django_db


def run(*options: str) -> str:
    out = StringIO()
    call_command("rebuild_search", *options, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def spoilt(db: None, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Five contacts, three of them without their words; batches of two. What they should have."""
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    for number in range(3):
        make_company(f"Fiat {number}", emails=[f"a{number}@fiat.example"], phones=["055 1234567"])
    for number in range(2):
        make_person(f"Rossi{number}", aliases=["Rosso"])
    right = list(Contact.objects.order_by("pk").values_list("search", "near"))
    wrong = list(Contact.objects.order_by("pk").values_list("pk", flat=True))[1:4]
    Contact.objects.filter(pk__in=wrong).update(search="'old'", near="")
    return right


def stored() -> list[tuple[str, str]]:
    return list(Contact.objects.order_by("pk").values_list("search", "near"))


def test_a_dry_run_counts_and_changes_nothing(spoilt):
    before = stored()
    assert run("--dry-run") == "5 contacts looked at, 3 would be written anew."
    assert stored() == before


def test_all_words_are_right_again_and_a_second_run_writes_nothing(spoilt):
    moments = list(Contact.objects.order_by("pk").values_list("updated_at", "version"))
    assert run() == "5 contacts looked at, 3 written anew."
    assert stored() == spoilt
    assert run() == "5 contacts looked at, 0 written anew."
    assert list(Contact.objects.order_by("pk").values_list("updated_at", "version")) == moments


def test_without_contacts_there_is_nothing_to_do(db):
    assert run() == "0 contacts looked at, 0 written anew."
