"""What a kind of record declares about its list; found by subclass, like the records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q
from django.http import Http404
from django.utils.functional import Promise

from crm.accounts.models import User
from crm.records.lists.columns import Column, custom_column, shown_name
from crm.records.models import Record, RecordQuerySet, custom_fields, record_kinds
from crm.records.related import related_rows
from crm.ui.paging import Sort


@dataclass(frozen=True)
class Tab:
    """A cut through the list that everybody wants: "Customers", "Leads" …"""

    key: str
    label: str | Promise
    where: Q
    sort: Sort | None = None  # unless the address says otherwise


@dataclass(frozen=True)
class Preset:
    """A view that comes with the list: "Due this week"."""

    label: str | Promise
    query: str


@dataclass(frozen=True)
class Hint:
    """What is said beside a record that was found; and, if neither its name nor that shows what
    was looked for, which of its facts does."""

    beside: str
    fact: str | Promise = ""
    value: str = ""


@dataclass(frozen=True)
class Way:
    """A page of its own that a list leads to; as a bulk action it is sent the selected rows."""

    label: str | Promise
    url_name: str
    icon: str = ""
    needs: str = ""  # the right on this kind without which it is not offered
    is_rare: bool = False  # in the menu "…" on large screens, too


@dataclass(frozen=True)
class FoundGroup:
    """A group in which the search shows what it finds."""

    label: str | Promise
    facts: Mapping[str, str]  # {column: value} of the rows in it


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
    found_groups: ClassVar[Sequence[FoundGroup]] = ()  # without any, all in one
    create_url_name: ClassVar[str] = ""
    ways: ClassVar[Sequence[Way]] = ()  # beside its title
    verbs: ClassVar[Sequence[Way]] = ()  # for who may change and delete, besides those of bulk.py
    bulk: ClassVar[Mapping[str, Any]] = {}  # name: a Verb as those of bulk.py, of this kind alone
    presets: ClassVar[Sequence[Preset]] = ()  # views that everybody has
    empty_text: ClassVar[str | Promise] = ""
    template: ClassVar[str] = "records/list.html"  # one that extends it

    @classmethod
    def all_columns(cls) -> list[Column]:
        own = [field for field in custom_fields(cls.model.kind) if field.in_list]
        return [*cls.columns, *(custom_column(field) for field in own)]

    @classmethod
    def all_presets(cls) -> Sequence[Preset]:
        return cls.presets

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
    def complete(cls, rows: Sequence[Record], columns: Sequence[Column], user: User) -> None:
        """Give rows that are to be shown to `user` the related rows which these columns show."""
        names = sorted({name for column in columns for name in column.related})
        found = related_rows(cls.model, [row.pk for row in rows], names)
        for name in names:
            for row in rows:
                setattr(row, shown_name(name), found[name][row.pk])

    @classmethod
    def hints(cls, seen: Any, rows: Sequence[Any], text: str) -> dict[int, Hint]:
        """What the search says beside each of `rows`, found by `text` among all that are `seen` of
        this kind. Of other records only what is seen as well."""
        return {row.pk: Hint(row.secondary) for row in rows}

    @classmethod
    def tab_of(cls, record: Any) -> str:
        """The key of a tab that shows this record; "" for the first."""
        return ""


def record_lists() -> dict[str, type[RecordList]]:
    lists = {lst.model.kind: lst for lst in RecordList.__subclasses__()}
    return {kind: lst for kind, lst in lists.items() if kind in record_kinds()}


def list_of(kind: str) -> type[RecordList]:
    try:
        return record_lists()[kind]
    except KeyError:
        raise Http404 from None
