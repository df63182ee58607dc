"""What a file is made of: which rows, which columns, and what is read for them by the thousand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.exchange.fields import Exchange, Field, RecordType, exchange_of
from crm.records.errors import ActionRefused
from crm.records.lists.columns import Column, shown_name
from crm.records.lists.definition import RecordList, record_lists
from crm.records.lists.selection import Selection
from crm.records.models import RecordQuerySet

CHUNK = 1000


@dataclass(frozen=True)
class Plan:
    """`complete(rows)` reads what `columns` write of them besides, and gives the keys of other
    records that they name. What `is_whole` is meant to come in again: nothing may be cut off."""

    title: str
    rows: RecordQuerySet
    columns: Sequence[Column | Field]
    complete: Callable[[list[Any]], set[int]]
    is_whole: bool = False

    def chunks(self) -> Iterator[tuple[list[Any], set[int]]]:
        found = self.rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(found, CHUNK)):
            yield chunk, self.complete(chunk)


@dataclass(frozen=True)
class Wish:
    """What somebody asked to have as a file. `record_type` is the key of a RecordType, or "" for
    none; with `by_type` it alone says which rows, unless the query itself names a tab."""

    kind: str
    selection: Selection
    record_type: str = ""
    by_type: bool = False
    is_whole: bool = False

    @property
    def params(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "selection": self.selection.params,
            "type": self.record_type,
            "by_type": self.by_type,
            "whole": self.is_whole,
        }

    @classmethod
    def kept(cls, params: dict[str, Any]) -> "Wish":
        """From the parameters of a job, which may have waited while a new version came."""
        selection = Selection.kept(params["selection"])
        facts = (params.get(name, empty) for name, empty in LATER.items())
        return cls(params["kind"], selection, *facts)

    @property
    def record_list(self) -> type[RecordList]:
        return record_lists()[self.kind]

    @property
    def type(self) -> RecordType | None:
        return exchange_of(self.kind).type_named(self.record_type) if self.record_type else None

    @property
    def title(self) -> str:
        return str(self.type.label if self.type and self.by_type else self.record_list.title)

    def rows(self, user: User) -> RecordQuerySet:
        """Those that `user` may take along now."""
        is_cut = not self.by_type or "tab" in QueryDict(self.selection.query)
        rows = self.selection.rows(self.record_list, user, None if is_cut else Q())
        where = self.type.where if self.type else Q()
        return rows.filter(where).permitted(user, "export")

    def plan(self, user: User) -> Plan:
        if self.is_whole and self.type:
            return _whole(exchange_of(self.kind), self.type, self.title, self.rows(user), user)
        return _listed(self, self.rows(user), user)


LATER = {"type": "", "by_type": False, "whole": False}  # what older jobs do not say


def _listed(wish: Wish, rows: RecordQuerySet, user: User) -> Plan:
    columns = wish.selection.state(wish.record_list).columns

    def complete(chunk: list[Any]) -> set[int]:
        wish.record_list.complete(chunk, columns, user)
        return set()

    return Plan(wish.title, rows, columns, complete)


def _whole(
    exchange: type[Exchange], type_: RecordType, title: str, rows: RecordQuerySet, user: User
) -> Plan:
    slots = {name: max(1, count) for name, count in exchange.slots_in(rows, user).items()}
    fields = [one for one in exchange.fields(type_, slots) if one.plain]
    written = {one.slot.relation for one in fields if one.slot}

    def complete(chunk: list[Any]) -> set[int]:
        named = exchange.complete(chunk, fields, user)
        for relation in written:
            if any(len(getattr(row, shown_name(relation))) > slots[relation] for row in chunk):
                raise ActionRefused(_("Records were changed meanwhile. Start the export again."))
        return named

    select = sorted({name for one in fields for name in one.select})
    return Plan(title, rows.select_related(*select), fields, complete, is_whole=True)
