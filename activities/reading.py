"""What stands in some calendars between two days, as the calendar page gets it.

Series are unfolded here, for the days asked for and no others. Everything starts at the reader's
rights: what they may not see is left out, or shown as busy where its owner shares that (E12).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Max, Q
from django.utils import timezone

from activities.models import OPEN_CATEGORIES, Activity, catalog
from activities.models.spans import SHOWN_MINUTES, midnight
from activities.models.timed import DAY, MIDNIGHT
from activities.recurrence import Rule, instant_of, occurrences
from activities.sharing import Level, Levels
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.fetch import with_rights

COLUMNS = (
    *("pk", "slots__person_id", "slots__team_id", "subject", "is_task", "status_id", "type_id"),
    *("starts_on", "start_time", "ends_on", "end_time", "zone", "starts_at", "ends_at", "rule"),
    *(
        "last_on",
        "left_out",
        "customer_id",
        "place",
        "version",
        "is_restricted",
        "category",
        "owner_id",
    ),
    *("updated_at", "may_view", "may_change"),
)


class Row(NamedTuple):
    pk: int
    person: int | None
    team: int | None
    subject: str
    is_task: bool
    status: int
    type: int
    starts_on: dt.date
    start_time: dt.time | None
    ends_on: dt.date
    end_time: dt.time | None
    zone: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    rule: str
    last_on: dt.date | None
    left_out: list[dt.date]
    customer: int | None
    place: str
    version: int
    is_restricted: bool
    category: str
    owner: int | None
    updated_at: dt.datetime
    may_view: bool
    may_change: bool


@dataclass(frozen=True)
class Asked:
    """Days from `since` until before `before` in the reader's `zone`, of people and teams."""

    reader: User
    since: dt.date
    before: dt.date
    zone: ZoneInfo
    people: Sequence[int]
    teams: Sequence[int] = ()
    members: dict[int, set[int]] = field(default_factory=dict)  # of teams: whose calendars it is on
    types: Sequence[int] = ()
    with_tasks: bool = True

    @property
    def start(self) -> dt.datetime:
        return instant_of(self.since, MIDNIGHT, self.zone)

    @property
    def end(self) -> dt.datetime:
        return instant_of(self.before, MIDNIGHT, self.zone)

    @property
    def span(self) -> DateTimeTZRange:
        """Wide enough for whole days, which are kept as in UTC."""
        start, end = midnight(self.since), midnight(self.before)
        return DateTimeTZRange(min(self.start, start), max(self.end, end))

    def rows(self) -> Any:
        """Of all that stands there, seen or not; each as often as it is on one of the calendars."""
        teams = {*self.teams, *(team for team, who in self.members.items() if who & {*self.people})}
        places = Q(slots__person__in=list(self.people))
        if teams:
            places |= Q(slots__team__in=sorted(teams))
        rows = Activity.objects.alive().filter(places, slots__span__overlap=self.span)
        if self.types:
            rows = rows.filter(type__in=list(self.types))
        return rows if self.with_tasks else rows.filter(is_task=False)

    def stamp(self) -> str:
        """Is another one as soon as anything there is another."""
        found = self.rows().aggregate(count=Count("pk"), last=Max("updated_at"))
        return stamp_of(found["count"], found["last"])


def stamp_of(count: int, last: dt.datetime | None) -> str:
    return f"{count}.{int(last.timestamp() * 1_000_000) if last else 0}"


class Item(NamedTuple):
    """A piece of a calendar: what the page gets, in this order (times as text)."""

    key: int | str
    start: str
    end: str
    flags: str
    status: int
    type: int
    people: list[int]
    title: str
    beside: str
    version: int


@dataclass(frozen=True)
class Found:
    stamp: str
    items: list[Item]


def read_calendars(asked: Asked, levels: Levels) -> Found:
    rows = with_rights(asked.rows(), asked.reader, "view", "change")
    found = [Row._make(row) for row in rows.values_list(*COLUMNS)]
    together: dict[int, list[Row]] = {}
    for row in found:
        together.setdefault(row.pk, []).append(row)
    last = max((row.updated_at for row in found), default=None)
    writer = Writer(asked, levels, names_of(asked.reader, found))
    items = [item for pk in sorted(together) for item in writer.items(together[pk])]
    items.sort(key=attrgetter("start"))
    return Found(stamp_of(len(found), last), items)


def names_of(reader: User, rows: Iterable[Row]) -> dict[int, str]:
    """Of the customers, as far as the reader sees them."""
    keys = {row.customer for row in rows if row.customer and row.may_view}
    if not keys:
        return {}
    seen = Contact.objects.visible_to(reader).filter(pk__in=keys)
    return dict(seen.values_list("pk", "name"))


@lru_cache(maxsize=4096)
def endless(text: str, anchor: dt.date) -> Rule:
    """A rule whose end is known otherwise: to reckon the last of so many times takes longer than
    all the rest."""
    return replace(Rule.read(text, anchor), until=None, count=None)


class Writer:
    """Turns rows into items."""

    def __init__(self, asked: Asked, levels: Levels, names: dict[int, str]) -> None:
        self.asked, self.levels, self.names = asked, levels, names
        self.start, self.end, self.zone = asked.start, asked.end, asked.zone
        self.now = timezone.now()
        self.takes_time = catalog().takes_time
        self.busy: set[str] = set()

    def items(self, group: list[Row]) -> Iterator[Item]:
        row = group[0]
        people = self._people(group)
        if row.may_view:
            flags, beside = self._flags(row), self._beside(row)
            for key, start, end, over in self._times(row):
                late = "o" if over and row.category in OPEN_CATEGORIES and row.is_task else ""
                yield Item(
                    *(key, start, end, flags + late, row.status, row.type),
                    *(people, row.subject, beside, row.version),
                )
            return
        if not self.takes_time(row.type, row.category, is_task=row.is_task):
            return
        for person in people:
            if person > 0 and self.levels.of(person) >= Level.BUSY:
                yield from self._busy(row, person)

    def _busy(self, row: Row, person: int) -> Iterator[Item]:
        """Nothing of it but when: not even its key."""
        flags = "ba" if row.end_time is None else "b"
        for _key, start, end, _over in self._times(row):
            key = f"b{person}/{start}/{end}"
            if key not in self.busy:
                self.busy.add(key)
                yield Item(key, start, end, flags, 0, 0, [person], "", "", 0)

    def _people(self, group: list[Row]) -> list[int]:
        found: set[int] = set()
        for row in group:
            if row.person is not None:
                found.add(row.person)
            elif row.team is not None:
                members = self.asked.members.get(row.team, set())
                found |= members & {*self.asked.people}
                if row.team in self.asked.teams or not found:
                    found.add(-row.team)
        return sorted(found)

    def _flags(self, row: Row) -> str:
        return "".join(
            letter
            for letter, is_so in (
                ("t", row.is_task),
                ("a", row.end_time is None),
                ("r", bool(row.rule)),
                ("l", row.is_restricted),
                ("u", row.owner is None),
                ("e", row.may_change),
            )
            if is_so
        )

    def _beside(self, row: Row) -> str:
        name = self.names.get(row.customer or 0, "")
        return f"{name} · {row.place}" if name and row.place else name or row.place

    def _times(self, row: Row) -> Iterator[tuple[int | str, str, str, bool]]:
        """Of each occurrence: key, start, end, is it over."""
        if not row.rule:
            if row.end_time is None:
                yield from self._whole_days(row, row.pk, dt.timedelta(0))
            else:
                yield from self._timed(row.pk, row.starts_at, row.ends_at)
            return
        anchor = row.ends_on if row.is_task else row.starts_on
        first = self.asked.since - (row.ends_on - row.starts_on) - DAY
        before = self.asked.before + DAY
        if row.last_on is not None and row.last_on < before:
            before = row.last_on + DAY
        for day in occurrences(endless(row.rule, anchor), anchor, since=first, before=before):
            if day in row.left_out:
                continue
            key, by = f"{row.pk}/{day.isoformat()}", day - anchor
            if row.end_time is None:
                yield from self._whole_days(row, key, by)
            else:
                yield from self._timed(key, *self._instants(row, by))

    def _whole_days(
        self, row: Row, key: int | str, by: dt.timedelta
    ) -> Iterator[tuple[int | str, str, str, bool]]:
        start, end = (row.ends_on if row.is_task else row.starts_on) + by, row.ends_on + by
        if start < self.asked.before and end >= self.asked.since:
            over = instant_of(end + DAY, MIDNIGHT, ZoneInfo(row.zone)) < self.now
            yield key, start.isoformat(), end.isoformat(), over

    def _timed(
        self, key: int | str, start: dt.datetime, end: dt.datetime
    ) -> Iterator[tuple[int | str, str, str, bool]]:
        if start < self.end and max(end, start + SHOWN_MINUTES) > self.start:
            yield key, self._text(start), self._text(end), end < self.now

    def _text(self, moment: dt.datetime) -> str:
        return moment.astimezone(self.zone).isoformat()[:16]

    def _instants(self, row: Row, by: dt.timedelta) -> tuple[dt.datetime, dt.datetime]:
        zone = ZoneInfo(row.zone)
        end = instant_of(row.ends_on + by, row.end_time or MIDNIGHT, zone)
        if row.is_task:
            return end, end
        start = instant_of(row.starts_on + by, row.start_time or MIDNIGHT, zone)
        return start, max(start, end)
