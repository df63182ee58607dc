"""How contacts are found by what somebody typed, and in which order (E5, ADR 3).

The order is asked for in SQL of our own on top of the rows that a queryset leaves. What rare words
find is put in order as a whole; of frequent ones each stage is looked at only when those before
have not filled the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, QuerySet

from crm.contacts.frequent import LAST_LETTER, rows_having, rows_with
from crm.contacts.models.terms import Terms
from crm.contacts.names import (
    LONGEST_WORD,
    begins,
    begins_or_is_near,
    is_short,
    key_query,
    name_query,
    near_keys,
    near_start,
    norm,
    search_words,
    squash,
    whole_terms,
)
from crm.records.models import RecordQuerySet
from crm.records.related import columns_of, instances

MANY = 5_000  # rows: reading so many out of the index takes longer than the rest of a page
# Among so many rows that changed last, what is short fills a page. A frequent word that is not
# among fewer is sooner read out of the index: it may be frequent in another part only.
LATEST, LATEST_OF_WORDS = 1_500, 500
LIKE_ENOUGH = 0.4  # of a name's letters, three by three
# Rows whose likeness is reckoned. Of those with nothing but frequent words any are as like.
COMPARED, COMPARED_OF_MANY = 150, 20

PART = "SELECT * FROM ({whole}) AS whole WHERE {where}"
Sql = tuple[str, tuple[Any, ...]]  # with its parameters
COLUMNS = ("id", "number", "sort_name", "aliases", "search", "near", "updated_at")
# `(SELECT …)` hides the query from the planner: it guesses few rows and takes the index. Where it
# guesses many, it walks all rows in their order until it has a page, which may be never.
FINDS = "{column} @@ (SELECT %s::tsquery)"
# 0: it is the code, or one of the other keys, 1: the name, 2: an alias, among those that are one.
EXACTNESS = """
    CASE WHEN replace(lower(number), '-', '') = %s OR search @@ %s::tsquery THEN 0
         WHEN starts_with(replace(sort_name, ' ', ''), %s) THEN 1 ELSE 2 END
"""
FOUND = "search @@ %s::tsquery"
HEAD = "sort_name >= %s AND sort_name < %s"
RANKED = f"""
best AS (
    SELECT id, row_number() OVER () AS place FROM (
        SELECT id FROM seen WHERE {{words}}
        ORDER BY CASE WHEN {FOUND} THEN {EXACTNESS} WHEN {HEAD} THEN 3 ELSE 4 END, sort_name, id
        LIMIT %s
    ) AS first
)
"""  # noqa: S608 - put together from our own words
BEGUN = f"""
latest AS MATERIALIZED (
    SELECT id, sort_name FROM (
        SELECT id, sort_name, search FROM seen ORDER BY updated_at DESC, id DESC LIMIT %s
    ) AS lately WHERE {{words}} AND NOT {FOUND} AND NOT ({HEAD}) LIMIT %s
), best AS (
    SELECT id, row_number() OVER () AS place FROM (
        SELECT id FROM (
            (SELECT id FROM seen WHERE {FOUND} ORDER BY {EXACTNESS}, sort_name, id LIMIT %s)
            UNION ALL
            (SELECT id FROM seen WHERE {HEAD} AND NOT {FOUND} ORDER BY sort_name, id LIMIT %s)
            UNION ALL
            (SELECT id FROM latest ORDER BY sort_name, id){{rest}}
        ) AS stages LIMIT %s
    ) AS first
)
"""  # noqa: S608 - put together from our own words
# Apart, as what is short is seldom looked for in here, and planning it takes as long as the rest.
REST = f"""
            UNION ALL
            (SELECT id FROM (
                SELECT id, sort_name FROM seen
                WHERE {{words}} AND NOT {FOUND} AND NOT ({HEAD})
                  AND id NOT IN (SELECT id FROM latest) LIMIT %s
            ) AS others ORDER BY sort_name, id LIMIT %s)
"""  # noqa: S608 - put together from our own words
IN_ORDER = "SELECT {columns} FROM best JOIN {table} AS row USING (id) ORDER BY best.place"
HAVING_WORDS = "SELECT id, sort_name, aliases FROM seen WHERE {words}"
LATELY = f"""
SELECT id, sort_name, aliases FROM (
    SELECT * FROM seen ORDER BY updated_at DESC, id DESC LIMIT {LATEST}
) AS lately WHERE {{words}}
"""  # noqa: S608 - put together from our own words
EVER = f"({LATELY}) UNION ALL ({HAVING_WORDS})"
# Likeness is what costs: it is reckoned once for each row, and whole rows are read at the end. Of
# the equally like, those whose words end alike as well: for "panifico" not "panificatia" first.
NEAREST = """
compared AS MATERIALIZED (
    SELECT id, sort_name, greatest(word_similarity(%s, sort_name),
                                   word_similarity(%s, array_to_string(aliases, ' '))) AS likeness
    FROM ({among} LIMIT %s) AS some_of_them
), best AS (
    SELECT DISTINCT id, sort_name, likeness, strict_word_similarity(%s, sort_name) AS closeness
    FROM compared WHERE likeness >= %s
    ORDER BY likeness DESC, closeness DESC, sort_name, id LIMIT %s
)
SELECT {columns}, likeness FROM best JOIN {table} AS row USING (id)
ORDER BY likeness DESC, closeness DESC, row.sort_name, row.id
"""


@dataclass(frozen=True)
class Asked:
    """A `tsquery` for the index; and one for the rows which that finds, without an index: reading
    frequent words out of it takes longer than looking at those that the rarer ones found."""

    indexed: str
    checked: str = ""
    column: str = "search"

    @property
    def sql(self) -> str:
        again = " AND ({column} || '') @@ %s::tsquery" if self.checked else ""
        return f"{FINDS}{again}".format(column=self.column)

    @property
    def values(self) -> list[str]:
        return [query for query in (self.indexed, self.checked) if query]


class FoundByWords(RecordQuerySet):
    """Rows with a `search` of terms (names.py), a `sort_name`, `aliases` and an `updated_at`."""

    parted_by: ClassVar[Sequence[str]] = ()  # columns of the conditions of the indexes on words
    _whole: Self | None = None
    _facts: Mapping[str, str]

    def part(self, **facts: str) -> Self:
        """The rows that are so, of which the SQL is written with that of all, once. `facts` are of
        columns in `parted_by`."""
        rows = self.filter(**facts)
        rows._whole, rows._facts = self, facts
        return rows

    def of_any_part(self) -> Self:
        """With the conditions of the indexes on words, joined by OR, where these rows are not cut
        by one of them: each row meets one, and Postgres uses no index whose condition is unsaid."""
        return self

    def matching(self, text: str) -> Self:
        """Name, alias, code, tax id, mail or phone has every word of `text` at a word's start, or
        is `text` but for spaces and legal form (E5). Punctuation alone finds nothing."""
        if not search_words(text):
            return self.none() if text.strip() else self
        asked = _matching(text)
        rows = self.of_any_part().filter(search__finds=asked.indexed)
        if not asked.checked:
            return rows
        terms = Func(F("search"), template="(%(expressions)s || '')", output_field=Terms())
        return rows.alias(terms=terms).filter(terms__finds=asked.checked)

    def best_matches(self, text: str, limit: int) -> list[Any]:
        """In this order: whoever has `text` as code, tax id, phone or e-mail; whose name it is, and
        whose alias; whose name begins with it; who has words beginning with each of its words."""
        if not search_words(text):
            return []
        words, keys = _matching(text), key_query(text)
        exact = " | ".join(filter(None, [keys, name_query(text)]))
        exactness = [squash(text), keys, squash(text)]
        head = [norm(text)[:LONGEST_WORD], norm(text)[:LONGEST_WORD] + LAST_LETTER]
        if not self.is_vague(text):  # few enough to put all of them in order
            values = [*words.values, exact, *exactness, *head, limit]
            return self._among_these(RANKED + IN_ORDER, values, words)
        others = [*words.values, exact, *head, limit]
        are_short = all(map(is_short, search_words(text)))
        latest = LATEST if are_short else LATEST_OF_WORDS
        stages = [latest, *others, exact, *exactness, limit, *head, exact, limit]
        if are_short:
            begun = BEGUN.replace("{rest}", "") + IN_ORDER
            found = self._among_these(begun, [*stages, limit], words)
            if len(found) == limit:
                return found
        whole = BEGUN.replace("{rest}", REST) + IN_ORDER
        return self._among_these(whole, [*stages, *others, limit, limit], words)

    def near_misses(self, text: str, limit: int, *, of_some_words: bool = False) -> list[Any]:
        words = [word for word in search_words(text) if not word.isdecimal()]
        if of_some_words:
            rare = [begins_or_is_near(word) for word in words if not _is_frequently_near(word)]
            if len(words) == 1 or not rare:
                return []
            return self._likest(text, Asked(" | ".join(rare), column="near"), limit)
        if not words:
            return []
        near = _all_of(words, begins_or_is_near, _is_frequently_near, column="near")
        if not all(map(_is_frequently_near, words)):
            return self._likest(text, near, limit)
        found = self._likest(text, near, limit, LATELY, COMPARED_OF_MANY)
        if len(found) == limit:
            return found
        return self._likest(text, near, limit, EVER, COMPARED_OF_MANY)

    @classmethod
    def is_vague(cls, text: str) -> bool:
        return all(map(_is_frequent, search_words(text)))

    def _likest(
        self,
        text: str,
        words: Asked,
        limit: int,
        among: str = HAVING_WORDS,
        compared: int = COMPARED,
    ) -> list[Any]:
        given = words.values * among.count("{words}")
        asked = norm(text)
        values = [asked, asked, *given, compared, asked, LIKE_ENOUGH, limit]
        return self._among_these(NEAREST.replace("{among}", among), values, words, "likeness")

    def _among_these(self, sql: str, values: list[Any], words: Asked, *beside: str) -> list[Any]:
        """Whole rows by SQL that goes on after `WITH seen AS (…),`, the rows of this queryset."""
        if self._seen is None:
            return []
        seen, given = self._seen
        table, columns = self.model._meta.db_table, columns_of(self.model, "row")
        rest = sql.format(table=table, columns=columns, words=words.sql)
        with connection.cursor() as cursor:
            cursor.execute(f"WITH seen AS NOT MATERIALIZED ({seen}),{rest}", [*given, *values])
            return instances(self.model, cursor.fetchall(), beside)

    @cached_property
    def _seen(self) -> Sql | None:
        """Writing it takes as long as running it, and a search asks thrice."""
        if self._whole is None:
            return _as_sql(self.of_any_part(), COLUMNS)
        if self._whole.whole_sql is None:
            return None
        sql, given = self._whole.whole_sql
        where = " AND ".join(f'"{name}" = %s' for name in self._facts)
        return PART.format(whole=sql, where=where), (*given, *self._facts.values())

    @cached_property
    def whole_sql(self) -> Sql | None:
        """All of these rows, with the columns of a search."""
        return _as_sql(self, (*COLUMNS, "name", *self.parted_by))


def _as_sql(rows: QuerySet[Any], columns: Sequence[str]) -> Sql | None:
    """Without an order; None where the ORM sees by itself that there is nothing to see."""
    plain: Any = rows.order_by().values_list(*columns)
    try:
        sql: Sql = plain.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql


def _matching(text: str) -> Asked:
    others = [*whole_terms(text), *filter(None, [key_query(text)])]
    return _all_of(search_words(text), begins, _is_frequent, others)


def _all_of(
    words: list[str],
    asking: Callable[[str], str],
    is_frequent: Callable[[str], bool],
    or_else: list[str] | None = None,
    column: str = "search",
) -> Asked:
    def query(of: list[str]) -> str:
        every = " & ".join(f"({asking(word)})" for word in of)
        return " | ".join([every, *(or_else or [])])

    rare = [word for word in words if not is_frequent(word)]
    if not rare or rare == words:
        return Asked(query(words), column=column)
    return Asked(query(rare), query(words), column)


def _is_frequent(word: str) -> bool:
    return is_short(word) or rows_with(word) > MANY


def _is_frequently_near(word: str) -> bool:
    """As `begins_or_is_near` asks."""
    start = near_start(word)
    others = sum(rows_having(key, "near") for key in near_keys(word) - {start})
    return is_short(word) or rows_with(start, "near") + others > MANY
