"""One company, one person, as lines for COPY. Ids: companies 1 … N, people N + 1 … 2.5 N."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bench.words import (
    FIRST,
    FORMS,
    HEBREW,
    HEBREW_TRADES,
    LANGUAGE,
    LATIN,
    PREFIX,
    TOWNS,
    TRADES,
    mixed,
)
from crm.contacts.names import near_terms, search_terms, search_vector, sort_key

STAGES = ["customer"] * 70 + ["lead"] * 15 + ["supplier"] * 8 + ["former"] * 7
START = dt.datetime(2023, 1, 2, 8, tzinfo=dt.UTC)
SECONDS = 3 * 365 * 24 * 3600
BIG_PEOPLE, BIG_DOCUMENTS, BIG_EVENTS = 300, 200, 1000
TALK = (
    "Pressure drops overnight, visit arranged for Thursday.",
    "Sent the visit report with photos.",
    "Wants the quote split in two lots.",
    "Confirmed the visit: use gate B, ask for the keys at the front desk.",
    "Next year’s maintenance plan discussed, a proposal follows.",
)


@dataclass(frozen=True)
class Shape:
    """What the rows point at: ids that were made before through the product itself."""

    size: int
    users: tuple[int, ...]
    teams: dict[int, int]  # of each user
    categories: tuple[int, ...]
    areas: tuple[int, ...]
    groups: tuple[int, ...]
    tags: tuple[int, ...]
    kind: int  # content type

    @property
    def total(self) -> int:
        return self.size * 5 // 2

    @cached_property
    def big(self) -> int:
        """The company that has much of everything; open to all."""
        every = (Facts(self, pk) for pk in range(self.size // 3, self.size))
        return next(f.pk for f in every if not (f.is_closed or f.trashed[0]))

    def works_in_big(self, pk: int) -> bool:
        return self.size < pk <= self.size + BIG_PEOPLE

    def is_person(self, pk: int) -> bool:
        return pk > self.size


class Facts:
    """Of one contact, all from its number."""

    __slots__ = ("__dict__", "pk", "shape")

    def __init__(self, shape: Shape, pk: int) -> None:
        self.shape, self.pk = shape, pk

    def chance(self, salt: int, of: int) -> int:
        return mixed(self.pk, salt) % of

    @cached_property
    def town(self) -> tuple[str, str, str]:
        # The first towns are the large ones: half of all live in five of them.
        place = self.chance(1, 44)
        return TOWNS[place if place < 22 else place % 5]

    @cached_property
    def stage(self) -> str:
        return STAGES[self.chance(2, 100)]

    @cached_property
    def owner(self) -> int:
        return self.shape.users[self.chance(3, len(self.shape.users))]

    @cached_property
    def last(self) -> str:
        names = HEBREW if self.town[2] == "IL" else LATIN
        return names[self.chance(4, len(names))]

    @cached_property
    def names(self) -> tuple[str, str, str]:
        """(name, first name, last name)."""
        if self.shape.is_person(self.pk):
            first = FIRST[self.chance(5, len(FIRST))]
            return f"{first} {self.last}", first, self.last
        number = self.chance(6, 90) + 1
        if self.town[2] == "IL":
            trade = HEBREW_TRADES[self.chance(7, len(HEBREW_TRADES))]
            return f"{trade} {self.last} {number} בע״מ", "", ""
        trade = TRADES[self.chance(7, len(TRADES))]
        return f"{trade} {self.last} {number} {FORMS[self.chance(8, len(FORMS))]}", "", ""

    @cached_property
    def aliases(self) -> list[str]:
        if self.shape.is_person(self.pk) or self.chance(9, 5):
            return []
        return [f"{LATIN[self.chance(10, len(LATIN))]} Group"]

    @cached_property
    def email(self) -> str:
        return f"info{self.pk}@{LATIN[self.chance(11, len(LATIN))].lower()}.example"

    @cached_property
    def phone(self) -> str:
        return f"{PREFIX[self.town[2]]} {self.chance(12, 900) + 100} {self.chance(13, 10**6):06}"

    @cached_property
    def vat_id(self) -> str:
        if self.shape.is_person(self.pk):
            return ""
        return f"{self.town[2]}{self.chance(14, 10**9) * 97 % 10**11:011}"

    @property
    def number(self) -> str:
        return f"C-{self.pk:05}"

    @cached_property
    def created_at(self) -> dt.datetime:
        return START + dt.timedelta(seconds=SECONDS * self.pk // (self.shape.total + 1))

    @cached_property
    def updated_at(self) -> dt.datetime:
        later = self.chance(15, 1 << 20) / (1 << 20)
        rest = START + dt.timedelta(seconds=SECONDS) - self.created_at
        return (self.created_at + rest * later).replace(microsecond=self.chance(16, 10**6))

    @cached_property
    def trashed(self) -> tuple[str | None, int | None]:
        """(when, by whom): one in fifty, since the last thirty days of the story."""
        if self.chance(27, 50):
            return None, None
        since = dt.timedelta(seconds=self.chance(28, 30 * 24 * 3600))
        return (START + dt.timedelta(seconds=SECONDS) - since).isoformat(), self.owner

    @cached_property
    def is_closed(self) -> bool:
        return self.chance(17, 100) == 0

    @property
    def search(self) -> str:
        terms = search_terms(
            (self.names[0], *self.aliases),
            codes=(self.number,),
            tax_ids=(self.vat_id,),
            mails=(self.email,),
            phones=(self.phone,),
        )
        return search_vector(terms)

    @property
    def near(self) -> str:
        return search_vector(near_terms((self.names[0], *self.aliases)))


CONTACT_COLUMNS = (
    "id type stage name first_name last_name aliases vat_id tax_code websites preferred_channel "
    "language notes sort_name city email phone search near number owner_id team_id is_restricted "
    "custom version created_at created_by_id updated_at trashed_at trashed_by_id"
).split()


def contacts(shape: Shape) -> Iterator[tuple[object, ...]]:
    for pk in range(1, shape.total + 1):
        f = Facts(shape, pk)
        name, first, last = f.names
        aliases = "{" + ",".join(f'"{alias}"' for alias in f.aliases) + "}"
        yield (
            pk, "person" if shape.is_person(pk) else "company", f.stage, name, first, last,
            aliases, f.vat_id, "", "{}", "", LANGUAGE[f.town[2]], "", sort_key(name),
            f.town[0], f.email, f.phone, f.search, f.near, f.number, f.owner, shape.teams[f.owner],
            "t" if f.is_closed else "f", custom(f), 1, f.created_at.isoformat(), f.owner,
            f.updated_at.isoformat(), *f.trashed,
        )  # fmt: skip


def custom(f: Facts) -> str:
    if f.chance(18, 3):
        return "{}"
    return f'{{"units": {f.chance(19, 14) + 1}, "plant_code": "P-{f.chance(20, 10**5)}"}}'


def addresses(shape: Shape) -> Iterator[tuple[object, ...]]:
    for pk in range(1, shape.total + 1):
        f = Facts(shape, pk)
        town, region, country = f.town
        use = "home" if shape.is_person(pk) else "main"
        yield pk, 0, use, f"Via Roma {f.chance(21, 200) + 1}", "20100", town, region, country, pk


def emails(shape: Shape) -> Iterator[tuple[object, ...]]:
    for pk in range(1, shape.total + 1):
        yield pk, 0, "work", Facts(shape, pk).email, pk


def phones(shape: Shape) -> Iterator[tuple[object, ...]]:
    for pk in range(1, shape.total + 1):
        yield pk, 0, "work", Facts(shape, pk).phone, pk


def employments(shape: Shape) -> Iterator[tuple[object, ...]]:
    """Nine people of ten work somewhere, the first of them in the big company."""
    for pk in range(shape.size + 1, shape.total + 1):
        f = Facts(shape, pk)
        if shape.works_in_big(pk):
            yield pk, shape.big, pk, "Maintenance", "", "phone"
        elif f.chance(22, 10):
            yield pk, f.chance(23, shape.size) + 1, pk, "Purchasing", "", ""


def links(
    shape: Shape, targets: tuple[int, ...], salt: int, share: int
) -> Iterator[tuple[int, ...]]:
    """(id, contact, target) for `share` percent of the companies; the first are liked most."""
    row = 0
    for pk in range(1, shape.size + 1):
        if mixed(pk, salt) % 100 >= share:
            continue
        row += 1
        place = min(mixed(pk, salt + 1) % len(targets), mixed(pk, salt + 2) % len(targets))
        yield row, pk, targets[place]


def viewers(shape: Shape) -> Iterator[tuple[int, ...]]:
    row = 0
    for pk in range(1, shape.total + 1):
        f = Facts(shape, pk)
        if f.is_closed:
            row += 1
            yield row, pk, shape.users[f.chance(24, len(shape.users))]


def events(shape: Shape) -> Iterator[tuple[object, ...]]:
    """Everybody's creation, two things said about every company, and many in the big one."""
    row = 0
    for pk in range(1, shape.total + 1):
        f = Facts(shape, pk)
        lines = [("created", "system", f.created_at, "")]
        if not shape.is_person(pk):
            for salt, entry in ((25, "call"), (26, "email")):
                text = TALK[f.chance(salt, len(TALK))]
                lines.append((entry, entry, f.updated_at - dt.timedelta(days=salt), text))
        for verb, entry, moment, text in lines:
            row += 1
            at = moment.isoformat()
            yield row, pk, verb, entry, at, at, text, "[]", f.owner, shape.kind
    for number in range(BIG_EVENTS):
        row += 1
        # Every other one with one of its people.
        pk = shape.size + 1 + number % BIG_PEOPLE if number % 2 else shape.big
        at = (START + dt.timedelta(seconds=SECONDS * number // BIG_EVENTS)).isoformat()
        text = TALK[number % len(TALK)]
        owner = shape.users[number % len(shape.users)]
        yield row, pk, "call", "call", at, at, text, "[]", owner, shape.kind


DOCUMENT_COLUMNS = "id content_type_id object_id name current_id created_at created_by_id".split()
VERSION_COLUMNS = (
    "id document_id number file original_name size content_type sha256 uploaded_at uploaded_by_id "
    "thumbnail thumbnail_state thumbnail_attempts"
).split()


def documents(shape: Shape) -> Iterator[tuple[object, ...]]:
    for pk in range(1, BIG_DOCUMENTS + 1):
        at = (START + dt.timedelta(days=pk)).isoformat()
        yield pk, shape.kind, shape.big, f"Report {pk}.pdf", pk, at, shape.users[0]


def versions(shape: Shape) -> Iterator[tuple[object, ...]]:
    for pk in range(1, BIG_DOCUMENTS + 1):
        at = (START + dt.timedelta(days=pk)).isoformat()
        yield (
            pk, pk, 1, f"bench/{pk}.pdf", f"Report {pk}.pdf", 1000 + pk, "application/pdf",
            f"{pk:064x}", at, shape.users[0], "", "none", 0,
        )  # fmt: skip
