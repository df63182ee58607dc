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


def test_the_people_of_the_company_are_proposed_before_all_others(as_, alice, company):
    other = make_person("Abati", first_name="Anna", owner=alice, actor=alice)
    staff = make_person("Zani", first_name="Anna", owner=alice, actor=alice)
    Employment.objects.create(company=company, person=staff)
    client, url = as_("alice"), reverse("lookup", args=["contact-person"])

    def keys(**query: object) -> list[int]:
        answer = client.get(url, {"of": company.pk, **query}).json()
        return [found["id"] for found in answer["results"]]

    assert keys() == [staff.pk]
    assert keys(q="anna") == [staff.pk, other.pk]
    assert keys(q="abati") == [other.pk]
    for of in ("", "x", "9" * 30, 987654321):
        assert keys(of=of, q="anna") == [other.pk, staff.pk]


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_nobody_learns_from_a_picker_who_works_in_a_hidden_company(as_, alice, team, who, request):
    viewer = request.getfixturevalue(who)
    hidden = make_company("Quokka", owner=alice, team=team, is_restricted=True, actor=alice)
    shown = make_company("Wombat", owner=viewer, actor=viewer)
    plain = make_person("Abati", first_name="Anna", owner=viewer, actor=viewer)
    staff = make_person("Zani", first_name="Anna", owner=viewer, actor=viewer)
    secret = make_person("Quokkason", first_name="Anna", owner=alice, is_restricted=True)
    Employment.objects.create(company=hidden, person=staff)
    Employment.objects.create(company=shown, person=secret)
    client, url = as_(who), reverse("lookup", args=["contact-person"])
    for company in (hidden, shown):
        answer = client.get(url, {"of": company.pk, "q": "anna"})
        assert [found["id"] for found in answer.json()["results"]] == [plain.pk, staff.pk]
        assert "Quokka" not in answer.content.decode()
