"""What a kind of record brings along when it leaves as a file, and takes in from one.

An app declares a subclass of `Exchange` in its module `exchange.py`; it is found by autodiscovery.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import get_language, override

from crm.accounts.models import User
from crm.records.lists.columns import shown_name
from crm.records.models import Record
from crm.records.models.tag import tag_key
from crm.records.related import related_rows

NOT_TOLD = re.compile(r"[\W_]+")
ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
PARTS = re.compile(r"[/|;,:\n]| - ")
NUMERAL = re.compile(r"\d+")
MOST_SLOTS = 50  # as many rows of one kind as a form takes


class Kind(Enum):
    """What is in a cell. SEVERAL, TAGS and PEOPLE are values on lines of their own."""

    TEXT = auto()
    LONG_TEXT = auto()
    NUMBER = auto()
    MONEY = auto()
    DATE = auto()
    YES_NO = auto()
    CHOICE = auto()
    SEVERAL = auto()  # of `choices`, if the field has any
    EMAIL = auto()
    PHONE = auto()
    URL = auto()
    CODE = auto()  # the number of a record
    PERSON = auto()  # a user, by the name they sign in with
    PEOPLE = auto()
    TEAM = auto()
    TAGS = auto()


class Choices:
    """Answers and the words that stand for them: `text` in the language in which this is made,
    `value` in any of the four. Two of the same name are told apart by their keys: "Other #12"."""

    def __init__(self, answers: Iterable[tuple[Any, Any]]) -> None:
        """(value, what speaks the active language when it is made a text)."""
        pairs = list(answers)
        self.texts: dict[Any, str] = {}
        self._values: dict[str, Any] = {tag_key(str(value)): value for value, _name in pairs}
        for language in _languages():
            with override(language):
                self.texts = told_apart({value: str(name) for value, name in pairs})
            for value, text in self.texts.items():
                self._values[tag_key(text)] = value

    def text(self, value: Any) -> str:
        return self.texts.get(value, "")

    def value(self, text: str) -> Any:
        """Raises KeyError for what is no answer."""
        return self._values[tag_key(text)]


def told_apart(names: Mapping[Any, str]) -> dict[Any, str]:
    """The names on one line each; those that more than one value has carry the value, too."""
    bare = {value: one_line(name) or f"#{value}" for value, name in names.items()}
    keys = {value: tag_key(name) for value, name in bare.items()}
    uses = Counter(keys.values())
    return {
        value: f"{name} #{value}" if uses[keys[value]] > 1 else name for value, name in bare.items()
    }


def one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _languages() -> list[str]:
    """The four, the active one last: what it says counts where two languages disagree."""
    active = (get_language() or "en")[:2]
    return sorted(dict(settings.LANGUAGES), key=lambda code: code == active)


@dataclass(frozen=True)
class Slot:
    """Which row of another table a field is a part of: the `number`th of `relation`, from 1; with
    0, a row of its own whose other parts are `preset` (a mobile is a phone used as such). A heading
    without a number that is there once more means a further row only beside all that it `needs`."""

    relation: str
    number: int
    part: str
    preset: Mapping[str, Any] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Field:
    """One column. `plain(record)` is what an export writes: None, text, number, date or bool; a
    field without it is only read. `select` and `related` as a Column of a list has them.
    `headings` are other names by which files of other makers call it; `vague` ones may mean other
    fields as well, and mean this one first where the field `beside` has a column, too: "Nome" is
    a first name beside "Cognome", and a company's where it stands alone.
    """

    key: str
    label: str | Promise
    kind: Kind
    plain: Callable[[Any], Any] | None = None
    headings: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    beside: str = ""
    choices: Choices | None = None
    is_required: bool = False
    example: Any = None
    select: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    slot: Slot | None = None


@dataclass(frozen=True)
class RecordType:
    """What a file is about: "Customers", "People" … `preset` is what every new record of it is,
    where the file does not say otherwise."""

    key: str
    label: str | Promise
    where: Q
    preset: Mapping[str, Any]


class Exchange:
    model: ClassVar[type[Record]]
    types: ClassVar[Sequence[RecordType]]
    # Relations whose rows have numbered columns, and how many of them a file to fill in offers.
    slots: ClassVar[Mapping[str, int]] = {}

    @classmethod
    def fields(cls, type_: RecordType, slots: Mapping[str, int] | None = None) -> list[Field]:
        """In the order of a file; words in the active language. `slots` says how many rows of
        each relation have columns."""
        raise NotImplementedError

    @classmethod
    def fields_for(cls, type_: RecordType, headings: Sequence[str]) -> list[Field]:
        """Those that a file with these headings needs: as many phones as it has columns for."""
        numbers = [int(n[:3]) for text in headings for n in NUMERAL.findall(text)]
        numbers += Counter(map(heading_key, headings)).values()  # "Tel.", "Tel.", "Tel."
        most = max([n for n in numbers if n <= MOST_SLOTS] + list(cls.slots.values()), default=1)
        every = cls.fields(type_, dict.fromkeys(cls.slots, most))
        used = set(_matched(headings, every).values())
        needed = dict(cls.slots)
        for one in every:
            if one.slot and one.key in used:
                relation = one.slot.relation
                needed[relation] = max(needed[relation], one.slot.number)
        return cls.fields(type_, needed)

    @classmethod
    def type_named(cls, key: str) -> RecordType:
        for type_ in cls.types:
            if type_.key == key:
                return type_
        raise Http404

    @classmethod
    def rows_of(cls, relation: str, user: User) -> models.QuerySet:
        """The rows of a table with numbered columns that `user` may see."""
        target: Any = cls.model._meta.get_field(relation).related_model
        return target._default_manager.all()

    @classmethod
    def slots_in(cls, rows: models.QuerySet, user: User) -> dict[str, int]:
        """How many of each relation the record has that has most; a statement each."""
        keys = rows.order_by().values("pk")
        found = {}
        for relation in cls.slots:
            pointed: Any = cls.model._meta.get_field(relation)
            key = pointed.field.name
            hung = cls.rows_of(relation, user).filter(**{f"{key}__in": keys}).order_by()
            counts = hung.values(key).annotate(many=models.Count("pk"))
            found[relation] = counts.aggregate(most=models.Max("many"))["most"] or 0
        return found

    @classmethod
    def complete(cls, rows: Sequence[Any], fields: Sequence[Field], user: User) -> set[int]:
        """Give rows that are to be written the related rows that `fields` write, as far as `user`
        sees them. The keys of other records of the same kind that are named in them."""
        names = sorted({name for one in fields for name in one.related})
        found = related_rows(cls.model, [row.pk for row in rows], names)
        for name in names:
            for row in rows:
                setattr(row, shown_name(name), found[name][row.pk])
        return set()


def exchanges() -> dict[str, type[Exchange]]:
    return {one.model.kind: one for one in Exchange.__subclasses__()}


def exchange_of(kind: str) -> type[Exchange]:
    try:
        return exchanges()[kind]
    except KeyError:
        raise Http404 from None


def heading_key(text: str) -> str:
    """A heading as it is compared: "P. IVA *" and "p.iva" are the same."""
    return NOT_TOLD.sub("", tag_key(text))


def guess(headings: Sequence[str], fields: Sequence[Field]) -> dict[int, str]:
    """{number of the column: key of the field}: by the fields' labels in four languages, then by
    other names of theirs. Each field at most once; what is not known is left out."""
    return _without_halves(headings, fields, _matched(headings, fields))


def _matched(headings: Sequence[str], fields: Sequence[Field]) -> dict[int, str]:
    found: dict[int, str] = {}
    unsure = {heading_key(word) for one in fields for word in one.vague}
    sure = (
        _known(fields, lambda one: [w for w in _labels(one) if heading_key(w) not in unsure]),
        _known(fields, lambda one: (one.key, *one.headings)),
    )
    for read in READINGS:
        for known in sure:
            _match(headings, read, known, found)
    seen = {"": 1} | dict.fromkeys(found.values(), 0)
    likely = sorted(fields, key=lambda one: seen.get(one.beside, 2))
    _match(headings, READINGS[0], _known(likely, lambda one: one.vague), found)
    return found


def _without_halves(
    headings: Sequence[str], fields: Sequence[Field], found: Mapping[int, str]
) -> dict[int, str]:
    """A second "City" alone makes no second address: what it is, a person says."""
    slots = {one.key: one.slot for one in fields if one.slot and one.slot.number > 1}
    parts = [slots[key] for key in found.values() if key in slots]

    def is_whole(slot: Slot) -> bool:
        return all(replace(slot, part=need) in parts for need in slot.needs)

    return {
        column: key
        for column, key in sorted(found.items())
        if key not in slots or NUMERAL.search(headings[column]) or is_whole(slots[key])
    }


# A heading as it stands; without what is in brackets; each of its parts ("CUI / CIF").
READINGS: tuple[Callable[[str], list[str]], ...] = (
    lambda text: [text],
    lambda text: [ASIDE.sub("", text)],
    lambda text: [*PARTS.split(ASIDE.sub("", text)), *ASIDE.findall(text)],
)
Known = Mapping[str, Sequence[str]]


def _match(
    headings: Sequence[str],
    read: Callable[[str], list[str]],
    known: Known,
    found: dict[int, str],
) -> None:
    for column, heading in enumerate(headings):
        keys = [key for text in read(heading) for key in known.get(heading_key(text), ())]
        free = [key for key in keys if key not in found.values()]
        if free and column not in found:
            found[column] = free[0]


def _labels(one: Field) -> Iterator[str]:
    for language in _languages():
        with override(language):
            yield str(one.label)


def _known(fields: Iterable[Field], words: Callable[[Field], Iterable[str]]) -> Known:
    known: dict[str, list[str]] = {}
    for one in fields:
        for key in dict.fromkeys(map(heading_key, words(one))):
            if key:
                known.setdefault(key, []).append(one.key)
    return known
