"""The columns of files of companies and people."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from crm.accounts.models import Language
from crm.contacts import headings as known
from crm.contacts.models import (
    Area,
    Category,
    Contact,
    EmailUse,
    PhoneUse,
    Place,
    ProductGroup,
)
from crm.exchange.fields import Choices, Field, Kind, Slot
from crm.exchange.record_fields import items_field, own_field
from crm.records.lists.columns import shown_name


def type_field() -> Field:
    return own_field(
        "type",
        _("Type"),
        Kind.CHOICE,
        choices=Choices(Contact.Type.choices),
        headings=known.TYPE,
        example=Contact.Type.COMPANY,
    )


def name_field() -> Field:
    return own_field(
        "name",
        _("Company name"),
        Kind.TEXT,
        headings=known.NAME,
        vague=known.VAGUE_NAME,
        is_required=True,
        example="Rossi Impianti S.r.l.",
    )


def person_fields() -> list[Field]:
    """The whole names are only read: files of other makers have both in one column."""
    return [
        own_field(
            "first_name",
            _("First name"),
            Kind.TEXT,
            headings=known.FIRST_NAME,
            vague=known.VAGUE_FIRST_NAME,
            beside="last_name",
            example="Anna",
        ),
        own_field(
            "last_name",
            _("Last name"),
            Kind.TEXT,
            headings=known.LAST_NAME,
            vague=known.VAGUE_LAST_NAME,
            beside="first_name",
            example="Bianchi",
        ),
        Field(
            "whole_name",
            _("First and last name"),
            Kind.TEXT,
            headings=known.WHOLE_NAME,
            vague=known.VAGUE_NAME,
        ),
        Field(
            "whole_name_reversed",
            _("Last and first name"),
            Kind.TEXT,
            headings=known.LAST_AND_FIRST_NAME,
        ),
    ]


def identity_fields() -> list[Field]:
    return [
        own_field("aliases", _("Also known as"), Kind.SEVERAL, headings=known.ALIASES),
        own_field("vat_id", _("VAT id"), Kind.TEXT, headings=known.VAT_ID, example="00743110157"),
        own_field("tax_code", _("Tax code"), Kind.TEXT, headings=known.TAX_CODE),
        own_field(
            "stage",
            _("Stage"),
            Kind.CHOICE,
            choices=Choices(Contact.Stage.choices),
            headings=known.STAGE,
        ),
    ]


def profile_fields(channels: Choices) -> list[Field]:
    return [
        own_field("websites", _("Web"), Kind.SEVERAL, headings=known.WEBSITES),
        own_field(
            "preferred_channel",
            _("Preferred way of contact"),
            Kind.CHOICE,
            choices=channels,
            headings=known.CHANNEL,
        ),
        own_field(
            "language",
            _("Language"),
            Kind.CHOICE,
            choices=Choices(Language.choices),
            headings=known.LANGUAGE,
        ),
        items_field(
            "categories", _("Categories"), Category.objects.all(), headings=known.CATEGORIES
        ),
        items_field("areas", _("Geographic areas"), Area.objects.all(), headings=known.AREAS),
        items_field(
            "product_groups",
            _("Products and services"),
            ProductGroup.objects.all(),
            headings=known.PRODUCT_GROUPS,
        ),
        own_field("notes", _("Notes"), Kind.LONG_TEXT, headings=known.NOTES),
    ]


@dataclass(frozen=True)
class Part:
    """A numbered column: `name` is the attribute of the row; the one without a `label` of its own
    is what the row is called by."""

    name: str
    label: Any = ""
    kind: Kind = Kind.TEXT
    words: tuple[str, ...] = ()
    choices: Choices | None = None
    example: Any = None
    value: Callable[[Any], Any] | None = None


def _numbered(
    relation: str,
    head: str,
    label: Any,
    parts: Iterable[Part],
    count: int,
    needs: frozenset[str] = frozenset(),
) -> list[Field]:
    """Columns for the first `count` rows of `relation`: "Phone 1", "Phone 1 use", "Phone 2" …
    Where headings say no numbers, a further row `needs` these parts."""
    parts = list(parts)
    return [
        Field(
            f"{head}_{number}_{part.name}" if part.label else f"{head}_{number}",
            format_lazy("{} {} {}", label, number, part.label)
            if part.label
            else format_lazy("{} {}", label, number),
            part.kind,
            _plain_part(relation, number, part),
            headings=known.numbered(part.words, number),
            choices=part.choices,
            example=part.example if number == 1 else None,
            related=() if relation == "employments" else (relation,),
            slot=Slot(relation, number, part.name, needs=needs),
        )
        for number in range(1, count + 1)
        for part in parts
    ]


def _plain_part(relation: str, number: int, part: Part) -> Callable[[Any], Any]:
    shown, name, choices = shown_name(relation), part.name, part.choices

    def plain(contact: Any) -> Any:
        rows = getattr(contact, shown)
        if len(rows) < number:
            return None
        if part.value:
            return part.value(rows[number - 1])
        value = getattr(rows[number - 1], name)
        return choices.text(value) if choices else value

    return plain


def _by_use(
    relation: str, head: str, label: Any, part: Part, uses: Any, words: Mapping[str, Any]
) -> list[Field]:
    """Columns of other makers that say the use in their heading: "Cell.", "Fax"."""
    return [
        Field(
            f"{head}_{use}",
            format_lazy("{} ({})", label, uses(use).label),
            part.kind,
            headings=names,
            slot=Slot(relation, 0, part.name, {"use": use}),
        )
        for use, names in words.items()
    ]


def phone_fields(count: int) -> list[Field]:
    number = Part("number", kind=Kind.PHONE, words=known.PHONE, example="+39 055 1234567")
    use = Part("use", _("use"), Kind.CHOICE, choices=Choices(PhoneUse.choices))
    return [
        *_numbered("phones", "phone", _("Phone"), [number, use], count),
        *_by_use("phones", "phone", _("Phone"), number, PhoneUse, known.PHONE_BY_USE),
    ]


def email_fields(count: int) -> list[Field]:
    address = Part("address", kind=Kind.EMAIL, words=known.EMAIL, example="info@example.com")
    use = Part("use", _("use"), Kind.CHOICE, choices=Choices(EmailUse.choices))
    return [
        *_numbered("emails", "email", _("E-mail"), [address, use], count),
        *_by_use("emails", "email", _("E-mail"), address, EmailUse, known.EMAIL_BY_USE),
    ]


def address_fields(count: int) -> list[Field]:
    words = known.ADDRESS
    land = country_choices((get_language() or "en")[:2])
    parts = [
        Part("use", _("use"), Kind.CHOICE, words["use"], Choices(Place.choices)),
        Part("street", _("street and number"), words=words["street"], example="Via Roma 1"),
        Part("postal_code", _("postal code"), words=words["postal_code"], example="50123"),
        Part("city", _("city"), words=words["city"], example="Firenze"),
        Part("region", _("province or region"), words=words["region"], example="FI"),
        Part(
            "country",
            _("country"),
            Kind.CHOICE,
            words["country"],
            land,
            "IT",
            lambda row: land.text(row.country.code or ""),
        ),
    ]
    needs = frozenset({"street", "city"})
    return _numbered("addresses", "address", _("Address"), parts, count, needs)


@cache
def country_choices(language: str) -> Choices:
    """Of the active language, which is `language`: 250 names in four, so they are kept."""
    return Choices(countries.countries.items())


def employer_fields(count: int, channels: Choices) -> list[Field]:
    """For whom a person works; read by its code, and where there is none by its name."""
    parts = [
        Part(
            "code", _("code"), Kind.CODE, known.EMPLOYER_CODE, value=lambda tie: tie.company.number
        ),
        Part("company", words=known.EMPLOYER, value=lambda tie: tie.company.name),
        Part("function", _("function"), words=known.FUNCTION),
        Part("role", _("role in the company"), words=known.ROLE),
        Part("preferred_channel", _("preferred way of contact"), Kind.CHOICE, choices=channels),
    ]
    return _numbered("employments", "company", _("Company"), parts, count)
