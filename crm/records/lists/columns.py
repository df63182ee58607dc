"""Columns: how a fact of a record looks in a list, and what an export writes for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.records.models import CustomField
from crm.ui.renderer import escaped, isolated
from crm.ui.templatetags.ui import avatar, teller


@dataclass(frozen=True)
class Column:
    """`cell(record)` is what the page shows, `plain(record)` what a file gets.

    `sort` names a field or annotation without NULLs; `select` and `related` are loaded only when
    the column is shown; `css` is the class of its cells. `writer()` gives what writes the values
    of a page's cells, where that first finds out what holds for all of them.
    """

    key: str
    label: str | Promise
    cell: Callable[[Any], Any]
    plain: Callable[[Any], Any]
    sort: str = ""
    select: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    css: str = ""
    is_default: bool = True
    writer: Callable[[], Callable[[Any], Any]] | None = None

    def cells(self) -> Callable[[Any], Any]:
        """`cell` for the rows of one page."""
        if self.writer is None:
            return self.cell
        write, value = self.writer(), self.cell
        return lambda row: write(value(row))


def text_column(key: str, label: str | Promise, **options: Any) -> Column:
    return Column(key, label, cell=_isolated(key), plain=lambda row: getattr(row, key), **options)


def _isolated(key: str) -> Callable[[Any], Any]:
    def cell(row: Any) -> Any:
        value = getattr(row, key)
        return isolated(value) if value else ""

    return cell


def code_column(*, is_default: bool = True) -> Column:
    return Column(
        "number",
        _("Code"),
        cell=lambda row: isolated(row.number or "", "code"),
        plain=lambda row: row.number,
        sort="number",
        css="nowrap wide-only",
        is_default=is_default,
    )


def person_column(key: str, label: str | Promise, **options: Any) -> Column:
    return Column(
        key,
        label,
        cell=lambda row: avatar(getattr(row, key), with_name=True),
        plain=lambda row: getattr(row, key).name if getattr(row, key) else "",
        select=(key,),
        **options,
    )


def date_column(key: str, label: str | Promise, **options: Any) -> Column:
    options.setdefault("css", "nowrap on-top")
    return Column(
        key,
        label,
        cell=attrgetter(key),
        plain=attrgetter(key),
        sort=key,
        writer=teller,
        **options,
    )


def shown_name(relation: str) -> str:
    """Where a row of a list has the related rows: a plain list, as a manager of each relation of
    each row costs more than its query."""
    return f"shown_{relation}"


def tags_column(key: str, label: str | Promise, **options: Any) -> Column:
    """Any many-to-many of short names."""
    shown = shown_name(key)
    return Column(
        key,
        label,
        cell=lambda row: SafeString(
            " ".join(f'<span class="tag">{escaped(item)}</span>' for item in getattr(row, shown))
        ),
        plain=lambda row: ", ".join(str(item) for item in getattr(row, shown)),
        related=(key,),
        **options,
    )


def custom_column(field: CustomField) -> Column:
    number = field.type in (field.Type.NUMBER, field.Type.MONEY)
    return Column(
        field.form_name,
        str(field),
        cell=lambda row: isolated(field.display(row.custom.get(field.key))),
        plain=lambda row: _plain(field, row.custom.get(field.key)),
        sort=field.form_name if field.is_sortable else "",
        css="end" if number else "",
        is_default=False,
    )


def _plain(field: CustomField, value: Any) -> Any:
    """Numbers and dates stay what they are: a file is calculated with."""
    match field.type:
        case field.Type.NUMBER | field.Type.MONEY:
            return value
        case field.Type.DATE if value:
            return date.fromisoformat(value)
    return field.display(value)
