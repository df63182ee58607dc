"""Putting the values of a row into a record, as far as the rules allow."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cache
from typing import Any

from django.db.models import Model

from crm.exchange.fields import Field
from crm.records.held import put
from crm.records.models import Record, custom_fields
from crm.records.moulds import Mould

EMPTY: tuple[Any, ...] = (None, "", [], ())


class Filler:
    """`overwrites` what is there; `empties` it where the file's cell is empty. Fields the app
    reads itself (a company's code) are not in `fields`."""

    def __init__(
        self, model: type[Record], fields: Iterable[Field], *, overwrites: bool, empties: bool
    ) -> None:
        self.model, self.overwrites, self.empties = model, overwrites, empties
        self._moulds: dict[str, Mould] = {}
        every = list(fields)
        self.plain = [one for one in every if one.slot is None]
        self.slots: dict[str, list[Field]] = {}
        # Numbered rows first: a mobile finds its place behind them.
        for one in sorted(every, key=lambda one: not (one.slot and one.slot.number)):
            if one.slot:
                self.slots.setdefault(one.slot.relation, []).append(one)
        self.custom = {one.form_name: one for one in custom_fields(model.kind)}

    def new(self, record: Record, values: Mapping[str, Any]) -> None:
        """Everything the row says; `record` holds nothing yet."""
        for one in self.plain:
            if one.key in values:
                self._set(record, one, values[one.key])
        for relation, fields in self.slots.items():
            rows = self._rows(fields, [], values)
            put(record, relation, [row for row in rows if not _is_empty(row)])

    def wanted(self, record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        """What would be different: {name of the field or relation: its new value or rows}."""
        wanted: dict[str, Any] = {}
        for one in self.plain:
            new, old = values.get(one.key), self._get(record, one)
            if self._may_write(new, old) and not _is_same(new, old):
                wanted[one.key] = new
        for relation, fields in self.slots.items():
            old_rows = list(record.rows_of(relation))
            rows = self._rows(fields, [copy(row) for row in old_rows], values)
            rows = _originals([row for row in rows if not _is_empty(row)], old_rows)
            if [id(row) for row in rows] != [id(row) for row in old_rows]:
                wanted[relation] = rows
        return wanted

    def put(self, record: Record, wanted: Mapping[str, Any]) -> None:
        for one in self.plain:
            if one.key in wanted:
                self._set(record, one, wanted[one.key])
        for relation in self.slots:
            if relation in wanted:
                put(record, relation, wanted[relation])

    def _may_write(self, new: Any, old: Any) -> bool:
        if new in EMPTY:
            return self.empties
        return self.overwrites or old in EMPTY

    def _get(self, record: Any, one: Field) -> Any:
        if one.key in self.custom:
            definition = self.custom[one.key]
            return definition.from_json(record.custom.get(definition.key))
        field = self.model._meta.get_field(one.key)
        if field.many_to_many:
            return list(record.rows_of(one.key))
        return getattr(record, one.key)

    def _set(self, record: Any, one: Field, value: Any) -> None:
        if one.key in self.custom:
            definition = self.custom[one.key]
            record.custom.pop(definition.key, None)
            stored = definition.to_json(value)
            if stored is not None:
                record.custom[definition.key] = stored
            return
        field: Any = self.model._meta.get_field(one.key)
        if field.many_to_many:
            put(record, one.key, value or [])
        elif value in EMPTY:
            setattr(record, one.key, None if field.null else field.get_default())
        else:
            setattr(record, one.key, value)

    def _rows(
        self, fields: Sequence[Field], rows: list[Any], values: Mapping[str, Any]
    ) -> list[Any]:
        """`rows` of another table with what the file says of them, numbered as it numbers them."""
        for one in fields:
            assert one.slot is not None
            value, part = values.get(one.key), one.slot.part
            if value in EMPTY and not self.empties:
                continue
            row = self._row(one, rows, is_needed=value not in EMPTY)
            if row is None:
                continue
            is_given = value not in EMPTY and row.pk is None
            now = str(row.__dict__.get(part, ""))
            if is_given or (now != value and self._may_write(value, now)):
                setattr(row, part, "" if value in EMPTY else value)
        return rows

    def _row(self, one: Field, rows: list[Any], *, is_needed: bool) -> Any:
        assert one.slot is not None
        slot = one.slot
        if slot.number:
            if slot.number <= len(rows):
                return rows[slot.number - 1]
        else:
            for row in rows:
                if all(getattr(row, name) == value for name, value in slot.preset.items()):
                    return row
        if not is_needed:
            return None
        if one.key not in self._moulds:
            model: Any = self.model._meta.get_field(slot.relation).related_model
            self._moulds[one.key] = Mould(model, **slot.preset)
        rows.append(self._moulds[one.key].new())
        return rows[-1]


def _is_same(new: Any, old: Any) -> bool:
    if isinstance(old, list) and old and isinstance(old[0], Model):
        return {row.pk for row in new or ()} == {row.pk for row in old}
    return new == old or (new in EMPTY and old in EMPTY)


def _is_empty(row: Any) -> bool:
    """What has a default (its use) does not make a row worth having."""
    facts = row.__dict__
    return not any(facts.get(name) for name in _telling(row._meta.model))


@cache
def _telling(model: Any) -> list[str]:
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.is_relation or field.has_default())
    ]


def _originals(rows: list[Any], old: Sequence[Any]) -> list[Any]:
    """The object itself for what stayed as it was."""
    before = {row.pk: row for row in old if row.pk}
    return [
        before[row.pk] if row.pk in before and _facts(row) == _facts(before[row.pk]) else row
        for row in rows
    ]


def _facts(row: Any) -> list[Any]:
    return [row.__dict__.get(name) for name in _names(row._meta.model)]


@cache
def _names(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
