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
from crm.contacts.models.finding_sql import (
    BEGUN,
    EVER,
    HAVING_WORDS,
    IN_ORDER,
    LATELY,
    LATEST,
    LATEST_OF_WORDS,
    NEAREST,
    NEAREST_EACH,
    PART,
    RANKED,
    RANKED_EACH,
    REST,
)
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
LIKE_ENOUGH = 0.4  # of a name's letters, three by three
# Rows whose likeness is reckoned. Of those with nothing but frequent words any are as like.
COMPARED, COMPARED_OF_MANY = 150, 20

Facts = Mapping[str, str]  # of each column, its value
Sql = tuple[str, tuple[Any, ...]]  # with its parameters
COLUMNS = ("id", "number", "sort_name", "aliases", "search", "near", "updated_at")
# `(SELECT …)` hides the query from the planner: it guesses few rows and takes the index. Where it
# guesses many, it walks all rows in their order until it has a page, which may be never.
FINDS = "{column} @@ (SELECT %s::tsquery)"


@dataclass(frozen=True)
class Seen:
    """The rows of which a search finds some, for after `WITH`, and the names of their parts:
    without any there is nothing to see."""

    sql: str
    values: Sequence[Any]
    parts: Sequence[str]


class Exactness:
    """What the order of best matches is asked with."""

    def __init__(self, text: str) -> None:
        keys = key_query(text)
        self.exact = " | ".join(filter(None, [keys, name_query(text)]))
        self.values = [squash(text), keys, squash(text)]
        self.head = [norm(text)[:LONGEST_WORD], norm(text)[:LONGEST_WORD] + LAST_LETTER]


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
    _parts: Sequence[Facts] = ()

    def in_parts(self, parts: Sequence[Facts]) -> Self:
        """All of these rows, not cut by a part, of which a search finds as many as it is asked for
        in each of these, by one statement. The facts of a part are of columns in `parted_by`."""
        rows = self.all()
        rows._parts = parts
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
        if self.is_vague(text):
            return [row for part in self._seen.parts for row in self._of_many(text, limit, part)]
        words, order = _matching(text), Exactness(text)  # few enough to put all of them in order
        each = RANKED_EACH.replace("{words}", words.sql)
        values = [*words.values, order.exact, *order.values, *order.head, limit]
        return self._among_these(RANKED + IN_ORDER, values * len(self._seen.parts), each)

    def _of_many(self, text: str, limit: int, part: str) -> list[Any]:
        words, order = _matching(text), Exactness(text)
        exact, head = order.exact, order.head
        others = [*words.values, exact, *head, limit]
        are_short = all(map(is_short, search_words(text)))
        latest = LATEST if are_short else LATEST_OF_WORDS
        stages = [latest, *others, exact, *order.values, limit, *head, exact, limit]
        begun = (BEGUN + IN_ORDER).replace("{words}", words.sql).replace("{seen}", part)
        if are_short:
            found = self._among_these(begun.replace("{rest}", ""), [*stages, limit])
            if len(found) == limit:
                return found
        rest = REST.replace("{words}", words.sql).replace("{seen}", part)
        whole = begun.replace("{rest}", rest)
        return self._among_these(whole, [*stages, *others, limit, limit])

    def near_misses(self, text: str, limit: int, *, of_some_words: bool = False) -> list[Any]:
        words = [word for word in search_words(text) if not word.isdecimal()]
        if not words:
            return []
        if of_some_words:
            rare = [begins_or_is_near(word) for word in words if not _is_frequently_near(word)]
            if len(words) == 1 or not rare:
                return []
            return self._likest(text, Asked(" | ".join(rare), column="near"), limit)
        near = _all_of(words, begins_or_is_near, _is_frequently_near, column="near")
        if not all(map(_is_frequently_near, words)):
            return self._likest(text, near, limit)
        found = self._likest(text, near, limit, LATELY, COMPARED_OF_MANY)
        if len(found) == limit * len(self._seen.parts):
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
        asked = norm(text)
        each = NEAREST_EACH.replace("{among}", among).replace("{words}", words.sql)
        given = [*words.values * among.count("{words}"), compared] * len(self._seen.parts)
        values = [asked, asked, *given, asked, LIKE_ENOUGH, limit]
        return self._among_these(NEAREST, values, each, "likeness")

    def _among_these(self, sql: str, values: list[Any], each: str = "", *beside: str) -> list[Any]:
        """Whole rows by SQL that goes on after `WITH seen AS (…),`, the rows of this queryset.
        `{each}` in it is written once for each part, `{seen}` in that being its rows."""
        seen = self._seen
        if not seen.parts:
            return []
        each = " UNION ALL ".join(each.replace("{seen}", part) for part in seen.parts)
        table, columns = self.model._meta.db_table, columns_of(self.model, "row")
        rest = sql.format(table=table, columns=columns, each=each)
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {seen.sql},{rest}", [*seen.values, *values])
            return instances(self.model, cursor.fetchall(), beside)

    @cached_property
    def _seen(self) -> Seen:
        """Writing it takes as long as running it, and a search asks thrice."""
        whole = self.whole_sql if self._parts else _as_sql(self.of_any_part(), COLUMNS)
        return _in_parts(*whole, self._parts) if whole else Seen("", [], [])

    @cached_property
    def whole_sql(self) -> Sql | None:
        """All of these rows, with the columns of a search."""
        return _as_sql(self, (*COLUMNS, "name", *self.parted_by))


def _in_parts(sql: str, given: Sequence[Any], parts: Sequence[Facts]) -> Seen:
    written, values = [f"seen AS NOT MATERIALIZED ({sql})"], [*given]
    names = [f"seen_{place}" for place in range(len(parts))]
    for name, facts in zip(names, parts, strict=True):
        where = " AND ".join(f'"{column}" = %s' for column in facts)
        written.append(PART.format(name=name, where=where))
        values += facts.values()
    return Seen(", ".join(written), values, names or ["seen"])


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
