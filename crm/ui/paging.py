"""Keyset paging and capped counts: a deep page costs what the first one costs (B41)."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldError, ValidationError
from django.db import DataError, connection
from django.db.models import F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import Http404, HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _

COUNT_CAP = 1000
Read = Callable[[QuerySet], Iterable[Any]]
ReadAll = Callable[[dict[str, QuerySet]], Mapping[str, Iterable[Any]]]


@dataclass(frozen=True)
class Sort:
    """Rows in order of `field` (a column or annotation that is never NULL), then of pk."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    newer: str  # cursor of the page before this one, "" on the first
    older: str  # cursor of the page after this one, "" on the last


class BadCursor(Exception):
    """The address names a place in the list that cannot be."""


def page_of(rows: QuerySet, sort: Sort, *, cursor: str, size: int, read: Read = list) -> Page:
    """The page at `cursor` ("" is the first). Raises BadCursor.

    `read` answers a queryset in its order and within its limit, if it is not asked as it is.
    """
    wanted = {"": Wanted(rows, sort, cursor, size)}
    return pages_of(wanted, read=lambda asked: {"": read(asked[""])})[""]


@dataclass(frozen=True)
class Wanted:
    """A page as `page_of` is asked for it."""

    rows: QuerySet
    sort: Sort
    cursor: str
    size: int

    def asked(self) -> QuerySet:
        """One row more than shown, so that it is known whether there are more."""
        backwards, place = read_cursor(self.cursor)
        down = self.sort.descending != backwards
        mark = "-" if down else ""
        ordered = self.rows.order_by(f"{mark}{self.sort.field}", f"{mark}pk")
        if place:
            beyond = TupleLessThan if down else TupleGreaterThan
            ordered = ordered.filter(beyond((F(self.sort.field), F("pk")), tuple(place)))
        return ordered[: self.size + 1]

    def page(self, answer: Iterable[Any]) -> Page:
        backwards, place = read_cursor(self.cursor)
        found = list(answer)
        more = len(found) > self.size
        found = found[: self.size]
        if backwards:
            found.reverse()
        has_newer, has_older = (more, bool(place)) if backwards else (bool(place), more)
        return Page(
            rows=found,
            newer=_write("b", found[0], self.sort) if found and has_newer else "",
            older=_write("a", found[-1], self.sort) if found and has_older else "",
        )


def pages_of(wanted: dict[str, Wanted], *, read: ReadAll) -> dict[str, Page]:
    """Several pages, of which `read` answers all querysets at once. Raises BadCursor."""
    answers = rows_of(wanted, read=read)
    return {name: one.page(answers[name]) for name, one in wanted.items()}


def rows_of(wanted: dict[str, Wanted], *, read: ReadAll) -> dict[str, list[Any]]:
    """What a page is made of: its rows and, if there are more, one of those. Raises BadCursor."""
    asked = {name: one.asked() for name, one in wanted.items()}
    try:
        return {name: list(rows) for name, rows in read(asked).items()}
    except (DataError, FieldError, ValidationError, ValueError, TypeError) as problem:
        raise BadCursor from problem


def page_asked_for(
    request: HttpRequest,
    rows: QuerySet,
    sort: Sort,
    *,
    size: int,
    name: str = "at",
    read: Read = list,
) -> Page:
    """The page whose cursor the address carries as `name`. A place that cannot be is a 404."""
    parts = {name: (rows, sort)}
    return pages_asked_for(request, parts, size=size, read=lambda asked: {name: read(asked[name])})[
        name
    ]


def pages_asked_for(
    request: HttpRequest, parts: Mapping[str, tuple[QuerySet, Sort]], *, size: int, read: ReadAll
) -> dict[str, Page]:
    """The same of several lists, by the names that their cursors have in the address."""
    wanted = {
        name: Wanted(rows, sort, request.GET.get(name, ""), size)
        for name, (rows, sort) in parts.items()
    }
    try:
        return pages_of(wanted, read=read)
    except BadCursor:
        raise Http404(_("There is nothing here, or it is not for you.")) from None


def _write(side: str, row: Any, sort: Sort) -> str:
    value = getattr(row, sort.field)
    if isinstance(value, dt.date):
        value = value.isoformat()
    return write_cursor(side, value, row.pk)


def write_cursor(side: str, value: Any, pk: int) -> str:
    text = json.dumps([side, value, pk], separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[bool, list[Any]]:
    """Whether it leads backwards, and [value, pk] of the row it is beside; [] is the beginning."""
    if not cursor:
        return False, []
    try:
        side, value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError) as problem:
        raise BadCursor from problem
    if side not in ("a", "b") or not isinstance(pk, int) or not 0 <= pk < 2**63:
        raise BadCursor
    return side == "b", [value, pk]


def capped_counts(querysets: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each has, no further than COUNT_CAP + 1, in one statement."""
    return asked_together(counts=querysets, values={})


def asked_together(*, counts: dict[str, QuerySet], values: dict[str, QuerySet]) -> dict[str, Any]:
    """Capped counts, and the one value that each of `values` selects (None: no row), all in one
    statement."""
    limited = {name: _capped(rows) for name, rows in counts.items()}
    parts: list[str] = []
    params: list[Any] = []
    for name, rows in (limited | values).items():
        try:
            sql, given = rows.query.sql_with_params()
        except EmptyResultSet:  # the ORM sees by itself that nothing can match
            parts.append("(SELECT 0)" if name in counts else "(SELECT NULL)")
            continue
        counted = f"(SELECT count(*) FROM ({sql}) AS capped)"  # noqa: S608  the ORM's own SQL
        parts.append(counted if name in counts else f"({sql})")
        params.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return dict(zip(limited | values, cursor.fetchone(), strict=True))


def capped_count(rows: QuerySet) -> RawSQL:
    """How many `rows` are, no further than COUNT_CAP + 1, as an annotation of a page of them."""
    sql, params = _capped(rows).query.sql_with_params()
    counted = f"SELECT count(*) FROM ({sql}) AS capped"  # noqa: S608 - the ORM's own SQL
    return RawSQL(counted, params, IntegerField())  # noqa: S611 - as above


def _capped(rows: QuerySet) -> QuerySet:
    return rows.order_by().values_list("pk")[: COUNT_CAP + 1]


def shown_count(number: int) -> str:
    """ "1,000+" when the count was capped, grouped as the active language does."""
    capped = number_format(min(number, COUNT_CAP), use_l10n=True, force_grouping=True)
    return f"{capped}+" if number > COUNT_CAP else capped
