"""Rows of several kinds of records in one statement: a card has as many panels as there are kinds.

Each kind's own query stays Django's; around them all goes a UNION of rows as JSON.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from crm.records.related import read, reader_of, sent, travels

K = TypeVar("K")


def read_together(querysets: Mapping[K, QuerySet]) -> dict[K, list[Any]]:
    """{key: instances in their queryset's order, annotations included}.

    Columns that do not travel as JSON (the words of a search) are deferred. A queryset that
    selects related rows is not for here.
    """
    found: dict[K, list[Any]] = {key: [] for key in querysets}
    parts: list[tuple[list[Any], _Columns]] = []
    sql: list[str] = []
    params: list[Any] = []
    for key, rows in querysets.items():
        try:
            inner, values = rows.query.sql_with_params()
        except EmptyResultSet:  # the ORM sees by itself that nothing can match
            continue
        columns = _Columns(rows)
        sql.append(
            f"SELECT {len(parts)} AS part, row_number() OVER () AS place, {columns.sql} AS columns"  # noqa: S608 - the ORM's own SQL
            f" FROM ({inner}) AS r"
        )
        params.extend(values)
        parts.append((found[key], columns))
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"{' UNION ALL '.join(sql)} ORDER BY part, place", params)
            for part, _place, sent_values in cursor.fetchall():
                rows_of_part, columns = parts[part]
                rows_of_part.append(columns.instance(sent_values))
    return found


class _Columns:
    def __init__(self, rows: QuerySet) -> None:
        self.model: Any = rows.model
        fields = [field for field in self.model._meta.concrete_fields if travels(field)]
        self.names = [field.attname for field in fields]
        self.extra = list(rows.query.annotation_select)
        outputs = [each.output_field for each in rows.query.annotation_select.values()]
        self.readers = [reader_of(field) for field in (*fields, *outputs)]
        self.sql = sent([*(field.column for field in fields), *self.extra], self.readers)

    def instance(self, values: list[Any]) -> Any:
        values = read(self.readers, values)
        own = len(self.names)
        row = self.model.from_db(connection.alias, self.names, values[:own])
        for name, value in zip(self.extra, values[own:], strict=True):
            setattr(row, name, value)
        return row
