"""Type-ahead on companies and people (F2.17, F2.18)."""

import pytest
from django.urls import reverse

from crm.contacts.models import Employment
from tests.factories import make_company, make_person

pytestmark = pytest.mark.django_db


def offered(client, name: str, text: str = ""):
    return client.get(reverse("lookup", args=[name]), {"q": text}).json()


@pytest.mark.parametrize("asked", ["F.I.A.T. spa", "fiat", "F I A T", "Fiat S.p.A."])
def test_the_company_meant_comes_before_all_that_begin_alike(as_, alice, company, asked):
    for number in range(20):
        make_company(f"Fiat {number:02} Service", owner=alice, actor=alice)
    answer = offered(as_("alice"), "company", asked)
    assert answer["results"][0]["id"] == company.pk
    assert answer["note"] == ""
    assert len(answer["results"]) <= 12


def test_the_hint_tells_namesakes_apart(as_, alice, company):
    person = make_person("Bianchi", owner=alice, actor=alice, city="Lecco")
    Employment.objects.create(company=company, person=person)
    found = offered(as_("alice"), "contact-person", "bianchi")["results"][0]
    assert found["hint"] == f"{person.number} · F.I.A.T. S.p.A. · Lecco"
    assert offered(as_("alice"), "company", "bianchi")["results"] == []


def test_similar_ones_are_shown_before_one_is_created(as_, alice):
    make_company("Panificio Rossi", owner=alice, actor=alice)
    answer = offered(as_("alice"), "company", "Panifico Rossi")
    assert [found["label"] for found in answer["results"]] == ["Panificio Rossi"]
    assert answer["note"] == "Nothing has exactly these words. Similar:"
    assert answer["create"]["label"] == "Create “Panifico Rossi”"


def test_before_anything_is_typed_what_was_opened_lately_comes_first(as_, alice, company):
    make_company("Aaa", owner=alice, actor=alice)
    person = make_person("Bianchi", owner=alice, actor=alice)
    client = as_("alice")
    assert offered(client, "company")["results"][0]["label"] == "Aaa"
    for record in (company, person):
        client.get(record.get_absolute_url())
    assert [found["id"] for found in offered(client, "company")["results"]] == [company.pk]
    assert [found["id"] for found in offered(client, "contact-person")["results"]] == [person.pk]


def test_a_list_that_finds_nothing_offers_what_may_be_meant(as_, alice, company):
    make_company("Panificio Rossi", stage="lead", owner=alice, actor=alice)
    client = as_("alice")
    for asked, words in (
        ("panifico rossi", "Nothing has exactly these words. Similar:"),
        ("panificio", "Elsewhere in this list:"),
    ):
        html = client.get(reverse("contact_list"), {"q": asked}).content.decode()
        assert words in html
        assert "Panificio Rossi" in html
