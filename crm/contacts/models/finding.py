"""How contacts are found by what somebody typed, and in which order (E5, ADR 3)."""

from collections.abc import Callable
from typing import Any, Self

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Greatest, Lower, Replace
from django.db.models.lookups import Exact, StartsWith

from crm.contacts.frequent import LAST_LETTER, rows_with
from crm.contacts.models.terms import Terms
from crm.contacts.names import (
    LONGEST_WORD,
    NEAR,
    begins,
    begins_or_is_near,
    is_short,
    key_query,
    name_query,
    near_keys,
    norm,
    search_words,
    squash,
    whole_terms,
)
from crm.records.models import RecordQuerySet

MANY = 5_000  # rows: reading so many out of the index takes longer than the rest of a page
LIKE_ENOUGH = 0.4  # of a name's letters, three by three
# Rows whose likeness is reckoned. Of those with nothing but frequent words any are as like.
COMPARED, COMPARED_OF_MANY = 400, 60


class FoundByWords(RecordQuerySet):
    """Rows with a `search` of terms (names.py), a `sort_name`, `aliases` and an `updated_at`."""

    def matching(self, text: str) -> Self:
        """Name, alias, code, tax id, mail or phone has every word of `text` at a word's start, or
        is `text` but for spaces and legal form (E5). Punctuation alone finds nothing."""
        words = search_words(text)
        if not words:
            return self.none() if text.strip() else self
        return self._with_all(words, begins, _is_frequent, whole_terms(text))

    def best_matches(self, text: str, limit: int) -> list[Any]:
        """In this order: whoever has `text` as code, tax id, phone or e-mail; whose name it is, and
        whose alias; whose name begins with it; who has words beginning with each of its words."""
        words = search_words(text)
        if not words:
            return []
        named, head = name_query(text), norm(text)[:LONGEST_WORD]
        is_exact = Q(search__finds=" | ".join(filter(None, [key_query(text), named])))
        is_head = Q(sort_name__gte=head, sort_name__lt=head + LAST_LETTER)
        order = ("-updated_at", "-pk") if self.is_vague(text) else ("sort_name", "pk")
        stages = [
            self.filter(is_exact).order_by(_exactness(text), "sort_name", "pk"),
            self.filter(is_head).exclude(is_exact).order_by("sort_name", "pk"),
            self.matching(text).exclude(is_exact | is_head).order_by(*order),
        ]
        # One statement; Postgres looks at a stage only when those before have not filled the page.
        first, *rest = (
            stage.annotate(found_at=Value(place))[:limit] for place, stage in enumerate(stages)
        )
        found = first.union(*rest, all=True)[:limit]
        return sorted(found, key=lambda row: int(row.found_at))

    def near_misses(self, text: str, limit: int) -> list[Any]:
        """Names and aliases with a typing error in each word; or, if there is none, those that are
        as like for having some of the words."""
        words = [word for word in search_words(text) if not word.isdecimal()]
        if not words:
            return []
        near = self._with_all(words, begins_or_is_near, _is_frequent_with_errors)
        is_rare = any(not _is_frequent_with_errors(word) for word in words)
        if found := near._likest(text, limit, COMPARED if is_rare else COMPARED_OF_MANY):
            return found
        rare = [begins_or_is_near(w) for w in words if near_keys(w) and not _is_frequent(w)]
        if len(words) == 1 or not rare:
            return []
        return self.filter(search__finds=" | ".join(rare))._likest(text, limit, COMPARED_OF_MANY)

    @classmethod
    def is_vague(cls, text: str) -> bool:
        return all(map(_is_frequent, search_words(text)))

    def _with_all(
        self,
        words: list[str],
        asking: Callable[[str], str],
        is_frequent: Callable[[str], bool],
        or_else: list[str] | None = None,
    ) -> Self:
        def query(of: list[str]) -> str:
            every = " & ".join(f"({asking(word)})" for word in of)
            return " | ".join([every, *(or_else or [])])

        rare = [word for word in words if not is_frequent(word)]
        if not rare or rare == words:
            return self.filter(search__finds=query(words))
        # Frequent words through an expression that has no index: reading them all out of the index
        # takes longer than looking at those that the rarer ones found.
        terms = Func(F("search"), template="(%(expressions)s || '')", output_field=Terms())
        rows = self.filter(search__finds=query(rare))
        return rows.alias(terms=terms).filter(terms__finds=query(words))

    def _likest(self, text: str, limit: int, compared: int) -> list[Any]:
        asked = norm(text)
        also = Func(F("aliases"), Value(" "), function="array_to_string")
        likeness = Greatest(
            TrigramWordSimilarity(asked, "sort_name"), TrigramWordSimilarity(asked, also)
        )
        rows = self.model._default_manager.filter(pk__in=self.order_by().values("pk")[:compared])
        like = rows.annotate(likeness=likeness).filter(likeness__gte=LIKE_ENOUGH)
        return list(like.order_by("-likeness", "sort_name", "pk")[:limit])


def _exactness(text: str) -> Case:
    """0: a key, 1: the name, 2: an alias, among those that are one of these."""
    is_code = Exact(Replace(Lower("number"), Value("-")), squash(text))
    ways = [When(is_code, then=Value(0))]
    if keys := key_query(text):
        ways.append(When(search__finds=keys, then=Value(0)))
    is_name = StartsWith(Replace(F("sort_name"), Value(" ")), squash(text))
    ways.append(When(is_name, then=Value(1)))
    return Case(*ways, default=Value(2))


def _is_frequent(word: str) -> bool:
    return is_short(word) or rows_with(word) > MANY


def _is_frequent_with_errors(word: str) -> bool:
    near = sum(rows_with(f"{NEAR}{key}") for key in near_keys(word))
    return _is_frequent(word) or near > MANY
