"""What a kind of record declares about its list; found by subclass, like the records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q
from django.http import Http404
from django.utils.functional import Promise

from crm.accounts.models import User
from crm.records.lists.columns import Column, custom_column, shown_name
from crm.records.models import Record, RecordQuerySet, custom_fields
from crm.records.related import related_rows
from crm.ui.paging import Sort


@dataclass(frozen=True)
class Tab:
    """A cut through the list that everybody wants: "Customers", "Leads" …"""

    key: str
    label: str | Promise
    where: Q


class RecordList:
    model: ClassVar[type[Record]]
    filterset: ClassVar[type[Any]]
    url_name: ClassVar[str]
    title: ClassVar[str | Promise]
    columns: ClassVar[Sequence[Column]]
    tabs: ClassVar[Sequence[Tab]] = ()
    default_sort: ClassVar[Sort] = Sort("updated_at", descending=True)
    # What is found comes newest first: names stand together under their first word, so walking
    # them in their order until fifty have that word may mean walking half of them all.
    found_sort: ClassVar[Sort] = Sort("updated_at", descending=True)
    search_order: ClassVar[Sequence[str]] = ("-updated_at", "-pk")
    create_url_name: ClassVar[str] = ""
    exchange_url_name: ClassVar[str] = ""
    import_url_name: ClassVar[str] = ""
    empty_text: ClassVar[str | Promise] = ""

    @classmethod
    def all_columns(cls) -> list[Column]:
        own = [field for field in custom_fields(cls.model.kind) if field.in_list]
        return [*cls.columns, *(custom_column(field) for field in own)]

    @classmethod
    def chosen(cls, keys: Sequence[str]) -> list[Column]:
        """The columns `keys` name, in that order, or the default ones; the first always stays."""
        columns = cls.all_columns()
        by_key = {column.key: column for column in columns}
        named = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
        chosen = named or [column for column in columns if column.is_default]
        lead = cls.columns[0]
        return chosen if lead in chosen else [lead, *chosen]

    @classmethod
    def rows_for(cls, user: User, columns: Sequence[Column]) -> RecordQuerySet:
        """What `user` sees, with just what these columns need; `complete` brings the rest."""
        rows = cls.model.objects.visible_to(user).annotate(
            **{
                field.form_name: field.value_expression()
                for field in custom_fields(cls.model.kind)
                if any(column.key == field.form_name for column in columns)
            }
        )
        select = {name for column in columns for name in column.select}
        return rows.select_related(*sorted(select)) if select else rows

    @classmethod
    def complete(cls, rows: Sequence[Record], columns: Sequence[Column]) -> None:
        """Give rows that are to be shown the related rows which these columns show."""
        names = sorted({name for column in columns for name in column.related})
        found = related_rows(cls.model, [row.pk for row in rows], names)
        for name in names:
            for row in rows:
                setattr(row, shown_name(name), found[name][row.pk])


def record_lists() -> dict[str, type[RecordList]]:
    return {lst.model.kind: lst for lst in RecordList.__subclasses__()}


def list_of(kind: str) -> type[RecordList]:
    try:
        return record_lists()[kind]
    except KeyError:
        raise Http404 from None
