"""Working time, and the days on which nobody works."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from activities.recurrence import instant_of


class Span(NamedTuple):
    """From `start` on and before `end`: 10–11 and 11–12 do not overlap (E7)."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Hours:
    """Days are ISO's (1 Monday, 7 Sunday). Hours that do not end later than they start end on the
    day after: 22:00–06:00."""

    days: frozenset[int]
    starts: time
    ends: time
    zone: ZoneInfo


def working_spans(hours: Hours, since: date, before: date, off: Collection[date]) -> list[Span]:
    """What begins on the days from `since` on and before `before`, in UTC; none on days `off`."""
    days = map(date.fromordinal, range(since.toordinal(), before.toordinal()))
    spans = (_span(hours, day) for day in days if day.isoweekday() in hours.days and day not in off)
    return [span for span in spans if span.start < span.end]  # spring may leave the whole out


def _span(hours: Hours, day: date) -> Span:
    is_overnight = hours.ends <= hours.starts and day < date.max
    last = day + timedelta(1) if is_overnight else day
    return Span(instant_of(day, hours.starts, hours.zone), instant_of(last, hours.ends, hours.zone))


def holidays_of(
    countries: Iterable[str], since: date, before: date, language: str
) -> dict[date, list[str]]:
    """Names of the public holidays from `since` on and before `before`, by day; in `language`
    where they are known in it, else in the country's own. Unknown countries have none."""
    found: dict[date, list[str]] = {}
    years = range(since.year, before.year + 1)
    for country, year in product(dict.fromkeys(countries), years):
        for day, name in _holidays(country.upper(), year, language):
            names = found.setdefault(day, []) if since <= day < before else []
            if name not in names:
                names.append(name)
    return dict(sorted(found.items()))


@lru_cache(maxsize=1000)
def _holidays(country: str, year: int, language: str) -> tuple[tuple[date, str], ...]:
    import holidays  # takes a tenth of a second, which a start need not wait for

    if country not in holidays.list_supported_countries():
        return ()
    known = holidays.country_holidays(country)
    wanted = language.partition("-")[0]
    spoken = (code for code in known.supported_languages if code.partition("_")[0] == wanted)
    chosen = next(spoken, known.default_language)
    days = holidays.country_holidays(country, years=year, language=chosen)
    return tuple((day, name) for day in days for name in days.get_list(day))
