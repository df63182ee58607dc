"""The search box and its page: grouped, marked, explained; and only what one may see."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.contacts.models import Employment
from crm.records.actions import trash_record
from crm.reports.marking import marked
from tests.factories import make_company, make_person

pytestmark = pytest.mark.django_db
SEARCH = reverse("search")
HTMX = {"HX-Request": "true"}
SIMILAR = "Nothing has exactly these words. Similar:"


def page(client, text: str) -> str:
    return client.get(SEARCH, {"q": text}).content.decode()


def box(client, text: str) -> str:
    return client.get(SEARCH, {"q": text}, headers=HTMX).content.decode()


def groups(html: str) -> list[str]:
    return re.findall(r'id="found-\d+"[^>]*>([^<]+)<', html)


@pytest.mark.parametrize("look", [page, box])
def test_companies_and_people_are_two_groups(as_, alice, company, look):
    make_person("Fiatello", owner=alice, actor=alice)
    html = look(as_("alice"), "fiat")
    assert groups(html) == ["Companies", "People"]
    assert html.index("S.p.A.") < html.index("Fiatello")


@pytest.mark.parametrize("look", [page, box])
def test_a_person_shows_the_companies_that_one_may_see(as_, alice, carol, company, look):
    person = make_person("Bianchi", owner=carol, actor=carol)
    own = make_company("Carola Snc", owner=carol, actor=carol)
    for employer in (company, own):
        Employment.objects.create(company=employer, person=person)
    html = look(as_("carol"), "bianchi")
    assert "Carola Snc" in html
    assert "F.I.A.T." not in html


@pytest.mark.parametrize("look", [page, box])
@pytest.mark.parametrize(
    ("asked", "fact", "value"),
    [
        ("quarta", "Also known as", "<mark>Quarta</mark>"),
        ("01234567890", "VAT id", "<mark>IT01234567890</mark>"),
        ("second@zeta.example", "E-mail", "<mark>second@zeta.example</mark>"),
        ("zeta.example", "E-mail", "<mark>first@zeta.example</mark>"),
        ("055 765", "Phone", "<mark>+39 055 7654321</mark>"),
    ],
)
def test_it_says_why_a_row_is_there_when_its_name_does_not(as_, alice, look, asked, fact, value):
    make_company(
        "Omega", owner=alice, actor=alice, vat_id="IT01234567890",
        aliases=["Prima", "Seconda", "Terza", "Quarta"],
        emails=["first@zeta.example", "second@zeta.example"],
        phones=["+39 02 1", "+39 055 7654321"],
    )  # fmt: skip
    html = look(as_("alice"), asked)
    assert f"{fact}: <bdi>{value}</bdi>" in html


def test_where_the_name_shows_it_nothing_is_explained(as_, alice, company):
    company.emails.create(address="info@fiat.example")
    assert "E-mail" not in box(as_("alice"), "fiat")


@pytest.mark.parametrize("look", [page, box])
def test_near_misses_are_told_apart_and_offered_beside_creating(as_, alice, company, look):
    make_company("Panificio Rossi", owner=alice, actor=alice)
    html = look(as_("alice"), "panifico rossi")
    assert SIMILAR in html
    assert "Panificio" in html
    assert f"{reverse('company_create')}?name=panifico+rossi" in html
    assert f"{reverse('person_create')}?name=panifico+rossi" in html
    assert SIMILAR not in look(as_("alice"), "panificio rossi")
    assert "?name=" not in look(as_("alice"), "panificio rossi")


def test_where_one_group_has_all_words_misspelt_no_other_shows_some_of_them(as_, alice):
    make_company("Panificio Rossi", owner=alice, actor=alice)
    make_person("Rossi", first_name="Marco", owner=alice, actor=alice)
    html = page(as_("alice"), "panifico rosi")
    assert "Panificio" in html
    assert "Marco" not in html
    assert "Marco" in page(as_("alice"), "marco rosi qwe")


def test_a_miss_offers_nothing_to_whoever_may_not_create(as_, company, colleague, alice):
    colleague.rights.update(change_scope="none")
    html = page(as_("alice"), "nobody called so")
    assert "Nothing found for “nobody called so”." in html
    assert "?name=" not in html


@pytest.mark.parametrize("text", ["055 1234567", "a@b.example", "..."])
def test_what_is_no_name_is_not_offered_as_one(as_, alice, text):
    assert "?name=" not in page(as_("alice"), text)


def test_a_new_card_begins_with_the_name_that_was_looked_for(as_, alice):
    client = as_("alice")
    html = client.get(reverse("company_create"), {"name": "Nuova Ditta"}).content.decode()
    assert 'value="Nuova Ditta"' in html
    html = client.get(reverse("person_create"), {"name": "Anna Maria Verdi"}).content.decode()
    assert 'value="Anna Maria"' in html
    assert 'value="Verdi"' in html


def test_more_than_fit_lead_to_the_tab_of_the_list_that_has_them(as_, alice):
    for number in range(8):
        make_company(f"Fiatella {number}", stage="lead", owner=alice, actor=alice)
        make_person(f"Fiatetti{number}", owner=alice, actor=alice)
    html = box(as_("alice"), "fiat")
    assert html.count("<mark>Fiatella</mark>") == html.count("<mark>Fiatetti") == 6
    for tab, name in (("leads", "Fiatella 7"), ("people", "Fiatetti7")):
        url = f"{reverse('contact_list')}?tab={tab}&amp;q=fiat"
        assert url in html
        assert name in as_("alice").get(url.replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize("asked", ["quokka", "quokka rossi", "quoka rosi", "07 7777777"])
@pytest.mark.parametrize("who", ["bob", "carol"])
def test_what_is_restricted_or_in_the_trash_shows_nowhere(as_, alice, team, who, asked, request):
    facts = {"owner": alice, "team": team, "actor": alice, "phones": ["07 7777777"]}
    request.getfixturevalue(who)
    make_company("Quokka Rossi", is_restricted=True, **facts)
    make_person("Rossi", first_name="Quokka", is_restricted=True, **facts)
    trash_record(make_company("Quokka Rossi Due", **facts), actor=alice)
    client = as_(who)
    lookups = [reverse("lookup", args=[name]) for name in ("company", "contact-person")]
    for url in (SEARCH, reverse("contact_list"), *lookups):
        for headers in ({}, HTMX):
            html = client.get(url, {"q": asked}, headers=headers).content.decode()
            assert "Quokka" not in html, url
    assert "Quokka" in page(as_("alice"), asked)


def test_what_hangs_on_a_hidden_company_does_not_explain_a_person(as_, alice, carol):
    hidden = make_company("Quokka", owner=alice, is_restricted=True, actor=alice)
    person = make_person("Bianchi", owner=carol, actor=carol)
    Employment.objects.create(company=hidden, person=person)
    for look in (page, box):
        assert "Quokka" not in look(as_("carol"), "bianchi")
    picker = as_("carol").get(reverse("lookup", args=["contact-person"]), {"q": "bianchi"})
    assert "Quokka" not in picker.content.decode()


@pytest.mark.parametrize("asked", ["fiat", "panifico", "zzyzxq", "055 1"])
def test_a_search_takes_as_many_statements_however_much_it_finds(as_, alice, asked):
    client = as_("alice")

    def fill(count: int) -> None:
        for number in range(count):
            company = make_company(f"Fiat {number}", owner=alice, actor=alice, phones=["055 123"])
            make_company(f"Panificio {number}", owner=alice, actor=alice)
            person = make_person(f"Fiatetti {number}", owner=alice, actor=alice)
            Employment.objects.create(company=company, person=person)

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            box(client, asked)
        return len(caught)

    fill(2)
    statements()
    few = statements()
    fill(10)
    assert statements() <= few <= 9


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("F.I.A.T. S.p.A.", "fiat", "<mark>F.I.A.T.</mark> S.p.A."),
        ("F I A T auto", "fiat", "<mark>F I A T</mark> auto"),
        ("Fiat Auto", "f.i.a.t. au", "<mark>Fiat</mark> <mark>Auto</mark>"),
        ("L'Oréal Italia", "loreal", "<mark>L&#x27;Oréal</mark> Italia"),
        ("Știința", "stiin", "<mark>Știința</mark>"),
        ('כהן בע"מ', "בעמ", "כהן <mark>בע&quot;מ</mark>"),
        ("<b>Rossi</b>", "rossi", "&lt;b&gt;<mark>Rossi</mark>&lt;/b&gt;"),
        ("<mark>", "mark", "&lt;<mark>mark</mark>&gt;"),
        ("Rossi", "", "Rossi"),
        ("Rossi", "...", "Rossi"),
        ("A. Rossi & C.", "rossi", "A. <mark>Rossi</mark> &amp; C."),
        ("", "rossi", ""),
    ],
)
def test_words_that_begin_so_are_marked_and_all_is_escaped(text, asked, expected):
    assert marked(text, asked) == expected


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "' OR 1=1 --", "%(name)s", "a" * 999]
)
def test_what_is_typed_is_never_more_than_text(as_, alice, text):
    for look in (page, box):
        html = look(as_("alice"), text)
        assert "<script>alert" not in html
        assert "Nothing found" in html
