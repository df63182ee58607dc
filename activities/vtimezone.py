"""What the clocks of a zone do, as calendars want it told (RFC 5545, 3.6.5).

icalendar can make this from a zone, too, but gives each change the hour that the clocks show
afterwards. In spring that is an hour too late: what counts is the one they show until then.
"""

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from activities.repeats import CODES, COMMON_YEAR, LAST

FIRST_YEAR, LAST_YEAR = 1970, 9000
AHEAD = 30  # years: every weekday has then been on every date
CYCLE = 28
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


class Shift(NamedTuple):
    """`at` is what the clocks show when they are changed."""

    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str


@lru_cache(maxsize=500)
def vtimezone(key: str, since: int, this_year: int) -> Timezone:
    """Of the zone `key`, for calendars that begin in the year `since`. Shared: change nothing."""
    zone = ZoneInfo(key)
    since = min(max(since - 1, FIRST_YEAR), LAST_YEAR)
    last = min(max(since, this_year) + AHEAD, LAST_YEAR)
    start = dt.datetime(since, 1, 1, tzinfo=dt.UTC)
    shifts = list(_shifts(zone, start, dt.datetime(last + 1, 1, 1, tzinfo=dt.UTC)))
    made = Timezone()
    made.add("TZID", key)
    made.add_component(_first(start.astimezone(zone)))
    kinds: dict[tuple[dt.timedelta, dt.timedelta, str], list[Shift]] = defaultdict(list)
    for shift in shifts:
        kinds[shift.before, shift.after, shift.name].append(shift)
    for group in kinds.values():
        yearly = _yearly(group, last)
        once = [shift for shift in group if shift not in yearly]
        if once:
            made.add_component(_observance(once))
        if yearly:
            made.add_component(_observance(yearly[:1], _rule(yearly)))
    return made


def _shifts(zone: ZoneInfo, start: dt.datetime, end: dt.datetime) -> Iterator[Shift]:
    before, moment = _offset(start, zone), start
    while moment < end:
        moment += DAY
        after = _offset(moment, zone)
        if after != before:
            at = _found(zone, moment - DAY, moment)
            yield Shift(
                (at + before).replace(tzinfo=None),
                before,
                after,
                at.astimezone(zone).tzname() or "",
            )
            before = after


def _found(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """The first second of what holds at `high`."""
    kept = _offset(low, zone)
    while high - low > SECOND:
        middle = (low + (high - low) // 2).replace(microsecond=0)
        if _offset(middle, zone) == kept:
            low = middle
        else:
            high = middle
    return high


def _offset(moment: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    return moment.astimezone(zone).utcoffset() or dt.timedelta(0)


def _yearly(group: Sequence[Shift], last: int) -> list[Shift]:
    """Those at the end of the group that follow one rule year by year, as far as one can see."""
    found: list[Shift] = []
    for shift in reversed(group):
        expected = found[0].at.year - 1 if found else last
        if shift.at.year != expected or not _alike([shift, *found]):
            break
        found.insert(0, shift)
    return found if len(found) >= CYCLE else []


def _alike(shifts: Sequence[Shift]) -> bool:
    """The same weekday of the same week of a month, at the same time."""
    same = {(shift.at.month, shift.at.weekday(), shift.at.time()) for shift in shifts}
    days = [shift.at.day for shift in shifts]
    return len(same) == 1 and max(days) - min(days) < len(CODES)


def _rule(shifts: Sequence[Shift]) -> vRecur:
    month, code = shifts[0].at.month, CODES[shifts[0].at.weekday()]
    first = min(shift.at.day for shift in shifts)
    rule = {"FREQ": ["YEARLY"], "BYMONTH": [month]}
    if (first - 1) % 7 == 0 and first < monthrange(COMMON_YEAR, month)[1] - 6:
        return vRecur(rule | {"BYDAY": [f"{(first - 1) // 7 + 1}{code}"]})
    if first == monthrange(COMMON_YEAR, month)[1] - 6:
        return vRecur(rule | {"BYDAY": [f"{LAST}{code}"]})
    return vRecur(rule | {"BYDAY": [code], "BYMONTHDAY": list(range(first, first + 7))})


def _first(start: dt.datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds before the first change."""
    none = dt.timedelta(0)
    made = TimezoneDaylight() if (start.dst() or none) > none else TimezoneStandard()
    offset = start.utcoffset() or none
    return _filled(made, Shift(start.replace(tzinfo=None), offset, offset, start.tzname() or ""))


def _observance(
    shifts: Sequence[Shift], rule: vRecur | None = None
) -> TimezoneStandard | TimezoneDaylight:
    made = TimezoneDaylight() if shifts[0].after > shifts[0].before else TimezoneStandard()
    _filled(made, shifts[0])
    if len(shifts) > 1:
        made.add("RDATE", [shift.at for shift in shifts[1:]])
    if rule is not None:
        made.add("RRULE", rule)
    return made


def _filled(
    made: TimezoneStandard | TimezoneDaylight, shift: Shift
) -> TimezoneStandard | TimezoneDaylight:
    made.DTSTART = shift.at
    made.TZOFFSETFROM, made.TZOFFSETTO = shift.before, shift.after
    made.add("TZNAME", shift.name)
    return made
