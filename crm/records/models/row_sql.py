"""Conditions on a row of a table, in SQL of ours."""

from collections.abc import Sequence
from typing import Any, Self

from django.db import models
from django.db.models import F, Func


class RowWhere(Func):
    """`{row}` in `sql` is the table of the row. Django's own conditions and subqueries are resolved
    and written out anew each time one is asked: who sees a record, several milliseconds a page."""

    output_field = models.BooleanField()

    def __init__(self, sql: str, *params: Any) -> None:
        super().__init__(F("pk"))
        self.sql, self.params = sql, params

    @classmethod
    def any_of(cls, some: Sequence[Self]) -> Self:
        """False for every row if there are none."""
        sql = " OR ".join(f"({one.sql})" for one in some)
        return cls(sql or "FALSE", *(value for one in some for value in one.params))

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> Any:  # type: ignore[override]  # written out whole
        (key,) = self.get_source_expressions()
        row = compiler.quote_name_unless_alias(key.alias)
        return f"({self.sql.replace('{row}', row)})", self.params
