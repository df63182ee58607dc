"""How many statements a page takes (B41); and that more rows take no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.contacts.models import Category, Contact, Employment
from crm.records.models import Tag
from tests.factories import make_company, make_person

pytestmark = pytest.mark.django_db
MOST_OF_A_LIST, MOST_OF_A_CARD = 8, 12


@pytest.fixture
def heating(db) -> Category:
    return Category.objects.create(name_en="Heating")


def fill(count: int, owner, heating: Category) -> None:
    tag, _created = Tag.objects.get_or_create(name="VIP", defaults={"key": "vip"})
    for _number in range(count):
        company = make_company(actor=owner, owner=owner, phones=["+39 02 1"], tags=[tag])
        company.categories.add(heating)


def statements(client, url: str) -> int:
    client.get(url)  # what the process keeps is not the page's
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    "query",
    [
        "", "?sort=-name", "?tab=people", "?tab=leads", "?q=company", "?q=nothing+at+all",
        "?city=Lecco", "?mine=on", "?owner={owner}", "?categories={heating}",
        "?categories={heating}&owner={owner}&q=company",
    ],
)  # fmt: skip
def test_a_list_takes_eight_statements_however_long_it_is(as_, alice, heating, query):
    url = reverse("contact_list") + query.format(owner=alice.pk, heating=heating.pk)
    client = as_("alice")
    fill(3, alice, heating)
    few = statements(client, url)
    fill(20, alice, heating)
    assert statements(client, url) <= max(few, 1) <= MOST_OF_A_LIST


@pytest.mark.parametrize("who", ["alice", "admin"])
def test_a_card_takes_twelve_statements_however_full_it_is(as_, alice, admin, heating, who):
    client = as_(who)
    fill(1, alice, heating)
    company = Contact.objects.companies().latest("pk")
    url = company.get_absolute_url()
    few = statements(client, url)
    for _number in range(5):
        Employment.objects.create(company=company, person=make_person(actor=alice, owner=alice))
        company.phones.create(number="+39 02 2")
        company.emails.create(address="a@b.example")
    assert statements(client, url) == few <= MOST_OF_A_CARD


def test_a_person_costs_what_a_company_does(as_, alice):
    person = make_person(actor=alice, owner=alice)
    for _number in range(4):
        Employment.objects.create(company=make_company(actor=alice, owner=alice), person=person)
    assert statements(as_("alice"), person.get_absolute_url()) <= MOST_OF_A_CARD


def test_several_of_a_filter_find_a_row_once(as_, alice, heating):
    cameras = Category.objects.create(name_en="Cameras")
    company = make_company("Only once", actor=alice, owner=alice)
    company.categories.add(heating, cameras)
    make_company("Neither", actor=alice, owner=alice)
    query = f"?categories={heating.pk}&categories={cameras.pk}"
    page = as_("alice").get(reverse("contact_list") + query).content.decode()
    assert page.count(f'href="{company.get_absolute_url()}"') == 1
    assert "Neither" not in page
