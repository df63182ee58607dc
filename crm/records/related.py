"""Rows of other tables that belong to records, read in one statement for all relations.

Django asks for each relation by itself, and putting its question into SQL takes it longer than the
database needs to answer. A card has seven relations, a form eight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

# What JSON gives back as it was, and what travels as text and is read by its own field.
AS_IT_IS = (models.IntegerField, models.CharField, models.TextField, models.BooleanField)
AS_TEXT = (models.DateField, models.TimeField, models.DecimalField)
Found = dict[int, list[Any]]


@dataclass(frozen=True)
class Relation:
    """`sql` gives rows of (key of the record, place in the order, columns of the row as JSON)."""

    model: Any
    sql: str
    names: tuple[str, ...]
    readers: tuple[Any, ...]

    def instance(self, values: Sequence[Any]) -> Any:
        read = [
            reader(value) if reader else value
            for reader, value in zip(self.readers, values, strict=True)
        ]
        return self.model.from_db(connection.alias, self.names, read)


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
    columns = target._meta.concrete_fields
    plain = [_is_plain(column) for column in columns]
    values = [
        f"r.{quote(column.column)}{'' if is_plain else '::text'}"
        for column, is_plain in zip(columns, plain, strict=True)
    ]
    place = f"row_number() OVER (ORDER BY {', '.join(_order(target))})"
    return Relation(
        target,
        f"SELECT {own} AS key, {place} AS place, json_build_array({', '.join(values)}) AS columns "  # noqa: S608 - as above
        f"FROM {source} WHERE {own} = ANY(%s)",
        tuple(column.attname for column in columns),
        tuple(
            None if is_plain else column.to_python
            for column, is_plain in zip(columns, plain, strict=True)
        ),
    )


def _is_plain(column: Any) -> bool:
    kind = getattr(column, "base_field", column)  # of an array
    kind = getattr(kind, "target_field", kind)  # of a key
    if not isinstance(kind, AS_IT_IS + AS_TEXT):
        raise TypeError(f"{column} does not travel as JSON: read its relation with the ORM.")
    return isinstance(kind, AS_IT_IS)


def _order(target: Any) -> Iterable[str]:
    """The order of the model's own Meta, which may name columns only."""
    quote = connection.ops.quote_name
    for asked in (*target._meta.ordering, "pk"):
        name = asked.removeprefix("-")
        column = target._meta.pk if name == "pk" else target._meta.get_field(name)
        yield f"r.{quote(column.column)}{' DESC' if asked.startswith('-') else ''}"
