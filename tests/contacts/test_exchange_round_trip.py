"""What leaves as a file says the same when it is read again, for every field there is."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.accounts.models import Team, User
from crm.contacts.exchange import ContactExchange
from crm.contacts.models import (
    Address,
    Area,
    Category,
    Channel,
    Contact,
    Email,
    EmailUse,
    Employment,
    Phone,
    PhoneUse,
    Place,
    ProductGroup,
)
from crm.exchange.fields import Field, Kind, guess
from crm.exchange.reading import (
    Cell,
    Dialect,
    read_date,
    read_lines,
    read_number,
    read_text,
    reading,
    sniff,
)
from crm.exchange.writers import writing
from crm.records.lists.columns import shown_name
from crm.records.models import CustomField, CustomFieldOption, Tag
from crm.records.models.custom import forget_custom_fields

pytestmark = pytest.mark.django_db
MOST = 3
LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cn"], exclude_characters="\0\x1a\ufeff"
)
WORDS = st.text(LETTERS, max_size=20).map(str.strip)
LINE = WORDS.map(lambda text: " ".join(text.splitlines()).strip())
NASTY = st.sampled_from(
    ["=1+1", "'=x", "-5", "+39 055 1", "007", "1.234,50", "31/12/2026", "a;b", 'say "x"', "'",
     "@x", "true", "1E5", "_x0041_", "שלום, עולם", "ЁІ", "two\nlines", "two\r\nlines",
     "tab\there", "\u200fx"]
)  # fmt: skip
TEXT = NASTY | WORDS
NAME = (NASTY.map(lambda text: " ".join(text.splitlines())) | LINE).filter(bool)
SEVERAL = st.lists(NAME, max_size=3, unique=True)


@pytest.fixture
def items(db: None) -> dict[str, list[Any]]:
    """Two items of each list have the same name; so have two answers of a custom field."""
    names = ("Altro", "Altro", "Key, account", "=Top")
    found: dict[str, list[Any]] = {
        name: [model.objects.create(name_en=text, name_it=f"{text} it") for text in names]
        for name, model in (("categories", Category), ("areas", Area), ("groups", ProductGroup))
    }
    for type_ in CustomField.Type.values:
        field = CustomField.objects.create(
            kind="contact", key=f"own_{type_}", type=type_, name_en=f"Own {type_}"
        )
        if type_ in ("choice", "choices"):
            found[type_] = [
                CustomFieldOption.objects.create(field=field, name_en=text) for text in names
            ]
    forget_custom_fields("contact")
    return found


def rows_of(model: type, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.builds(model, **parts), max_size=MOST)


def some(rows: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(rows), max_size=3, unique_by=lambda row: row.pk)


@st.composite
def contacts(draw: st.DrawFn, items: dict[str, list[Any]]) -> Contact:
    """As they come out of the database, with what hangs on them; nothing is stored."""
    contact = Contact(
        number=draw(NAME),
        type=draw(st.sampled_from(Contact.Type.values)),
        stage=draw(st.sampled_from(Contact.Stage.values)),
        name=draw(NAME),
        preferred_channel=draw(st.sampled_from(["", *Channel.values])),
        language=draw(st.sampled_from(["", "en", "it", "ro", "he"])),
        aliases=draw(SEVERAL),
        websites=draw(SEVERAL),
        is_restricted=draw(st.booleans()),
        owner=draw(st.none() | st.builds(User, username=NAME)),
        team=draw(st.none() | st.builds(Team, name=NAME)),
        custom=draw(custom_values(items)),
        **{name: draw(TEXT) for name in ("first_name", "last_name", "vat_id", "tax_code", "notes")},
    )
    companies = st.builds(Contact, name=NAME, number=NAME)
    countries = st.sampled_from(["", "IT", "RO", "IL", "GB", "CD", "CG"])
    places = dict.fromkeys(("street", "postal_code", "city", "region"), TEXT)
    channels = st.sampled_from(["", *Channel.values])
    hung = {
        "phones": rows_of(Phone, number=NAME, use=st.sampled_from(PhoneUse.values)),
        "emails": rows_of(Email, address=NAME, use=st.sampled_from(EmailUse.values)),
        "addresses": rows_of(
            Address, use=st.sampled_from(Place.values), country=countries, **places
        ),
        "employments": rows_of(
            Employment, company=companies, function=TEXT, role=TEXT, preferred_channel=channels
        ),
        "categories": some(items["categories"]),
        "areas": some(items["areas"]),
        "product_groups": some(items["groups"]),
        "tags": st.lists(st.builds(Tag, name=NAME), max_size=2, unique_by=lambda tag: tag.name),
        "viewers": st.lists(
            st.builds(User, username=NAME), max_size=2, unique_by=lambda user: user.username
        ),
    }
    for relation, rows in hung.items():
        setattr(contact, shown_name(relation), draw(rows))
    return contact


def custom_values(items: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    whole = st.integers(-(10**20) + 1, 10**20 - 1)
    fractions = st.decimals(-(10**8), 10**8, places=6, allow_nan=False).map(float)
    money = st.decimals(-(10**11), 10**11, places=2, allow_nan=False).map(float)
    keys = st.sampled_from([option.pk for option in items["choice"]])
    several = st.lists(
        st.sampled_from([option.pk for option in items["choices"]]), min_size=1, unique=True
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "own_text": TEXT.filter(bool),
            "own_number": whole | fractions,
            "own_money": money,
            "own_date": st.dates().map(dt.date.isoformat),
            "own_yesno": st.booleans(),
            "own_choice": keys,
            "own_choices": several,
            "own_link": NAME,
        },
    )


def value_of(field: Field, cell: Cell, dialect: Dialect) -> Any:
    """A cell as an import understands it."""
    match field.kind:
        case Kind.NUMBER | Kind.MONEY:
            return read_number(cell, dialect)
        case Kind.DATE:
            return read_date(cell, dialect)
        case Kind.SEVERAL | Kind.TAGS | Kind.PEOPLE:
            lines = read_lines(cell)
            return [field.choices.value(line) for line in lines] if field.choices else lines
    text = read_text(cell)
    if field.choices and text:
        return field.choices.value(text)
    return text


def expected(field: Field, contact: Contact, dialect: Dialect) -> Any:
    """What the contact itself says, past any file."""
    assert field.plain
    plain = field.plain(contact)
    if field.kind in (Kind.NUMBER, Kind.MONEY) and plain is not None:
        return Decimal(str(plain))
    return plain if field.kind is Kind.DATE else value_of(field, plain, dialect)


@pytest.mark.parametrize("language", ["en", "it", "ro", "he"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_read_is_what_was_written(
    tmp_path: Path, items: dict[str, list[Any]], language: str, form: str
) -> None:
    type_ = ContactExchange.type_named("all")
    path = tmp_path / "file"
    slots = dict.fromkeys(ContactExchange.slots, MOST)

    @settings(
        max_examples=6,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.lists(contacts(items), min_size=1, max_size=4))
    def there_and_back(written: list[Contact]) -> None:
        with override(language):
            fields = [one for one in ContactExchange.fields(type_, slots) if one.plain]
            with writing(form, path, [str(one.label) for one in fields], "x") as out:
                for contact in written:
                    out.write([one.plain(contact) for one in fields if one.plain])
            # Declared: a single text that looks like a number would be taken for evidence.
            decimal = "," if language in ("it", "ro") else "."
            dialect = replace(sniff(path, "x", language=language), decimal=decimal)
            with reading(path, dialect) as table:
                headings, rows = table.headings, [cells for _line, cells in table]
        assert len(rows) == len(written)
        assert guess(headings, fields) == {n: one.key for n, one in enumerate(fields)}
        for contact, cells in zip(written, rows, strict=True):
            for field, cell in zip(fields, cells, strict=True):
                read = value_of(field, cell, dialect)
                kept = expected(field, contact, dialect)
                assert (read or None) == (kept or None), field.key

    there_and_back()


def test_answers_of_the_same_name_are_told_apart(items: dict[str, list[Any]]) -> None:
    type_ = ContactExchange.type_named("customers")
    with override("it"):
        field = {one.key: one for one in ContactExchange.fields(type_)}["categories"]
    first, second, key, _top = items["categories"]
    assert field.choices
    assert field.choices.text(first.pk) == f"Altro it #{first.pk}"
    for text, item in (
        (f"altro it #{second.pk}", second), ("KEY, ACCOUNT", key), ("key, account it", key)
    ):  # fmt: skip
        assert field.choices.value(text) == item.pk
    with pytest.raises(KeyError):
        field.choices.value("Altro")
