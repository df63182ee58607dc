"""The people of a company and the companies of a person: a few on the card, all of them paged."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Contact, Employment
from crm.contacts.ties import ON_CARD, PAGE_SIZE
from tests.contacts.test_queries import MOST_OF_A_CARD, statements
from tests.factories import make_company, make_person

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
CARD_LINK = 'class="row-title"'


def employ(company: Contact, owner: User, count: int) -> list[Contact]:
    people = [
        make_person(f"Rossi {number:03}", owner=owner, actor=owner) for number in range(count)
    ]
    Employment.objects.bulk_create(Employment(company=company, person=one) for one in people)
    return people


def test_a_card_shows_the_first_few_and_leads_to_all(
    as_: Enter, company: Contact, alice: User
) -> None:
    url = company.get_absolute_url()
    client = as_("alice")
    employ(company, alice, ON_CARD)
    page = client.get(url).content.decode()
    assert page.count(CARD_LINK) == ON_CARD
    assert "Show all" not in page
    employ(company, alice, 5)
    page = client.get(url).content.decode()
    assert page.count(CARD_LINK) == ON_CARD
    assert f"Show all {ON_CARD + 5}" in page
    assert statements(client, url) <= MOST_OF_A_CARD


def test_all_people_come_by_name_a_page_at_a_time(
    as_: Enter, company: Contact, alice: User, admin: User
) -> None:
    people = employ(company, alice, PAGE_SIZE + 5)
    hidden = make_person("Hidden", owner=admin, is_restricted=True, actor=admin)
    Employment.objects.create(company=company, person=hidden)
    url = reverse("contact_ties", args=[company.pk])
    client = as_("alice")
    first = client.get(url)
    with CaptureQueriesContext(connection) as caught:
        second = client.get(f"{url}?at={first.context['page'].older}")
    shown = [row.person for row in (*first.context["rows"], *second.context["rows"])]
    assert len(first.context["rows"]) == PAGE_SIZE
    assert shown == people
    assert len(caught) <= MOST_OF_A_CARD
    assert "Hidden" not in first.content.decode() + second.content.decode()
    back = client.get(f"{url}?at={second.context['page'].newer}")
    assert [row.pk for row in back.context["rows"]] == [row.pk for row in first.context["rows"]]


def test_a_person_of_many_companies_is_bounded_too(as_: Enter, alice: User) -> None:
    person = make_person("Rossi", owner=alice, actor=alice)
    for number in range(ON_CARD + 1):
        company = make_company(f"Firm {number}", owner=alice, actor=alice)
        Employment.objects.create(company=company, person=person)
    page = as_("alice").get(person.get_absolute_url()).content.decode()
    assert page.count(CARD_LINK) == ON_CARD
    every = as_("alice").get(reverse("contact_ties", args=[person.pk])).content.decode()
    assert every.count(CARD_LINK) == ON_CARD + 1


@pytest.mark.parametrize("at", ["x", "e30", "WyJhIixudWxsLDFd", "\x00", "9" * 300])
def test_a_place_that_cannot_be_is_not_found(as_: Enter, company: Contact, at: str) -> None:
    url = reverse("contact_ties", args=[company.pk])
    assert as_("alice").get(url, {"at": at}).status_code in (200, 404)


def test_who_may_not_see_the_company_does_not_see_its_people(
    as_: Enter, company: Contact, alice: User
) -> None:
    employ(company, alice, 1)
    assert as_("carol").get(reverse("contact_ties", args=[company.pk])).status_code == 404
