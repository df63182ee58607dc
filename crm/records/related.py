"""Rows of other tables that belong to records, read in one statement for all relations.

Django asks for each relation by itself, and putting its question into SQL takes it longer than the
database needs to answer. A card has seven relations, a form eight.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

# What JSON gives back as it was, and what travels as text and is read by its own field.
AS_IT_IS = (
    *(models.IntegerField, models.CharField, models.TextField, models.BooleanField),
    models.JSONField,
)
AS_TEXT = (models.DateField, models.TimeField, models.DecimalField)
Found = dict[int, list[Any]]
Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Relation:
    """`sql` gives rows of (key of the record, place in the order, columns of the row as JSON)."""

    model: Any
    sql: str
    names: tuple[str, ...]
    readers: tuple[Reader | None, ...]

    def instance(self, values: Sequence[Any]) -> Any:
        return self.model.from_db(connection.alias, self.names, read(self.readers, values))


def related_rows(
    model: type[models.Model], keys: Sequence[int], names: Sequence[str]
) -> dict[str, Found]:
    """{relation: {key: rows in their model's order}} of the records with these keys."""
    found: dict[str, Found] = {name: {key: [] for key in keys} for name in names}
    if not (keys and names):
        return found
    relations = [_relation(model, name) for name in names]
    parts = " UNION ALL ".join(
        f"SELECT {number} AS part, * FROM ({relation.sql}) AS p{number}"  # noqa: S608 - names of our own models
        for number, relation in enumerate(relations)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{parts} ORDER BY part, place", [list(keys)] * len(relations))
        for part, key, _place, values in cursor.fetchall():
            found[names[part]][key].append(relations[part].instance(values))
    return found


@cache
def _relation(model: type[models.Model], name: str) -> Relation:
    field: Any = model._meta.get_field(name)
    quote = connection.ops.quote_name
    target: Any = field.related_model
    if field.many_to_many:
        through = field.remote_field.through._meta
        own = f"t.{quote(through.get_field(field.m2m_field_name()).column)}"
        other = quote(through.get_field(field.m2m_reverse_field_name()).column)
        table, key = quote(target._meta.db_table), quote(target._meta.pk.column)
        source = f"{quote(through.db_table)} t JOIN {table} r ON r.{key} = t.{other}"
    else:
        own, source = f"r.{quote(field.field.column)}", f"{quote(target._meta.db_table)} r"
    columns = [column for column in target._meta.concrete_fields if travels(column)]
    readers = tuple(reader_of(column) for column in columns)
    values = sent([column.column for column in columns], readers)
    place = f"row_number() OVER (ORDER BY {', '.join(_order(target))})"
    return Relation(
        target,
        f"SELECT {own} AS key, {place} AS place, {values} AS columns "  # noqa: S608 - as above
        f"FROM {source} WHERE {own} = ANY(%s)",
        tuple(column.attname for column in columns),
        readers,
    )


def columns_of(model: type[models.Model], alias: str) -> str:
    """The SQL of what `instances` takes."""
    fields: Any = model._meta.concrete_fields
    return ", ".join(f"{alias}.{connection.ops.quote_name(one.column)}" for one in fields)


def instances(
    model: type[models.Model], rows: Iterable[Sequence[Any]], beside: Sequence[str] = ()
) -> list[Any]:
    """Of rows of `columns_of`, and after them what is kept beside the fields under these names.
    Django's `raw` does the same, but finds out each time which column is which, even of no row."""
    names, readers = _stored(model)
    found = []
    for row in rows:
        made = model.from_db(connection.alias, names, read(readers, row[: len(names)]))
        vars(made).update(zip(beside, row[len(names) :], strict=True))
        found.append(made)
    return found


@cache
def _stored(model: type[models.Model]) -> tuple[tuple[str, ...], tuple[Reader | None, ...]]:
    fields = model._meta.concrete_fields
    return tuple(one.attname for one in fields), tuple(map(_reader_of_stored, fields))


def _reader_of_stored(column: Any) -> Reader | None:
    """What the field does with what the database gives."""
    if not hasattr(column, "from_db_value"):
        return None
    return lambda value: column.from_db_value(value, None, connection)


def sent(names: Sequence[str], readers: Sequence[Reader | None]) -> str:
    """Columns of `r` as one JSON value, as `read` takes it."""
    quote = connection.ops.quote_name
    columns = (
        f"r.{quote(name)}{'::text' if reader else ''}"
        for name, reader in zip(names, readers, strict=True)
    )
    return f"json_build_array({', '.join(columns)})"


def read(readers: Sequence[Reader | None], values: Sequence[Any]) -> list[Any]:
    return [
        reader(value) if reader else value for reader, value in zip(readers, values, strict=True)
    ]


def reader_of(column: Any) -> Reader | None:
    """Turns what JSON brought into what the field holds; None where it is that already."""
    if not travels(column):
        raise TypeError(f"{column} does not travel as JSON: read its relation with the ORM.")
    return None if isinstance(_kind(column), AS_IT_IS) else column.to_python


def travels(column: Any) -> bool:
    return isinstance(_kind(column), AS_IT_IS + AS_TEXT)


def _kind(column: Any) -> Any:
    kind = getattr(column, "base_field", column)  # of an array
    return getattr(kind, "target_field", kind)  # of a key


def _order(target: Any) -> Iterable[str]:
    """The order of the model's own Meta, which may name columns only."""
    quote = connection.ops.quote_name
    for asked in (*target._meta.ordering, "pk"):
        name = asked.removeprefix("-")
        column = target._meta.pk if name == "pk" else target._meta.get_field(name)
        yield f"r.{quote(column.column)}{' DESC' if asked.startswith('-') else ''}"
