"""Is a column among what a statement of ours finds?"""

from typing import Any

from django.db import models
from django.db.models import F, Func


class Among(Func):
    """`field IN (sql)`. Django's own subqueries are resolved and written out anew each time one is
    asked: for who sees an activity, several milliseconds on every page."""

    output_field = models.BooleanField()

    def __init__(self, field: str, sql: str, *params: Any) -> None:
        super().__init__(F(field))
        self.sql, self.params = sql, params

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> Any:  # type: ignore[override]  # written out whole
        (column,) = self.get_source_expressions()
        told, _none = compiler.compile(column)
        return self.put(told), self.params

    def put(self, column: str) -> str:
        return f"{column} IN ({self.sql})"


class LookedUp(Among):
    """The same, looked up row by row and never gathered first: for a page of rows among millions.
    `sql` calls what it finds `pk`."""

    def put(self, column: str) -> str:
        return f"EXISTS(SELECT FROM ({self.sql}) AS found WHERE found.pk = {column} OFFSET 0)"
