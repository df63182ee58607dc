"""The words by which a record is found, as Postgres keeps and indexes them."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup


class Terms(SearchVectorField):
    """A `tsvector` of words that are ready: no dictionary, no stop words (see names.py)."""


@Terms.register_lookup
class Finds(Lookup):
    """`search__finds="'fiat':* & 'auto':*"`: a `tsquery` that is ready, too."""

    lookup_name = "finds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        found, params = self.process_lhs(compiler, connection)
        query, values = self.process_rhs(compiler, connection)
        return f"{found} @@ {query}::tsquery", (*params, *values)
