"""What forms and filters say while nothing is chosen, and about a choice that is gone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Contact, Employment
from crm.records.models import CustomField
from tests.factories import make_person

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
GONE = 987_654_321


@pytest.fixture
def employment(alice: User, company: Contact) -> Employment:
    person = make_person("Rossi", owner=alice, actor=alice)
    return Employment.objects.create(company=company, person=person)


@pytest.mark.parametrize(
    ("name", "of", "words"),
    [
        ("company_create", "", "No choice"),
        ("person_create", "", "No choice"),
        ("contact_edit", "company", "No choice"),
        ("contact_edit", "person", "No choice"),
        ("employment_create", "company", "No choice"),
        ("employment_edit", "employment", "No choice"),
        ("view_save", "kind", "Nobody: only I see it"),
        ("contact_filters", "", "Any"),
        ("my_settings", "", ""),
    ],
)
def test_an_empty_choice_is_told_in_words(
    as_: Enter, company: Contact, employment: Employment, name: str, of: str, words: str
) -> None:
    for number, type_ in enumerate(CustomField.Type.values):
        CustomField.objects.create(kind="contact", key=f"f{number}", type=type_, name_en=type_)
    places = {
        "company": company.pk,
        "person": employment.person_id,
        "employment": employment.pk,
        "kind": "contact",
    }
    if name == "contact_filters":
        url = reverse("contact_list") + "?panel=filters"
    else:
        url = reverse(name, args=[places[of]] if of else [])
    page = as_("alice").get(url).content.decode()
    options = [line.split("<")[0] for line in page.split('<option value="')[1:]]
    texts = [option.partition(">")[2] for option in options if option.startswith('"')]
    assert "---" not in page
    assert set(texts) <= {words}
    assert texts or not words


def test_a_filter_on_a_yes_or_no_can_be_left_open(as_: Enter, company: Contact) -> None:
    CustomField.objects.create(kind="contact", key="f", type="yesno", name_en="Is heated")
    panel = as_("alice").get(reverse("contact_list") + "?panel=filters").content.decode()
    assert 'name="custom_f"' in panel
    assert '<option value="unknown"' not in panel
