"""Which record a row is about (E6): by the strongest key that finds one, never by guessing.

A key is a word that says who somebody is ("%01234567890" for a VAT id, "=fiat" for a name); the
app says which ones a row and a record have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

Keys = Mapping[str, frozenset[str]]  # {"vat_id": {"%01234567890"}, "name": {"=fiat"}}
CODE, CODE_MARK = "number", "#"


@dataclass(slots=True)
class Known:
    """Somebody a row may be about: a record, or what an earlier line of the file will become."""

    words: Iterable[str]
    marks: Keys  # of what sets two apart although they share a weaker key
    pk: int | None = None
    code: str = ""
    may_change: bool = True
    line: int = 0  # of this file, that has made it or met it already

    @property
    def told(self) -> str:
        """Never by its name: what is told is kept, and who may read it may change (E11)."""
        return self.code if self.pk else _("line %(line)s") % {"line": self.line}

    def was_made(self, code: str) -> None:
        """By an earlier line; the file knows it by `code` alone, not by the one it has here."""
        own = [word for word in self.words if not word.startswith(CODE_MARK)]
        self.words = [*own, *code_words(code)]
        if code:
            self.marks = {**self.marks, CODE: code_words(code)}


Place = dict[str, Sequence[Known]]  # those with a word


@dataclass(frozen=True)
class Match:
    by: str = ""
    found: tuple[Known, ...] = ()

    @property
    def one(self) -> Known | None:
        return self.found[0] if len(self.found) == 1 else None


class Matcher:
    """`order` are the keys that count; those of `strict` must agree where both sides have them."""

    def __init__(self, order: Sequence[str], strict: Sequence[str]) -> None:
        self.order = order
        self.strict = strict
        self._stored: Place = {}
        self._made: Place = {}

    def learn(self, known: Iterable[Known]) -> None:
        """Of records; forgotten when the next chunk begins."""
        _learn(self._stored, known)

    def learn_made(self, one: Known) -> None:
        """Of what a line of the file will become."""
        _learn(self._made, [one])

    def forget(self, *, made: bool) -> None:
        self._stored.clear()
        if made:
            self._made.clear()

    def match(self, keys: Keys, marks: Keys) -> Match:
        """What the strongest key finds. Two strict keys that find two records find both, and so do
        a code and anything else: the code may be somebody else's numbering."""
        first = Match()
        for name in self.order:
            found = tuple(one for one in self._at(keys, name, marks) if one.may_change)
            if found and not first.found:
                first = Match(name, found)
            elif found and (name in self.strict or first.by == CODE) and not _meet(first, found):
                return Match(name, (*first.found, *found))
        return first

    def alike(self, keys: Keys, name: str) -> list[Known]:
        """All with this key, whoever they are."""
        return self._at(keys, name, {})

    def _at(self, keys: Keys, name: str, marks: Keys) -> list[Known]:
        sharing = [
            one
            for word in keys.get(name, ())
            for one in (*self._stored.get(word, ()), *self._made.get(word, ()))
        ]
        if not sharing:
            return sharing
        stronger = self.strict[: self.strict.index(name)] if name in self.strict else self.strict
        found = {
            id(one): one
            for one in sharing
            if not any(_differ(marks.get(mark), one.marks.get(mark)) for mark in stronger)
        }
        return list(found.values())


def code_words(code: str) -> frozenset[str]:
    return frozenset([f"{CODE_MARK}{code.casefold()}"] if code else ())


def _learn(place: Place, known: Iterable[Known]) -> None:
    """Most words are one's alone, and a check keeps those of all rows: lists would take a third
    more."""
    for one in known:
        for word in one.words:
            others = place.get(word, ())
            if isinstance(others, list):
                others.append(one)
            else:
                place[word] = [*others, one] if others else (one,)


def _meet(match: Match, found: Iterable[Known]) -> bool:
    return not {id(one) for one in match.found}.isdisjoint(map(id, found))


def _differ(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return bool(one and other and not one & other)
