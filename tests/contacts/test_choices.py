"""What forms and filters say while nothing is chosen, and about a choice that is gone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Category, Contact, Employment
from crm.records.models import CustomField
from tests.contacts.posting import posted
from tests.factories import make_person

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
GONE = 987_654_321
NO_KEYS = [str(GONE), "9" * 30, "-1", "x"]


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


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize("name", ["owner", "team", "tags", "categories", "areas", "product_groups"])
def test_a_filter_on_what_is_gone_says_so(
    as_: Enter, company: Contact, name: str, key: str
) -> None:
    client, url = as_("alice"), reverse("contact_list")
    answer = client.get(url, {name: key})
    assert answer.status_code == 422
    assert company.name not in answer.content.decode()
    problems = answer.context["problems"]
    assert len(problems) == 1
    assert "no longer there" in problems[0][1]
    panel = client.get(url, {name: key, "panel": "filters"})
    assert panel.status_code == 200
    assert "no longer there" in panel.content.decode()


def test_a_filter_on_what_was_switched_off_says_so(as_: Enter, company: Contact) -> None:
    old = Category.objects.create(name_en="Steam", is_active=False)
    answer = as_("alice").get(reverse("contact_list"), {"categories": old.pk})
    assert "no longer there" in answer.content.decode()


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_view_that_is_gone_is_told(as_: Enter, company: Contact, key: str) -> None:
    page = as_("alice").get(reverse("contact_list"), {"view": key}).content.decode()
    assert "This view no longer exists" in page
    assert company.name in page
    plain = as_("alice").get(reverse("contact_list"), {"view": "none"}).content.decode()
    assert "This view no longer exists" not in plain


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize("name", ["owner", "tags", "viewers", "categories", "employments"])
def test_a_picker_says_that_its_choice_is_gone(
    as_: Enter, alice: User, name: str, key: str
) -> None:
    more = {"employments": [key]} if name == "employments" else {name: key}
    data = posted(**{"owner": alice.pk, "last_name": "Rossi"} | more)
    answer = as_("alice").post(reverse("person_create"), data)
    assert answer.status_code == 422
    assert "no longer available and is left out" in answer.content.decode()


@pytest.mark.parametrize("key", NO_KEYS)
def test_pickers_of_small_steps_say_so_too(as_: Enter, company: Contact, key: str) -> None:
    client = as_("alice")
    person = client.post(reverse("employment_create", args=[company.pk]), {"person": key})
    assert person.status_code == 422
    assert "no longer available" in person.content.decode()
    for name, field in (("assign", "owner"), ("tag", "add")):
        data = {"selected": company.pk, "sure": "1", field: key}
        answer = client.post(reverse("bulk", args=["contact", name]), data)
        assert answer.status_code == 422
        assert "no longer available" in answer.content.decode()
    url = reverse("entry_create", args=["contact", company.pk])
    note = client.post(url, {"entry": "note", "text": "Hello", "inform": key})
    assert note.status_code == 422
    assert "no longer available" in note.content.decode()
