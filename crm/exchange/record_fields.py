"""Fields that every kind of record exchanges: code, who looks after it, tags, custom fields."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.exchange.fields import Choices, Field, Kind, one_line
from crm.records.lists.columns import shown_name
from crm.records.models import CustomField, custom_fields

Words = Mapping[str, tuple[str, ...]]
Plain = Callable[[Any], Any]
YES_NO = ((True, _("Yes")), (False, _("No")))
CUSTOM_KINDS = {
    CustomField.Type.TEXT: Kind.TEXT,
    CustomField.Type.NUMBER: Kind.NUMBER,
    CustomField.Type.MONEY: Kind.MONEY,
    CustomField.Type.DATE: Kind.DATE,
    CustomField.Type.YESNO: Kind.YES_NO,
    CustomField.Type.CHOICE: Kind.CHOICE,
    CustomField.Type.CHOICES: Kind.SEVERAL,
    CustomField.Type.LINK: Kind.URL,
}


def lines(values: Iterable[Any]) -> str:
    """Several values in one cell, a line each."""
    return "\n".join(one_line(str(value)) for value in values)


def own_field(key: str, label: Any, kind: Kind, **options: Any) -> Field:
    """A column of the record itself; of an array, a line each."""
    choices = options.get("choices")
    if choices:
        return Field(key, label, kind, lambda row: choices.text(getattr(row, key)), **options)
    if kind is Kind.SEVERAL:
        return Field(key, label, kind, lambda row: lines(getattr(row, key)), **options)
    return Field(key, label, kind, lambda row: getattr(row, key), **options)


def items_field(key: str, label: Any, items: Iterable[Any], **options: Any) -> Field:
    """Several items of a list that an administrator edits."""
    choices, shown = Choices((item.pk, item) for item in items), shown_name(key)
    return Field(
        key,
        label,
        Kind.SEVERAL,
        lambda row: lines(choices.text(item.pk) for item in getattr(row, shown)),
        choices=choices,
        related=(key,),
        **options,
    )


def code_field(**options: Any) -> Field:
    return own_field("number", _("Code"), Kind.CODE, **options)


def care_fields(words: Words) -> list[Field]:
    """Who looks after a record, who sees it, and its tags; `words` are their other headings."""
    return [
        Field(
            "owner",
            _("Owner"),
            Kind.PERSON,
            lambda row: row.owner.username if row.owner else "",
            headings=words.get("owner", ()),
            select=("owner",),
        ),
        Field(
            "team",
            _("Team"),
            Kind.TEAM,
            lambda row: row.team.name if row.team else "",
            headings=words.get("team", ()),
            select=("team",),
        ),
        Field(
            "tags",
            _("Tags"),
            Kind.TAGS,
            lambda row: lines(tag.name for tag in getattr(row, shown_name("tags"))),
            headings=words.get("tags", ()),
            related=("tags",),
        ),
        own_field(
            "is_restricted",
            _("Restrict access"),
            Kind.YES_NO,
            choices=Choices(YES_NO),
            headings=words.get("is_restricted", ()),
        ),
        Field(
            "viewers",
            _("People with access"),
            Kind.PEOPLE,
            lambda row: lines(user.username for user in getattr(row, shown_name("viewers"))),
            headings=words.get("viewers", ()),
            related=("viewers",),
        ),
    ]


def custom_exchange_fields(kind: str) -> list[Field]:
    """Those that an administrator added, of all their types."""
    return [_custom_field(definition) for definition in custom_fields(kind)]


def _custom_field(definition: CustomField) -> Field:
    types = CustomField.Type
    choices = None
    if definition.type == types.YESNO:
        choices = Choices(YES_NO)
    elif definition.type in (types.CHOICE, types.CHOICES):
        choices = Choices((option.pk, option) for option in definition.options.all())
    return Field(
        definition.form_name,
        str(definition),
        CUSTOM_KINDS[types(definition.type)],
        _custom_plain(definition, choices),
        headings=tuple(
            name
            for code in ("en", "it", "ro", "he")
            if (name := getattr(definition, f"name_{code}"))
        ),
        choices=choices,
        is_required=definition.is_required,
    )


def _custom_plain(definition: CustomField, choices: Choices | None) -> Plain:
    key = definition.key

    def plain(row: Any) -> Any:
        value = row.custom.get(key)
        if value is None:
            return None
        if isinstance(value, list):
            return lines(choices.text(one) for one in value) if choices else ""
        if choices:
            return choices.text(value)
        return date.fromisoformat(value) if definition.type == CustomField.Type.DATE else value

    return plain
