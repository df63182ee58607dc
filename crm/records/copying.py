"""Rows by the thousand through Postgres' COPY: a tenth of what as many INSERTs cost."""

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
SPECIAL = re.compile(r"[\\\t\n\r\0]")
NOTHING = "\\N"
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # and not the six characters, typed by somebody
Words = Callable[[Any], str]


def copy_in(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model. Keys that are not set come from the table's own sequence, and
    the rows do not learn them."""
    if rows:
        meta = type(rows[0])._meta
        fields = [field for field in meta.concrete_fields if not field.primary_key or rows[0].pk]
        _copy(meta.db_table, rows, fields, is_new=True)


def copy_over(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Store these fields of rows that are there already, and that the caller has locked."""
    if not rows:
        return
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    table, aside = quote(meta.db_table), quote(f"over_{meta.db_table}")
    fields: list[Any] = [meta.get_field(name) for name in sorted(set(names))]
    columns = ", ".join(f"{quote(f.column)} = aside.{quote(f.column)}" for f in fields)
    key = quote(str(meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {aside} (LIKE {table}) ON COMMIT DELETE ROWS"
        )
        cursor.execute(f"DELETE FROM {aside}")  # noqa: S608 - names of our own models
        _copy(f"over_{meta.db_table}", rows, meta.concrete_fields, is_new=False)
        cursor.execute(
            f"UPDATE {table} SET {columns} FROM {aside} aside WHERE {table}.{key} = aside.{key}"  # noqa: S608 - as above
        )


def _copy(table: str, rows: Sequence[models.Model], fields: Sequence[Any], *, is_new: bool) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            f"COPY {quote(table)} ({columns}) FROM STDIN",
            io.StringIO("".join(_lines(rows, fields, is_new))),
        )


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys that nobody else will get, for rows that others will point at before they are stored."""
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _lines(rows: Sequence[models.Model], fields: Sequence[Any], is_new: bool) -> Iterator[str]:
    cells = [_cell_of(field, is_new) for field in fields]
    for row in rows:
        yield "\t".join([cell(row) for cell in cells]) + "\n"


def _cell_of(field: Any, is_new: bool) -> Callable[[Any], str]:
    """What COPY reads for `field`, of any row."""
    words, name = _words_of(field), field.attname
    computes = type(field).pre_save is not models.Field.pre_save

    def cell(row: Any) -> str:
        value = field.pre_save(row, is_new) if computes else row.__dict__.get(name)
        if value is None:
            return NOTHING
        text = value if type(value) is str else words(value)
        return text.translate(ESCAPES) if SPECIAL.search(text) else text

    return cell


def _words_of(field: Any) -> Words:
    if isinstance(field, ArrayField):
        return _array
    return _json if isinstance(field, models.JSONField) else _plain


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _json(value: Any) -> str:
    return NUL.sub(r"\1", json.dumps(value))


def _array(value: Any) -> str:
    items = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in value)
    return "{" + ",".join(f'"{item}"' for item in items) + "}"
