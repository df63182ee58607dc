"""E5: however a name is spelled, it is the same name."""

import pytest

from crm.contacts.models import Contact
from crm.contacts.names import (
    core,
    mail_key,
    norm,
    phone_key,
    search_terms,
    search_vector,
    squash,
    tax_country,
    tax_key,
)
from tests.factories import make_company

FIAT = ["F.I.A.T. S.p.A.", "FIAT", "F.I.A.T.", "F I A T", "fiat s. p. a.", "f.i.a.t. spa"]


@pytest.mark.parametrize("name", FIAT)
def test_one_company_has_one_core(name):
    assert core(name) == "fiat"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("L'Oréal Italia S.R.L.", "loreal italia"),
        ('חברה בע"מ', "חברה"),
        ("חברה בע״מ", "חברה"),
        ("SC Termoclima SRL", "termoclima"),
        ("Știința S.R.L.", "stiinta"),
        ("S.p.A.", "spa"),
        ("A. Rossi & C. snc", "a rossi c"),
        ("Løvenskiold & Sønner AS", "lovenskiold sonner"),
        ("___", ""),
    ],
)
def test_marks_and_legal_forms_go(name, expected):
    assert core(name) == expected


def test_spaces_do_not_part_what_is_one():
    assert squash("So Clinic") == squash("SoClinic") == "soclinic"


def test_single_letters_in_a_row_are_a_word_and_one_alone_stays():
    assert norm("I. B. M. Italia") == "ibm italia"
    assert norm("Elettro 2000 S a s") == "elettro 2000 sas"


@pytest.mark.parametrize("stored", FIAT)
@pytest.mark.parametrize("asked", [*FIAT, "fia", "Fiat auto spa"])
def test_every_spelling_finds_every_other(db, stored, asked):
    company = make_company(name=stored, aliases=["Fiat Auto"])
    make_company(name="Fiamma Gas")
    assert company in Contact.objects.matching(asked)
    if asked != "fia":
        assert Contact.objects.matching(asked).get() == company


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("So Clinic", "soclinic"),
        ("SoClinic", "so clinic"),
        ("Știința Verde SRL", "stiinta"),
        ("כהן ובניו בע״מ", 'כהן ובניו בע"מ'),
        ("3M Italia", "3 m italia"),
        ("L’Oréal Italia", "loreal"),
        ("Officine O'Brien", "obrien"),
    ],
)
def test_names_are_found_as_people_write_them(db, stored, asked):
    company = make_company(name=stored)
    make_company(name="Altra Ditta")
    assert Contact.objects.matching(asked).get() == company


def test_a_family_name_that_looks_like_a_legal_form_still_counts(db):
    wanted = make_company(name="Maria Sas")
    make_company(name="Maria Rossi")
    assert Contact.objects.matching("maria sas").get() == wanted


@pytest.mark.parametrize("asked", ["C-00001", "c00001", "IT01234567890", "01234567890", "1234567"])
def test_codes_and_tax_ids_are_found(db, asked):
    company = make_company(name="Rossi", vat_id="IT01234567890")
    make_company(name="Verdi")
    company.number = "C-00001"
    company.after_write()
    assert Contact.objects.matching(asked).get() == company


@pytest.mark.parametrize(
    "asked", ["'", "\\", "':* | !'x", "a & b | !c", "\0", "(", "<->", "=", "*"]
)
def test_the_language_of_queries_cannot_be_spoken(db, asked):
    make_company(name="Rossi")
    assert list(Contact.objects.matching(asked)) == []


def test_what_is_reckoned_is_what_the_database_gives_back(db):
    company = make_company(name="Èlite & Co. – 3M «così» Ünïö", aliases=["ß øre", "日本"])
    company.after_write()
    before = company.search
    company.refresh_from_db()
    assert company.search == before
    assert search_vector(search_terms(["b a", "b"])) == "'=b' '=ba' 'b' 'ba'"


def test_what_says_next_to_nothing_is_not_counted_further_than_the_page(as_, alice):
    for number in range(30):
        make_company(name=f"Bruno {number}", owner=alice)
    page = as_("alice").get("/contacts/", {"q": "br", "size": 25})
    assert [tab["count"] for tab in page.context["tabs"]] == ["25+", "…", "…", "…", "…"]
    page = as_("alice").get("/contacts/", {"q": "br"})
    assert page.context["shown_total"] == "30"
    page = as_("alice").get("/contacts/", {"q": "bruno", "size": 25})
    assert page.context["shown_total"] == "30"


@pytest.mark.parametrize(
    "written",
    [
        "IT 01234567890",
        "IT01234567890",
        "01234567890",
    ],
)
def test_a_vat_id_is_the_same_with_its_country_and_without(written):
    assert tax_key(written) == "01234567890"


def test_a_tax_code_of_letters_stays_whole_and_a_short_one_tells_nobody_apart():
    assert tax_key("RSSMRA80A01H501U") == "rssmra80a01h501u"
    assert tax_key("RO 12") == tax_key("") == ""


@pytest.mark.parametrize("written", ["+39 055 123 4567", "0039 055-1234567", "055/1234567"])
def test_a_phone_is_the_same_with_its_prefix_and_without(written):
    assert phone_key(written) == "551234567"


def test_a_short_number_is_an_extension_and_nobody_s_own():
    assert phone_key("12345") == ""


def test_an_address_is_the_same_in_capitals():
    assert mail_key(" Info@Fiat.Example ") == mail_key("info@fiat.example")


def test_who_it_is_stands_marked_among_the_words():
    terms = search_terms(
        ["So Clinic Srl"], tax_ids=["IT01234567890"], mails=["a@b.example"], phones=["02 1234567"]
    )
    assert {"=soclinic", "%01234567890", "+021234567", mail_key("a@b.example")} <= terms


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("IT 01234567890", "it"),
        ("GR123456789", "el"),
        ("01234567890", ""),
        ("RSSMRA80A01H501U", ""),
    ],
)
def test_a_vat_id_names_its_country(written: str, country: str) -> None:
    assert tax_country(written) == country
