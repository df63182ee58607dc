"""Rows by the thousand through Postgres' COPY: a tenth of what as many INSERTs cost."""

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from django_countries.fields import CountryField

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
SPECIAL = re.compile(r"[\\\t\n\r\0]")
NOTHING = "\\N"
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # and not the six characters, typed by somebody
ALIKE = (str, int, dt.datetime, type(None))  # whole columns of one of these are written once
# What saves the values that lie in a row: a country lies there as its code.
AS_THEY_ARE = (models.Field.pre_save, CountryField.pre_save)
Words = Callable[[Any], str]
PIECE = 1 << 20  # characters that Postgres is sent at a time


def at_once(sql: str, lines: str) -> None:
    with connection.wrap_database_errors:
        _send(connection.cursor(), sql, lines)


class Aside:
    """COPYs of one transaction, one after the other in a thread: while Postgres stores some rows,
    the caller writes down the next. A question that is asked meanwhile waits until they are
    stored; whoever leaves has waited for all, and is told what failed."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._begun: list[Future[None]] = []
        self._asking = connection.execute_wrapper(self._ask)

    def __enter__(self) -> Self:
        self._asking.__enter__()
        return self

    def __exit__(self, failure: object, *about: object) -> None:
        self._asking.__exit__(None, None, None)
        self._thread.shutdown(cancel_futures=failure is not None)
        if failure is None:
            self._wait()

    def __call__(self, sql: str, lines: str) -> None:
        self._begin(_send, sql, lines)

    def run(self, sql: str) -> None:
        self._begin(_run, sql)

    @property
    def is_busy(self) -> bool:
        return bool(self._begun) and not self._begun[-1].done()

    @contextmanager
    def looking_at_keys(self) -> Iterator[None]:
        """Foreign keys are looked at as rows come, while the next are written down; all at once
        when the transaction commits took a tenth of an import."""
        self.run("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        self.run("SET CONSTRAINTS ALL DEFERRED")

    def _begin(self, act: Callable[..., None], *what: str) -> None:
        # A cursor of this thread's connection: the other would open a connection of its own.
        self._begun.append(self._thread.submit(act, connection.cursor(), *what))

    def _ask(self, execute: Callable[..., Any], *question: Any) -> Any:
        self._wait()
        return execute(*question)

    def _wait(self) -> None:
        with connection.wrap_database_errors:
            while self._begun:
                self._begun.pop(0).result()


def _send(cursor: Any, sql: str, lines: str) -> None:
    with cursor:
        cursor.cursor.copy_expert(sql, io.StringIO(lines), PIECE)


def _run(cursor: Any, sql: str) -> None:
    with cursor:
        cursor.cursor.execute(sql)  # not by the wrappers of Django, which would wait for this


Store = Callable[[str, str], None]


def copy_in(rows: Sequence[models.Model], store: Store = at_once) -> None:
    """Store new rows of one model. Keys that are not set come from the table's own sequence, and
    the rows do not learn them."""
    if rows:
        meta = type(rows[0])._meta
        fields = [field for field in meta.concrete_fields if not field.primary_key or rows[0].pk]
        columns = [_column(field, rows, True) for field in fields]
        _copy(meta.db_table, fields, columns, store)


def copy_alike(
    pattern: models.Model,
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    store: Store = at_once,
) -> None:
    """Store a new row for each of `rows`, which are the values of `names`; all else is as in
    `pattern`."""
    if rows:
        meta = type(pattern)._meta
        fields = [field for field in meta.concrete_fields if not field.primary_key]
        own = dict(zip(names, zip(*rows, strict=True), strict=True))
        columns = [
            _cells(field, own[field.attname])
            if field.attname in own
            else _column(field, [pattern], True) * len(rows)
            for field in fields
        ]
        _copy(meta.db_table, fields, columns, store)


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
        every = meta.concrete_fields
        _copy(f"over_{meta.db_table}", every, [_column(field, rows, False) for field in every])
        cursor.execute(
            f"UPDATE {table} SET {columns} FROM {aside} aside WHERE {table}.{key} = aside.{key}"  # noqa: S608 - as above
        )


def _copy(
    table: str, fields: Sequence[Any], columns: Sequence[Sequence[str]], store: Store = at_once
) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    store(f"COPY {quote(table)} ({names}) FROM STDIN", _lines(columns))


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys that nobody else will get, for rows that others will point at before they are stored."""
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _lines(columns: Sequence[Sequence[str]]) -> str:
    return "".join([f"{line}\n" for line in map("\t".join, zip(*columns, strict=True))])


def _column(field: Any, rows: Sequence[models.Model], is_new: bool) -> list[str]:
    """What COPY reads for `field`: a column at a time is quickest."""
    name = field.attname
    if _is_moment(field, is_new):  # one for all that are stored together
        moment = timezone.now()
        for row in rows:
            setattr(row, name, moment)
        return _cells(field, [moment] * len(rows))
    if type(field).pre_save not in AS_THEY_ARE:
        return _cells(field, [field.pre_save(row, is_new) for row in rows])
    return _cells(field, [row.__dict__.get(name) for row in rows])


def _is_moment(field: Any, is_new: bool) -> bool:
    return getattr(field, "auto_now", False) or (is_new and getattr(field, "auto_now_add", False))


def _cells(field: Any, values: Sequence[Any]) -> list[str]:
    words, first = _words_of(field), values[0]
    if isinstance(first, ALIKE) and values.count(first) == len(values):
        return [_cell(first, words)] * len(values)
    if set(map(type, values)) == {str} and not SPECIAL.search("".join(values)):
        return list(values)
    return [_cell(value, words) for value in values]


def _cell(value: Any, words: Words) -> str:
    if value is None:
        return NOTHING
    text = value if type(value) is str else words(value)
    return text.translate(ESCAPES) if SPECIAL.search(text) else text


def _words_of(field: Any) -> Words:
    if isinstance(field, ArrayField):
        return _array
    return _json if isinstance(field, models.JSONField) else _plain


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _json(value: Any) -> str:
    if value in ({}, []):  # most of them
        return str(value)
    return NUL.sub(r"\1", json.dumps(value))


def _array(value: Any) -> str:
    items = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in value)
    return "{" + ",".join(f'"{item}"' for item in items) + "}"
