"""Headings that offices write are known for what they are."""

import pytest
from django.utils.translation import override

from crm.contacts.exchange import ContactExchange
from crm.exchange.fields import guess, heading_key

pytestmark = pytest.mark.django_db
CUSTOMERS = {
    "Ragione sociale;P.IVA;Cod. fisc.;Indirizzo;CAP;Città;Prov.;Telefono;Cell.;Fax;E-mail;PEC": (
        "name vat_id tax_code address_1_street address_1_postal_code address_1_city"
        " address_1_region phone_1 phone_mobile phone_fax email_1 email_billing"
    ),
    "Cod. cliente|Cliente|Partita IVA|Comune|Nazione|Tel. 1|Tel. 2|Note|Agente|Categoria": (
        "number name vat_id address_1_city address_1_country phone_1 phone_2 notes owner categories"
    ),
    "Denumire firmă;CUI/CIF;Cod fiscal;Adresa;Cod poştal;Localitate;Judeţ;Telefon;Telefon mobil;"
    "E-mail;Observaţii": (
        "name vat_id tax_code address_1_street address_1_postal_code address_1_city"
        " address_1_region phone_1 phone_mobile email_1 notes"
    ),
    "שם חברה;ח.פ.;כתובת;עיר;מיקוד;טלפון;נייד;פקס;דוא״ל;אתר;הערות": (
        "name vat_id address_1_street address_1_city address_1_postal_code phone_1 phone_mobile"
        " phone_fax email_1 websites notes"
    ),
    "Company Name*;VAT No.;Address;Town;Postcode;County;Country;Phone;Mobile;Email;Web site": (
        "name vat_id address_1_street address_1_city address_1_postal_code address_1_region"
        " address_1_country phone_1 phone_mobile email_1 websites"
    ),
    "Nome;Telefono;Telefono;Email;Email": "name phone_1 phone_2 email_1 email_2",
    "Nome;Tel.;TEL;Tel;E-mail": "name phone_1 phone_2 phone_3 email_1",
    "Nome;Città;Paese;Città;Paese": "name address_1_city address_1_country - -",
    "Nome;Indirizzo;Indirizzo;Città": "name address_1_street - address_1_city",
    "Nome;Indirizzo;CAP;Città;Indirizzo;CAP;Città": (
        "name address_1_street address_1_postal_code address_1_city"
        " address_2_street address_2_postal_code address_2_city"
    ),
    "Nome;Città;Città 2;Indirizzo;Indirizzo": (
        "name address_1_city address_2_city address_1_street address_2_street"
    ),
    "Azienda (obbligatorio)\tTELEFONO UFFICIO\tColore preferito": "name phone_work -",
    "Phone 7;Name;Phone 7 use;Address 3 city": "phone_7 name phone_7_use address_3_city",
}
PEOPLE = {
    "Nome;Cognome;Azienda;Mansione;Cellulare;E-mail": (
        "first_name last_name company_1 company_1_function phone_mobile email_1"
    ),
    "Nume;Prenume;Firma;Funcție;Telefon": (
        "last_name first_name company_1 company_1_function phone_1"
    ),
    "שם פרטי;שם משפחה;חברה;תפקיד;טלפון נייד": (
        "first_name last_name company_1 company_1_function phone_mobile"
    ),
    "Full name;Company;Job title;Phone": "whole_name company_1 company_1_function phone_1",
    "Cognome e nome;Ditta;Telefono": "whole_name_reversed company_1 phone_1",
    "Name;Phone": "whole_name phone_1",
}
LEADS = {
    "Nome;Cognome;Telefono": "first_name last_name phone_1",
    "Nome;Cognome;Azienda": "first_name last_name name",
    "Nome;Telefono": "name phone_1",
}


def guessed(type_: str, headings: list[str]) -> str:
    fields = ContactExchange.fields_for(ContactExchange.type_named(type_), headings)
    found = guess(headings, fields)
    return " ".join(found.get(column, "-") for column in range(len(headings)))


@pytest.mark.parametrize(
    ("type_", "line", "keys"),
    [
        *(("customers", *case) for case in CUSTOMERS.items()),
        *(("people", *case) for case in PEOPLE.items()),
        *(("leads", *case) for case in LEADS.items()),
    ],
)
def test_columns_of_an_office_are_known(type_: str, line: str, keys: str) -> None:
    delimiter = next(mark for mark in "\t;|" if mark in line)
    assert guessed(type_, line.split(delimiter)) == keys


def test_what_is_no_second_address_by_itself_may_be_chosen_as_one() -> None:
    customers = ContactExchange.type_named("customers")
    keys = {one.key for one in ContactExchange.fields_for(customers, ["Nome", "Città", "Città"])}
    assert "address_2_city" in keys


def test_the_constituents_of_the_index_are_known() -> None:
    line = "Symbol,Security,GICS Sector,GICS Sub-Industry,Headquarters Location,Date added"
    assert guessed("customers", line.split(",")) == "aliases name - - address_1_city -"


@pytest.mark.parametrize("language", ["en", "it", "ro", "he"])
@pytest.mark.parametrize("type_", [one.key for one in ContactExchange.types])
def test_our_own_headings_are_known_whoever_reads_them(language: str, type_: str) -> None:
    record_type = ContactExchange.type_named(type_)
    with override(language):
        fields = ContactExchange.fields(record_type, {"phones": 3, "addresses": 2})
        written = [one for one in fields if one.plain]
        headings = [str(one.label) for one in written]
    with override("en"):
        assert guessed(type_, headings) == " ".join(one.key for one in written)


def test_no_field_is_guessed_twice_and_no_two_have_one_key() -> None:
    for type_ in ContactExchange.types:
        fields = ContactExchange.fields(type_)
        assert len({one.key for one in fields}) == len(fields)
        found = guess([word for one in fields for word in one.headings], fields)
        assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("text", ["P. IVA *", "p.iva", "P_IVA", " PIVA:"])
def test_a_heading_is_compared_without_punctuation(text: str) -> None:
    assert heading_key(text) == "piva"


def test_a_heading_of_nothing_but_signs_is_no_heading() -> None:
    assert guessed("customers", ["", "---", "#"]) == "- - -"
