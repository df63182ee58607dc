"""The columns of a file: how each cell becomes a value of its field, or a sentence."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from crm.exchange.fields import Field, Kind, one_line
from crm.exchange.importing.lookups import Lookups
from crm.exchange.importing.rows import Row
from crm.exchange.reading import (
    BadValue,
    Cell,
    Dialect,
    read_date,
    read_lines,
    read_number,
    read_text,
    read_yes_no,
)
from crm.records.custom_forms import custom_form_field
from crm.records.models import custom_fields

Read = Callable[[Cell], Any]
Words = Callable[[str], Any]
Check = Callable[[Any], None]
WORDS = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LONG_TEXT, Kind.URL})
MOST_REMEMBERED = 1000


class Columns:
    def __init__(
        self, model: Any, fields: Mapping[int, Field], dialect: Dialect, lookups: Lookups
    ) -> None:
        self.model, self.dialect, self.lookups = model, dialect, lookups
        self._custom = {one.form_name: one for one in custom_fields(model.kind)}
        self._columns = [
            (column, one, _checked(one, self._reader(one), self._check(one)))
            for column, one in fields.items()
        ]

    def row(self, line: int, cells: Sequence[Cell], problem: str = "") -> Row:
        row = Row(line, cells, problems=[problem] if problem else [])
        for column, one, read in self._columns:
            cell = cells[column] if column < len(cells) else None
            if isinstance(cell, str):
                cell = cell.strip()
            if cell is None or cell == "":
                continue
            try:
                row.values[one.key] = read(cell)
            except BadValue as told:
                row.problems.append(_in_column(one, str(told)))
            except ValidationError as told:
                row.problems.append(_in_column(one, " ".join(told.messages)))
        return row

    def _reader(self, one: Field) -> Read:
        match one.kind:
            case Kind.NUMBER | Kind.MONEY:
                return partial(read_number, dialect=self.dialect)
            case Kind.DATE:
                return partial(read_date, dialect=self.dialect)
            case Kind.YES_NO:
                return read_yes_no
            case _:
                words = self._reader_of_words(one)
        return lambda cell: words(read_text(cell))

    def _reader_of_words(self, one: Field) -> Words:
        match one.kind:
            case Kind.CHOICE:
                return partial(_answer, one)
            case Kind.SEVERAL if one.choices is None:
                return self._reader_of_lines(one)
            case Kind.SEVERAL if one.key in self._custom:
                return partial(self.lookups.values, one)
            case Kind.SEVERAL:
                return partial(self.lookups.items, one)
            case Kind.LONG_TEXT:
                return str
            case Kind.URL:
                return _address
        return self._named_by.get(one.kind, one_line)

    @property
    def _named_by(self) -> dict[Kind, Words]:
        return {
            Kind.PERSON: self.lookups.person,
            Kind.PEOPLE: self.lookups.people,
            Kind.TEAM: self.lookups.team,
            Kind.TAGS: self.lookups.tags,
        }

    def _reader_of_lines(self, one: Field) -> Words:
        base = getattr(self.model._meta.get_field(one.key), "base_field", None)
        word = _address if isinstance(base, models.URLField) else one_line
        return lambda text: [word(line) for line in read_lines(text)]

    def _check(self, one: Field) -> Check:
        """What the form of a record asks of the value, besides."""
        if one.key in self._custom:
            return _custom_check(custom_form_field(self._custom[one.key]), one)
        if one.slot:
            relation: Any = self.model._meta.get_field(one.slot.relation)
            return _part_check(relation.related_model, one)
        return _own_check(self.model, one.key)


def _checked(one: Field, read: Read, check: Check) -> Read:
    """Of what is only words, it remembers the last: countries, towns and the like come again."""

    def value(cell: Cell) -> Any:
        found = read(cell)
        check(found)
        return found

    return lru_cache(maxsize=MOST_REMEMBERED, typed=True)(value) if one.kind in WORDS else value


def _custom_check(field: forms.Field, one: Field) -> Check:
    if one.choices is not None:
        return _nothing

    def check(value: Any) -> None:
        field.validate(value)
        field.run_validators(value)

    return check


def _part_check(model: Any, one: Field) -> Check:
    assert one.slot is not None
    part = model._meta.get_field(one.slot.part) if _has(model, one.slot.part) else None
    if part is None or part.is_relation or one.choices:
        return _nothing
    check: Check = part.run_validators
    return check


def _own_check(model: Any, key: str) -> Check:
    if not _has(model, key):
        return _nothing
    field = model._meta.get_field(key)
    if field.is_relation or field.choices or key == "number":
        return _nothing
    if hasattr(field, "base_field"):
        return _each(field.base_field.run_validators)
    check: Check = field.run_validators
    return check


def _each(check: Check) -> Check:
    def check_all(values: Sequence[Any]) -> None:
        for one in values:
            check(one)

    return check_all


def _has(model: Any, name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _nothing(_value: Any) -> None:
    pass


def _answer(one: Field, text: str) -> Any:
    assert one.choices is not None
    try:
        return one.choices.value(text)
    except KeyError:
        raise BadValue(_("“%(value)s” is none of the answers.") % {"value": text}) from None


def _address(text: str) -> str:
    bare = one_line(text)
    return bare if "://" in bare else f"https://{bare}"


def _in_column(one: Field, problem: str) -> str:
    return _("%(field)s: %(problem)s") % {"field": one.label, "problem": problem}
