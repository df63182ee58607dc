"""Who is here already, asked while one types and before a new one is saved (B38)."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.contacts.duplicates import Traits, likely_same
from crm.contacts.models import Contact, Likeness
from crm.records.history import events_of, lines_of
from tests.factories import make_company, make_person
from tests.forms import as_sent

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 6


def sent(**fields):
    return QueryDict("&".join(f"{key.replace('__', '-')}={value}" for key, value in fields.items()))


def reasons(user, type_="company", **fields):
    found = likely_same(user, Traits.sent(type_, sent(**fields)))
    return [(likely.contact.name, [str(reason) for reason in likely.reasons]) for likely in found]


@pytest.fixture
def fiat(alice, team):
    return make_company(
        "F.I.A.T. S.p.A.",
        aliases=["Fabbrica Italiana"],
        owner=alice,
        team=team,
        actor=alice,
        vat_id="IT01234567890",
        emails=["Info@Fiat.example", "office@bar-roma.example"],
        phones=["+39 011 123 4567"],
        city="Torino",
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"vat_id": "01234567890"}, ["tax"]),
        ({"tax_code": "it 0123 4567 890"}, ["tax"]),
        ({"emails__0__address": "info@fiat.example"}, ["mail"]),
        ({"phones__3__number": "011/1234567"}, ["phone"]),
        ({"name": "fiat srl"}, ["name"]),
        ({"name": "F I A T"}, ["name"]),
        ({"name": "Other", "aliases": "Fabbrica italiana"}, ["name"]),
        ({"name": "Fabbrica Italiana Auto"}, ["similar"]),
        ({"name": "Fabb"}, ["similar"]),
        ({"name": "Fabrica Itliana"}, ["similar"]),
        ({"name": "Fiat", "vat_id": "01234567890"}, ["tax", "name"]),
        ({"name": "Ferrari"}, None),
        ({"name": "Italiana Petroli"}, None),
        ({"name": "Fi"}, None),
        ({"vat_id": "123"}, None),
        ({"emails__0__address": "example"}, None),
        ({"emails__0__address": "office@bar"}, None),
        ({"phones__0__number": "011/1234567", "phones__0__DELETE": "on"}, None),
        ({}, None),
    ],
)
def test_the_reason_is_told(alice, fiat, typed, expected):
    assert reasons(alice, **typed) == ([(fiat.name, expected)] if expected else [])


def test_a_person_is_none_of_the_companies(alice, fiat):
    anna = make_person("Fiat", first_name="", owner=alice, phones=["011 123 4567"])
    assert reasons(alice, "person", last_name="Fiat") == [(anna.name, ["name"])]
    assert reasons(alice, "person", last_name="X", phones__0__number="0111234567") == [
        (anna.name, ["phone"])
    ]


def test_the_surest_comes_first_and_at_most_five(alice, fiat):
    make_company("Fiat Ricambi", owner=alice, phones=["011 1234567"])
    for number in range(6):
        make_company(f"Fiat Auto {number}", owner=alice)
    found = reasons(alice, name="Fiat", vat_id="01234567890", phones__0__number="011 1234567")
    assert found[0] == (fiat.name, ["tax", "name", "phone"])
    assert found[1] == ("Fiat Ricambi", ["phone", "similar"])
    assert len(found) == 5


def test_it_takes_few_statements(alice, fiat):
    typed = {"name": "Ferrari Auto", "vat_id": "98765432100", "phones__0__number": "02 999999"}
    typed["emails__0__address"] = "info@fiat.example"
    assert likely_same(alice, Traits.sent("company", sent(name="Fiat")))
    with CaptureQueriesContext(connection) as caught:
        reasons(alice, **typed)
    assert len(caught) <= MOST_STATEMENTS


def ask(client, type_="company", **fields):
    return client.post(reverse(f"{type_}_likely"), sent(**fields).dict())


def test_the_page_asks_while_one_types(as_, alice, fiat):
    page = as_("alice").get(reverse("company_create")).content.decode()
    assert reverse("company_likely") in page
    told = ask(as_("alice"), name="Fiat").content.decode()
    for piece in (fiat.get_absolute_url(), fiat.number, "Torino", "Alice Rossi", "Same name"):
        assert piece in told
    assert 'target="_blank"' in told
    assert ask(as_("alice"), name="Nobody").content.decode().strip() == ""


def test_what_one_does_not_see_is_not_betrayed(as_, alice, carol, fiat):
    typed = {"name": "Fiat", "vat_id": "01234567890", "emails__0__address": "info@fiat.example"}
    assert fiat.name in ask(as_("bob"), **typed).content.decode()
    assert ask(as_("carol"), **typed).content.decode().strip() == ""
    Contact.objects.filter(pk=fiat.pk).update(is_restricted=True)
    assert ask(as_("bob"), **typed).content.decode().strip() == ""
    before = Contact.objects.count()
    assert create(as_("carol"), name="Fiat", vat_id="01234567890").status_code == 302
    assert Contact.objects.count() == before + 1
    assert not Likeness.objects.exists()


def test_the_one_that_is_edited_is_not_like_itself(as_, alice, fiat):
    url = reverse("contact_edit", args=[fiat.pk])
    page = as_("alice").get(url).content.decode()
    address = f"{reverse('company_likely')}?but={fiat.pk}"
    assert address in page
    assert as_("alice").post(address, {"name": "Fiat"}).content.decode().strip() == ""
    data = as_sent(page) | {"notes": "Changed"}
    assert as_("alice").post(url, data).status_code == 302


def create(client, url="company_create", **fields):
    page = client.get(reverse(url)).content.decode()
    return client.post(reverse(url), as_sent(page) | fields)


def test_a_new_one_that_looks_like_one_is_asked_about_first(as_, alice, fiat):
    client = as_("alice")
    answer = create(client, name="Fiat S.r.l.", notes="Typed at length")
    assert answer.status_code == 422
    page = answer.content.decode()
    for piece in ("It is not one of these: save it anyway", fiat.number, "Typed at length"):
        assert piece in page
    assert Contact.objects.count() == 1
    saved = create(client, name="Fiat S.r.l.", not_same="1")
    made = Contact.objects.get(name="Fiat S.r.l.")
    assert saved.url == made.get_absolute_url()
    pair = Likeness.objects.of_pair(made.pk, fiat.pk).get()
    assert pair.parted_by == alice


def test_the_override_is_written_down_by_key(as_, alice, bob, fiat):
    create(as_("alice"), name="Fiat S.r.l.", not_same="1", team=fiat.team_id)
    made = Contact.objects.get(name="Fiat S.r.l.")
    event = events_of(made).get(verb="kept_apart")
    assert event.changes == [
        {"field": "not_same", "old": [], "new": [{"kind": "contact", "pk": fiat.pk}]}
    ]

    def told(reader):
        line = next(line for line in lines_of(Contact, [event], reader))
        return [(change.label, change.new) for change in line.changes]

    assert told(bob) == [("Not the same as", fiat.name)]
    Contact.objects.filter(pk=fiat.pk).update(is_restricted=True)
    assert fiat.name not in str(told(bob))


@pytest.mark.parametrize(
    "typed", [{"name": "Fiat Ricambi"}, {"name": "New", "phones-0-number": "011 1234567"}]
)
def test_a_weak_likeness_stops_nobody(as_, fiat, typed):
    assert create(as_("alice"), **typed).status_code == 302


def test_people_are_asked_about_too(as_, alice):
    make_person("Bianchi", first_name="Anna", owner=alice)
    typed = {"first_name": "anna", "last_name": "Bianchi"}
    assert create(as_("alice"), "person_create", **typed).status_code == 422
    assert create(as_("alice"), "person_create", not_same="1", **typed).status_code == 302


def test_who_may_not_make_contacts_is_not_told(as_, colleague, fiat):
    right = colleague.rights.get(kind="contact")
    right.change_scope = "none"
    right.save()
    assert ask(as_("alice"), name="Fiat").status_code == 403
