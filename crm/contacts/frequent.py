"""Which words are so frequent among the contacts that looking for them means reading a lot.

Postgres counts them when it analyses the table; what it knows is read once in ten minutes by each
process. A table that was never analysed has no frequent words.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from time import monotonic

from django.db import connection

SECONDS_KEPT = 600
LAST_LETTER = chr(0x10FFFF)
STATISTICS = """
    SELECT greatest(c.reltuples, 0), s.most_common_elems::text::text[], s.most_common_elem_freqs
    FROM pg_class c JOIN pg_stats s ON s.tablename = c.relname
    WHERE c.oid = 'contacts_contact'::regclass AND s.schemaname = c.relnamespace::regnamespace::text
      AND s.attname = %s
"""


@dataclass(frozen=True)
class Frequencies:
    read_at: float
    rows: float
    words: tuple[str, ...] = ()  # in order
    shares: tuple[float, ...] = (0.0,)  # of all words before this one, together

    def beginning_with(self, word: str) -> float:
        first, last = (bisect_left(self.words, end) for end in (word, word + LAST_LETTER))
        return self.rows * (self.shares[last] - self.shares[first])

    def of(self, word: str) -> float:
        place = bisect_left(self.words, word)
        is_known = place < len(self.words) and self.words[place] == word
        return self.rows * (self.shares[place + 1] - self.shares[place]) if is_known else 0.0


_kept: dict[tuple[str, str], Frequencies] = {}


def rows_with(word: str, column: str = "search") -> int:
    """About how many contacts have a frequent word that begins with `word`; 0 for rare ones."""
    return round(_frequencies(column).beginning_with(word))


def rows_having(word: str, column: str) -> int:
    """The same for the word itself."""
    return round(_frequencies(column).of(word))


def forget_frequencies() -> None:
    _kept.clear()


def _frequencies(column: str) -> Frequencies:
    place = (connection.alias, column)
    known, now = _kept.get(place), monotonic()
    if known is None or now > known.read_at + SECONDS_KEPT:
        known = _kept[place] = _read(column, now)
    return known


def _read(column: str, now: float) -> Frequencies:
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS, [column])
        row = cursor.fetchone()
    if row is None or not row[1]:
        return Frequencies(now, 0)
    # After the shares of the words come the smallest and the largest of them.
    known = sorted(zip(row[1], row[2], strict=False))
    shares = accumulate((share for _word, share in known), initial=0.0)
    return Frequencies(now, row[0], tuple(word for word, _share in known), tuple(shares))
