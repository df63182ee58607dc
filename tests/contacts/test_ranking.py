"""E5: who comes first, and what is offered where nothing has exactly these words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.contacts.models import Contact
from crm.contacts.names import first_and_last, near_keys
from tests.factories import make_company, make_person

pytestmark = pytest.mark.django_db
FIAT = ["F.I.A.T.", "FIAT", "F I A T", "f.i.a.t. spa", "Fiat S.p.A.", "F.I.A.T. spa"]


def names(text: str, limit: int = 12) -> list[str]:
    return [row.name for row in Contact.objects.best_matches(text, limit)]


def near(text: str, limit: int = 12) -> list[str]:
    matches = Contact.objects.looked_for(text, limit)
    assert matches.are_near, [row.name for row in matches.rows]
    return [row.name for row in matches.rows]


@pytest.fixture
def fiats(db: None) -> Contact:
    """The one, stored last, among many that begin alike."""
    for number in range(40):
        make_company(f"Fiat {number:02} Service S.r.l.")
    make_company("Autofficina Fiat")
    make_company("Altra Ditta", aliases=["Fiat"])
    return make_company("F.I.A.T. S.p.A.")


@pytest.mark.parametrize("asked", FIAT)
def test_every_spelling_has_the_same_first_result(fiats, asked):
    assert names(asked, 3)[:2] == ["F.I.A.T. S.p.A.", "Altra Ditta"]


def test_an_alias_answers_for_its_name_whatever_the_spelling(db):
    wanted = make_company("Fabbrica Italiana Automobili Torino", aliases=["F.I.A.T."])
    make_company("Fiat Lux")
    for asked in FIAT:
        assert Contact.objects.best_matches(asked, 5)[0] == wanted, asked


def test_the_order_is_keys_name_alias_beginning_words(db):
    make_company("Zeta Rossi")
    make_company("Rossi Impianti")
    make_company("Alfa", aliases=["Rossi"])
    make_company("Rossi S.n.c.")
    make_company("Rossini")
    assert names("rossi") == ["Rossi S.n.c.", "Alfa", "Rossi Impianti", "Rossini", "Zeta Rossi"]


@pytest.mark.parametrize(
    "asked",
    [
        "C-00042", "c00042", "IT 01234567890", "01234567890", "RSSMRA80A01H501U",
        "info@rossi.example", "INFO@ROSSI.EXAMPLE", "+39 055 123 4567", "0039 055 1234567",
        "055/123 45 67", "0551234567",
    ],
)  # fmt: skip
def test_a_key_comes_before_any_name(db, asked):
    wanted = make_company(
        "Zeta", vat_id="IT01234567890", tax_code="RSSMRA80A01H501U",
        emails=["info@rossi.example"], phones=["+39 055 1234567"],
    )  # fmt: skip
    for other in ("Alfa", f"{asked}x due"):
        make_company(other, aliases=[f"{asked}x tre"])
    wanted.number = "C-00042"
    wanted.save()
    wanted.after_write()
    assert Contact.objects.best_matches(asked, 5)[0] == wanted


@pytest.mark.parametrize("stored", ["+39 055 1234567", "0039 055/1234567", "055 123 45 67"])
@pytest.mark.parametrize("asked", ["+39 055 1234", "0039-055 1234", "055/1234", "0551234567"])
def test_a_phone_is_found_in_any_notation_while_it_is_typed(db, stored, asked):
    wanted = make_company("Rossi", phones=[stored])
    make_company("Verdi", phones=["+39 02 7654321"])
    assert Contact.objects.best_matches(asked, 5) == [wanted]
    assert Contact.objects.matching(asked).get() == wanted


@pytest.mark.parametrize("asked", ["info@so-clinic.example", "so-clinic.example", "@So-Clinic"])
def test_an_address_is_found_whole_and_by_its_domain(db, asked):
    wanted = make_company("Zeta", emails=["info@so-clinic.example"])
    make_company("Clinica", emails=["info@clinica.example"])
    assert Contact.objects.best_matches(asked, 5) == [wanted]


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("L'Oréal Italia S.R.L.", "loreal italia"),
        ("Știința Verde SRL", "S.C. Stiinta verde"),
        ("SC Termoclima SRL", "termoclima"),
        ("כהן ובניו בע״מ", "כהן ובניו"),
        ("חברה בע״מ", "חברה"),
        ("So Clinic", "soclinic srl"),
    ],
)
def test_names_of_all_languages_come_first_by_their_core(db, stored, asked):
    for end in (" due", " group", " nord"):
        make_company(stored + end)
    wanted = make_company(stored)
    assert Contact.objects.best_matches(asked, 5)[0] == wanted


def test_no_row_comes_twice_and_no_more_than_asked_for(fiats):
    for limit in (1, 5, 42, 50):
        found = names("fiat", limit)
        assert len(found) == len(set(found)) == min(limit, 43)


def test_all_stages_take_one_statement_and_near_misses_two_more(fiats):
    Contact.objects.looked_for("zzyzxq wwoozq", 5)  # reads what is frequent, once in ten minutes
    with CaptureQueriesContext(connection) as caught:
        Contact.objects.looked_for("fiat", 5)
    assert len(caught) == 1
    with CaptureQueriesContext(connection) as caught:
        Contact.objects.looked_for("zzyzxq wwoozq", 5)
    assert len(caught) <= 3


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Panifico Rossi", "Panificio Rossi S.n.c."),
        ("panificoi rosi", "Panificio Rossi S.n.c."),
        ("panifisio", "Panificio Rossi S.n.c."),
        ("loreal itlia", "L'Oréal Italia S.R.L."),
        ("condomino", "Condominio Aurora"),
        ("Panifico Rossi Milano", "Panificio Rossi S.n.c."),
        ("termocilma", "SC Termoclima SRL"),
        ("טכנולגיות", "טכנולוגיות הצפון בע״מ"),
        ("arora", "Condominio Aurora"),
        ("officina idrulica", "Zeta S.r.l."),
    ],
)
def test_a_typing_error_finds_what_was_meant(db, asked, meant):
    make_company("Panificio Rossi S.n.c.")
    make_company("L'Oréal Italia S.R.L.")
    make_company("Condominio Aurora")
    make_company("SC Termoclima SRL")
    make_company("טכנולוגיות הצפון בע״מ")
    make_company("Zeta S.r.l.", aliases=["Officina Idraulica"])
    make_person("Bianchi", first_name="Marco")
    assert near(asked)[0] == meant


def test_the_likest_comes_first_and_the_unlike_not_at_all(db):
    make_company("Panificio Rossini")
    make_company("Panificio Rossi")
    make_company("Pasticceria Rossetti")
    assert near("panifico rossi") == ["Panificio Rossi", "Panificio Rossini"]
    assert near("qwertz asdfgh") == []


def test_of_the_equally_like_whole_words_that_are_closer_come_first(db):
    for name in ("Panificația Aurora", "Panificația Zorile", "Panificio Bianchi"):
        make_company(name)
    assert near("panifico")[0] == "Panificio Bianchi"


def test_near_misses_are_asked_for_only_where_nothing_matches(db):
    make_company("Panificio Rossi")
    make_company("Panifico Rosa")
    matches = Contact.objects.looked_for("panifico", 5)
    assert not matches.are_near
    assert [row.name for row in matches.rows] == ["Panifico Rosa"]


def test_short_words_and_numbers_have_no_errors():
    for word in ("spa", "12345", "c00412"):
        assert near_keys(word) == {word}
    assert near_keys("rossi") == near_keys("rosi") == {"rosi", "osi", "rsi", "roi", "ros"}


HOSTILE = [
    "'", "\\", "':* | !'x", "a & b | !c", "\0", "(", "<->", "=", "*", "~", "%", "+", "'~zzz'",
    "=zzz", "\u200f", "a" * 5000, "'" * 300, "ab " * 500, "\ud7ff\U0010ffff", "-- x", "; DROP",
    "%s", "{}", "\x1f\x7f", "@", "@@@@", "+" * 40, "+39", "١٢٣٤٥٦", "²³¹²³¹",
]  # fmt: skip


@pytest.mark.parametrize("asked", HOSTILE)
def test_nothing_that_is_typed_breaks_or_finds_the_wrong_one(db, asked):
    make_company("Rossi", phones=["02 1"])
    assert Contact.objects.looked_for(asked, 5).rows == []


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("Anna Maria Rossi", "Anna Maria", "Rossi"), ("Rossi", "", "Rossi"), (" ", "", "")],
)
def test_a_person_s_name_is_parted_before_its_last_word(name, first, last):
    assert first_and_last(name) == (first, last)
