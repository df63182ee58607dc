"""How many rows each tab of a list has, at a price that does not grow with the table (B41)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

from crm.ui.paging import COUNT_CAP, shown_count

SEEN_MOST = 1500


@dataclass(frozen=True)
class Count:
    number: int
    is_more: bool = False  # at least so many: not all rows were looked at

    def __str__(self) -> str:
        if not self.is_more or self.number > COUNT_CAP:
            return shown_count(self.number)
        return f"{shown_count(self.number)}+" if self.number else "…"


def counts_of_parts(
    rows: QuerySet, parts: dict[str, Q], *, current: str, is_filtered: bool
) -> dict[str, Count]:
    """How many of `rows` each condition leaves, no further than the cap, in one statement.

    Without filters every part counts by its own index. With filters none fits: then the first
    SEEN_MOST rows they find are told apart; if there are more, the current part alone is counted
    up to the cap and the others say what was seen of them.

    `rows` is compiled once, as Django takes a millisecond for each compilation. Conditions are
    fixed ones on columns of the model itself; their SQL is kept.
    """
    if rows.query.is_empty():
        return dict.fromkeys(parts, Count(0))
    model: Any = rows.model
    conditions = {key: _condition(model, where) for key, where in parts.items()}
    columns = sorted({name for condition in conditions.values() for name in condition.columns})
    try:
        base, values = rows.order_by().values_list("pk", *columns).query.sql_with_params()
    except EmptyResultSet:  # the ORM sees by itself that nothing can match
        return dict.fromkeys(parts, Count(0))
    # Inlined, so that every count finds its own index.
    found = f"WITH found AS NOT MATERIALIZED ({base})"
    if not is_filtered:
        wanted = [condition.capped for condition in conditions.values()]
        given = [value for condition in conditions.values() for value in condition.values]
        numbers = _row(f"{found} SELECT {', '.join(wanted)}", [*values, *given])
        return {key: Count(number) for key, number in zip(parts, numbers, strict=True)}
    return _seen(found, list(values), conditions, current)


@dataclass(frozen=True)
class Condition:
    table: str
    sql: str
    values: tuple[Any, ...]
    columns: tuple[str, ...]

    @property
    def capped(self) -> str:
        rows = f"SELECT 1 FROM found AS {self.table} WHERE {self.sql} LIMIT {COUNT_CAP + 1}"  # noqa: S608 - the ORM's own SQL
        return f"(SELECT count(*) FROM ({rows}) AS capped)"  # noqa: S608 - as above


def _seen(
    found: str, values: list[Any], conditions: dict[str, Condition], current: str
) -> dict[str, Count]:
    """In one pass over what was seen, however many parts there are."""
    own, number = conditions[current], list(conditions).index(current)
    parts = ", ".join(
        f"count(*) FILTER (WHERE {condition.sql}) AS part_{place}"
        for place, condition in enumerate(conditions.values())
    )
    # Looked at further only where what was seen does not settle it.
    is_settled = f"every <= {SEEN_MOST} OR part_{number} > {COUNT_CAP}"
    sql = (
        f"{found}, seen AS MATERIALIZED (SELECT * FROM found LIMIT {SEEN_MOST + 1}), told AS"  # noqa: S608 - the ORM's own SQL
        f" (SELECT count(*) AS every, {parts} FROM seen AS {own.table})"
        f" SELECT CASE WHEN {is_settled} THEN part_{number} ELSE {own.capped} END, told.* FROM told"
    )
    given = [value for condition in conditions.values() for value in condition.values]
    exact, total, *rest = _row(sql, [*values, *given, *own.values])
    counts = {
        key: Count(count, is_more=total > SEEN_MOST)
        for key, count in zip(conditions, rest, strict=True)
    }
    return counts | {current: Count(exact)}


def _row(sql: str, values: list[Any]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        numbers: tuple[int, ...] = cursor.fetchone()
        return numbers


@cache
def _condition(model: Any, where: Q) -> Condition:
    query = model._default_manager.filter(where).query
    try:
        sql, values = query.get_compiler(connection=connection).compile(query.where)
    except FullResultSet:  # a part that is the whole
        sql, values = "TRUE", ()
    names = {name.partition(LOOKUP_SEP)[0] for name, _value in _leaves(where)}
    columns = tuple(sorted(names))
    table = connection.ops.quote_name(model._meta.db_table)
    return Condition(table, sql, tuple(values), columns)


def _leaves(where: Q) -> Iterator[tuple[str, Any]]:
    child: Any
    for child in where.children:
        if isinstance(child, Q):
            yield from _leaves(child)
        else:
            yield child
