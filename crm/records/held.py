"""Rows of other tables that hang on a record, read once for its form and its history.

They lie in `Record.held_rows`, where `record.phones.all()` finds them, too. Whoever writes such
rows releases them.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.utils.translation import ngettext_lazy

from crm.accounts.models import User
from crm.records.models import Record
from crm.records.related import related_rows
from crm.ui.pickers import HeldChoice

R = TypeVar("R", bound=Record)


def hold(record: Record, names: Iterable[str]) -> None:
    """Read the rows of these relations, if that has not been done; all in one statement."""
    kept = record.held_rows
    missing = [name for name in names if name not in kept]
    found = related_rows(type(record), [record.pk], missing)
    for name in missing:
        rows = getattr(record, name).all()
        rows._result_cache = found[name][record.pk]
        for key, known in rows._known_related_objects.items():
            for row in rows._result_cache:
                key.set_cached_value(row, known[record.pk])
        kept[name] = rows


def put(record: Record, name: str, rows: Iterable[Model]) -> None:
    """Let `record` hold these rows of a relation, stored or not yet."""
    record.held_rows[name] = list(rows)


def hold_all(records: Sequence[Record], names: Sequence[str]) -> None:
    """As `hold`, for many records of one model in one statement."""
    if records:
        found = related_rows(type(records[0]), [record.pk for record in records], names)
        for record in records:
            for name in names:
                put(record, name, found[name][record.pk])


def release(record: Record, *names: str) -> None:
    """Read them again the next time; without names, all of them."""
    kept = record.held_rows
    for name in names or tuple(kept):
        kept.pop(name, None)


def lend(lender: Record, borrower: Record) -> None:
    """Both are the same row: one need not read what the other has."""
    borrower.held_rows.update(lender.held_rows)


def twin(record: R) -> R:
    """The same row once more, to be compared with what becomes of it."""
    other = copy(record)
    other.custom = dict(record.custom)
    vars(other)["_prefetched_objects_cache"] = dict(record.held_rows)
    return other


def lend_people(lender: Record, borrower: Record) -> None:
    """The same for owner, team and the like, where both have the same one."""
    fields: Any = lender._meta.concrete_fields
    for field in fields:
        if not field.is_relation or not field.is_cached(lender):
            continue
        if getattr(lender, field.attname) == getattr(borrower, field.attname):
            field.set_cached_value(borrower, field.get_cached_value(lender))


def lend_owner(person: User, record: Record) -> None:
    """Who changes what is theirs has been read already."""
    if record.owner_id == person.pk and "owner" not in record._state.fields_cache:
        record.owner = person


class BoundedRows(BaseInlineFormSet):
    """So many lines fit and no more; `absolute_max` of them come back to be sorted out."""

    default_error_messages: ClassVar[Any] = {
        "too_many_forms": ngettext_lazy(
            "At most %(num)d line fits here. Remove the others, then save.",
            "At most %(num)d lines fit here. Remove some, then save.",
            "num",
        )
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            self._take_gone_lines_as_new()

    def _take_gone_lines_as_new(self) -> None:
        """Somebody removed a line meanwhile that is still being typed in here: it is kept as a new
        one, for Django takes a line that it does not know neither as one nor the other."""
        model: Any = self.model
        key = model._meta.pk.name
        total = self.total_form_count()
        initial = min(self.initial_form_count(), total)  # what is sent may say anything
        there = {str(row.pk) for row in self.get_queryset()} if initial else set()
        known = [n for n in range(initial) if self.data.get(f"{self.prefix}-{n}-{key}") in there]
        if len(known) == initial:
            return
        order = known + [n for n in range(total) if n not in known]
        sent: Any = self.data
        data = sent.copy()
        lines = [self._take_line(data, number) for number in order]
        for number, line in enumerate(lines):
            if number >= len(known):
                line.pop(key, None)
            for name, value in line.items():
                data.setlist(f"{self.prefix}-{number}-{name}", value)
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(known))
        self.data = data
        del self.management_form  # Django keeps what it has read

    def _take_line(self, data: Any, number: int) -> dict[str, list[str]]:
        start = f"{self.prefix}-{number}-"
        keys = [key for key in data if key.startswith(start)]
        return {key.removeprefix(start): data.pop(key) for key in keys}


class RowsInPlace(BoundedRows):
    """The formset of rows that its record holds. It works on copies: what is typed is written
    into them before anybody knows whether it is right."""

    @classmethod
    def relation(cls) -> str:
        key: Any = cls.fk
        return str(key.remote_field.get_accessor_name())

    def get_queryset(self) -> Any:
        held = self.instance.held_rows.get(self.relation())
        if held is None:
            return super().get_queryset()
        if not hasattr(self, "_copies"):
            self._copies: list[Model] = [copy(row) for row in held]
        return self._copies

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        model: Any = self.model
        key = model._meta.pk
        plain = form.fields[key.name]
        known = HeldChoice(
            plain.queryset, initial=plain.initial, required=False, widget=plain.widget
        )
        known.held = {str(row.pk): row for row in self.get_queryset()}
        form.fields[key.name] = known
