"""The rule of a series, and by arithmetic where its dates lie (E1, E2).

A rule counts from the first date, never from the one before: 31 January, 28 February, 31 March.
"""

from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from math import gcd

MONDAY, SUNDAY = 1, 7
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
NTHS = (1, 2, 3, 4, LAST)
ANY_DAY = range(1, 32)
SHORTEST_MONTH, YEAR, COMMON_YEAR = 28, 12, 2001
END_OF_TIME = date.max.toordinal()


class Freq(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class By(StrEnum):
    """What stays the same from month to month or year to year."""

    DAY = "day"
    WEEKDAY = "weekday"


class MonthEnd(StrEnum):
    """Where a month lacks the day: its last day; nothing (RFC 5545). Or always its last day."""

    CLAMP = "clamp"
    SKIP = "skip"
    LAST = "last"


@dataclass(frozen=True)
class Rule:
    """Weekdays are ISO's (1 Monday, 7 Sunday), of a weekly rule only; without any, and for the nth
    weekday of a month, it is the one of the first date. `until` is a date of the series, too.

    `month_day` is the day of the month where the first date is on another: what is left of a
    series of the 31st goes on with it, although it may start on 28 February.
    """

    freq: Freq
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    by: By = By.DAY
    nth: int = 1
    month_end: MonthEnd = MonthEnd.CLAMP
    until: date | None = None
    count: int | None = None
    week_start: int = MONDAY
    month_day: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekdays", tuple(sorted(set(self.weekdays))))
        is_weekly = self.freq == Freq.WEEKLY
        wrong = {
            "The interval is at least 1": self.interval < 1,
            "Only a weekly rule has weekdays": bool(self.weekdays) and not is_weekly,
            "Weekdays are 1 to 7": not {*self.weekdays} <= {*range(MONDAY, SUNDAY + 1)},
            "The nth weekday is the first to the fourth or the last": self.nth not in NTHS,
            "A series ends on a date or after a number of times": bool(self.until and self.count),
            "A series has at least one date": self.count is not None and self.count < 1,
            "A week starts on Monday or Sunday": self.week_start not in (MONDAY, SUNDAY),
            "A month has days 1 to 31": self.month_day not in (None, *ANY_DAY),
        }
        if reason := next((reason for reason, is_so in wrong.items() if is_so), ""):
            raise ValueError(reason)

    @classmethod
    def read(cls, text: str, first: date) -> "Rule":
        """The rule that an RRULE value writes. Raises ValueError for what no rule here can say."""
        try:
            return _read(text.strip().upper().removeprefix("RRULE:"), first)
        except ValueError as reason:
            raise ValueError(f"{text}: {reason}") from reason

    def text(self, first: date) -> str:
        """The value of an RRULE (RFC 5545) of a series that begins on `first`."""
        parts: dict[str, str] = {"FREQ": self.freq}
        if self.interval > 1:
            parts["INTERVAL"] = str(self.interval)
        if self.weekdays:
            parts["BYDAY"] = ",".join(CODES[day - 1] for day in self.weekdays)
        if self.goes_by_months:
            parts |= self.month_parts(first)
        if self.until:
            parts["UNTIL"] = self.until.isoformat().replace("-", "")
        if self.count:
            parts["COUNT"] = str(self.count)
        if self.week_start == SUNDAY:
            parts["WKST"] = "SU"
        return _joined(parts)

    def month_parts(self, first: date) -> dict[str, str]:
        month = {"BYMONTH": str(first.month)} if self.freq == Freq.YEARLY else {}
        if self.by == By.WEEKDAY:
            return month | {"BYDAY": f"{self.nth}{CODES[first.weekday()]}"}
        if self.month_end == MonthEnd.LAST:
            return month | {"BYMONTHDAY": str(LAST)}
        day, may_be_missing = self.day_of_month(first), self.may_miss_day(first)
        if self.month_end == MonthEnd.CLAMP and may_be_missing:
            days = ",".join(map(str, range(SHORTEST_MONTH, day + 1)))
            return month | {"BYMONTHDAY": days, "BYSETPOS": str(LAST)}
        if self.month_end == MonthEnd.SKIP and not (may_be_missing or self.month_day):
            return {}  # what RFC 5545 itself takes a bare FREQ for
        return month | {"BYMONTHDAY": str(day)}

    def starts(self, first: date) -> date:
        """The first date that the rule itself gives, on or after `first`.

        Raises ValueError if it gives none at all: the 31st, every 12 months, from an April on.
        """
        found = self.stretches(first).nth(1)
        if found is None:
            raise ValueError("This rule gives no date")
        return found

    @property
    def goes_by_months(self) -> bool:
        return self.freq in (Freq.MONTHLY, Freq.YEARLY)

    @property
    def skips(self) -> bool:
        by_day = self.goes_by_months and self.by == By.DAY
        return by_day and self.month_end == MonthEnd.SKIP

    def weekdays_of(self, first: date) -> tuple[int, ...]:
        return self.weekdays or (first.isoweekday(),)

    def day_of_month(self, first: date) -> int:
        return self.month_day or first.day

    def may_miss_day(self, first: date) -> bool:
        """Is there a month, among those of a series by days, without that day?"""
        is_yearly = self.freq == Freq.YEARLY
        least = monthrange(COMMON_YEAR, first.month)[1] if is_yearly else SHORTEST_MONTH
        return self.day_of_month(first) > least

    def stretches(self, first: date) -> "Stretches":
        if self.goes_by_months:
            months = self.interval * (YEAR if self.freq == Freq.YEARLY else 1)
            return Stretches(self, first, _month_number(first), months)
        if self.freq == Freq.DAILY:
            return Stretches(self, first, first.toordinal(), self.interval)
        gone = (first.isoweekday() - self.week_start) % 7
        return Stretches(self, first, first.toordinal() - gone, 7 * self.interval)


@lru_cache(maxsize=10_000)  # a calendar asks for the same ones all day
def _read(text: str, first: date) -> Rule:
    parts = dict(part.split("=") for part in text.split(";"))
    until, count = parts.pop("UNTIL", ""), parts.pop("COUNT", "")
    rule = Rule(
        freq=Freq(parts.pop("FREQ", "")),
        interval=int(parts.pop("INTERVAL", "1")),
        until=date.fromisoformat(until) if until else None,
        count=int(count) if count else None,
        week_start=CODES.index(parts.pop("WKST", "MO")) + 1,
    )
    if rule.goes_by_months:
        return _read_month(rule, parts, first)
    if rule.freq == Freq.WEEKLY and "BYDAY" in parts:
        days = (CODES.index(code) + 1 for code in parts.pop("BYDAY").split(","))
        rule = replace(rule, weekdays=tuple(days))
    if parts:
        raise ValueError(f"no rule here has {_joined(parts)}")
    return rule


def _read_month(rule: Rule, parts: dict[str, str], first: date) -> Rule:
    """`rule` with what `parts` say of the month: whichever writes just that."""
    if not parts or (rule.freq == Freq.YEARLY and parts == {"BYMONTH": str(first.month)}):
        return replace(rule, month_end=MonthEnd.SKIP)
    days: list[int | None] = [None, *(day for day in ANY_DAY if day != first.day)]
    by_weekday = (replace(rule, by=By.WEEKDAY, nth=nth) for nth in NTHS)
    by_day = (replace(rule, month_end=end, month_day=day) for day in days for end in MonthEnd)
    for way in chain(by_weekday, by_day):
        if way.month_parts(first) == parts:
            return way
    raise ValueError(f"no rule here from {first} on has {_joined(parts)}")


def _joined(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


@dataclass(frozen=True)
class Stretches:
    """The days, weeks, months or years of a series, counted from 0: any one is reached, and what
    lies before it counted, without looking at the ones between.

    They are as long as `length` says from `start` on, in days (ordinals) or months (from year 0).
    """

    rule: Rule
    first: date
    start: int
    length: int

    def index(self, day: date) -> int:
        """The one that has `day`, or that is the last one before it."""
        number = _month_number(day) if self.rule.goes_by_months else day.toordinal()
        return (number - self.start) // self.length

    def dates(self, index: int) -> list[date]:
        days = range(self.first.toordinal(), END_OF_TIME + 1)
        return [date.fromordinal(day) for day in self._ordinals(index) if day in days]

    def before(self, index: int) -> int:
        """How many dates lie in earlier ones."""
        if not index:
            return 0
        missed = sum(day < self.first.toordinal() for day in self._ordinals(0))
        if self.rule.skips:
            months = range(self.start, self.start + index * self.length, self.length)
            return _having(self.rule.day_of_month(self.first), months) - missed
        return index * len(self._places) - missed

    def count_until(self, day: date) -> int:
        """How many dates there are, `day` included."""
        if day < self.first:
            return 0
        index = self.index(day)
        return self.before(index) + sum(found <= day for found in self.dates(index))

    def count_before(self, day: date) -> int:
        return self.count_until(day - timedelta(1)) if day > self.first else 0

    def nth(self, number: int) -> date | None:
        """The first is 1; None where the calendar ends before."""
        all_of_them = range(self.index(date.max) + 1)
        index = bisect_left(all_of_them, number, key=lambda i: self.before(i + 1))
        place = number - self.before(index) - 1
        return next(iter(self.dates(index)[place:]), None)

    @property
    def _places(self) -> list[int]:
        """The days of a stretch, counted from its start; those of a month lie in each elsewhere."""
        if self.rule.freq != Freq.WEEKLY:
            return [0]
        days = self.rule.weekdays_of(self.first)
        return sorted((day - self.rule.week_start) % 7 for day in days)

    def _ordinals(self, index: int) -> list[int]:
        start = self.start + index * self.length
        if not self.rule.goes_by_months:
            return [start + place for place in self._places]
        year, month = divmod(start, YEAR)
        day = self._day(year, month + 1) if year <= date.max.year else None
        return [date(year, month + 1, day).toordinal()] if day else []

    def _day(self, year: int, month: int) -> int | None:
        rule, (weekday, length) = self.rule, monthrange(year, month)
        if rule.by == By.WEEKDAY:
            days = range(1 + (self.first.weekday() - weekday) % 7, length + 1, 7)
            return days[rule.nth if rule.nth == LAST else rule.nth - 1]
        day = rule.day_of_month(self.first)
        if rule.month_end == MonthEnd.LAST or (rule.month_end == MonthEnd.CLAMP and day > length):
            return length
        return day if day <= length else None


def _month_number(day: date) -> int:
    return day.year * YEAR + day.month - 1


def _having(day: int, months: range) -> int:
    """How many of these months have that day."""
    names = YEAR // gcd(months.step, YEAR)  # so many months come in turn
    same = (months[turn::names] for turn in range(min(names, len(months))))
    return sum(_having_of_one_name(day, some) for some in same)


def _having_of_one_name(day: int, months: range) -> int:
    year, month = divmod(months[0], YEAR)
    if (month + 1, day) != (2, 29):
        return len(months) if day <= monthrange(COMMON_YEAR, month + 1)[1] else 0
    years = range(year, months[-1] // YEAR + 1, months.step // YEAR)
    return _multiples(4, years) - _multiples(100, years) + _multiples(400, years)


def _multiples(number: int, years: range) -> int:
    turns = number // gcd(years.step, number)
    first = next((turn for turn, year in enumerate(years[:turns]) if year % number == 0), None)
    return 0 if first is None else len(years[first::turns])
