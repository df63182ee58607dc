"""Keyset paging and capped counts: a deep page costs what the first one costs (B41)."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldError, ValidationError
from django.db import DataError, connection
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import Http404, HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _

COUNT_CAP = 1000
Read = Callable[[QuerySet], Iterable[Any]]


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
    backwards, place = _read(cursor)
    down = sort.descending != backwards
    mark = "-" if down else ""
    ordered = rows.order_by(f"{mark}{sort.field}", f"{mark}pk")
    if place:
        beyond = TupleLessThan if down else TupleGreaterThan
        ordered = ordered.filter(beyond((F(sort.field), F("pk")), tuple(place)))
    try:
        found = list(read(ordered[: size + 1]))
    except (DataError, FieldError, ValidationError, ValueError, TypeError) as problem:
        raise BadCursor from problem
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_newer, has_older = (more, bool(place)) if backwards else (bool(place), more)
    return Page(
        rows=found,
        newer=_write("b", found[0], sort) if found and has_newer else "",
        older=_write("a", found[-1], sort) if found and has_older else "",
    )


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
    try:
        return page_of(rows, sort, cursor=request.GET.get(name, ""), size=size, read=read)
    except BadCursor:
        raise Http404(_("There is nothing here, or it is not for you.")) from None


def _write(side: str, row: Any, sort: Sort) -> str:
    value = getattr(row, sort.field)
    if isinstance(value, dt.date):
        value = value.isoformat()
    text = json.dumps([side, value, row.pk], separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[bool, list[Any]]:
    if not cursor:
        return False, []
    try:
        side, value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError) as problem:
        raise BadCursor from problem
    if side not in ("a", "b") or not isinstance(pk, int) or not 0 < pk < 2**63:
        raise BadCursor
    return side == "b", [value, pk]


def capped_counts(querysets: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each has, no further than COUNT_CAP + 1, in one statement."""
    return asked_together(counts=querysets, values={})


def asked_together(*, counts: dict[str, QuerySet], values: dict[str, QuerySet]) -> dict[str, Any]:
    """Capped counts, and the one value that each of `values` selects (None: no row), all in one
    statement."""
    limited = {
        name: rows.order_by().values_list("pk")[: COUNT_CAP + 1] for name, rows in counts.items()
    }
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


def shown_count(number: int) -> str:
    """ "1,000+" when the count was capped, grouped as the active language does."""
    capped = number_format(min(number, COUNT_CAP), use_l10n=True, force_grouping=True)
    return f"{capped}+" if number > COUNT_CAP else capped
