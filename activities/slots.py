"""Free and busy: "the next 90 minutes when these three are free within working hours".

All spans are in UTC: clocks that are put forward would make some of them longer than they are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from activities.hours import Span
from activities.recurrence import instant_of, local_of

NOTHING, HALF_HOUR = timedelta(), timedelta(minutes=30)
LIMIT, LIMIT_OF_DAY = 10, 3
GREENWICH = ZoneInfo("UTC")


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time, in order, without overlaps; what touches is one, and what is empty none."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def free(working: Iterable[Span], busy: Iterable[Span]) -> list[Span]:
    """What is left of one person's working time."""
    times, taken = merged(working), merged(busy)
    if not times:
        return []
    # Empty ones mark where the working time starts and ends.
    marks = [Span(times[0].start, times[0].start), *taken, Span(times[-1].end, times[-1].end)]
    return common([times, [Span(one.end, other.start) for one, other in pairwise(marks)]])


def common(times: Iterable[Iterable[Span]]) -> list[Span]:
    """What all of them share; nothing if there are none."""
    lists = [merged(spans) for spans in times]
    return reduce(_shared, lists) if lists else []


def _shared(some: list[Span], others: list[Span]) -> list[Span]:
    found, here, there = list[Span](), 0, 0
    while here < len(some) and there < len(others):
        one, other = some[here], others[there]
        span = Span(max(one.start, other.start), min(one.end, other.end))
        if span.start < span.end:
            found.append(span)
        if one.end < other.end:
            here += 1
        else:
            there += 1
    return found


def slots(
    people: Sequence[tuple[Iterable[Span], Iterable[Span]]],
    *,
    length: timedelta,
    since: datetime,
    step: timedelta = HALF_HOUR,
    limit: int = LIMIT,
    zone: ZoneInfo = GREENWICH,
) -> list[Span]:
    """The earliest spans in which everybody is free, of (working, busy) for each; so few of a day
    that there is a choice of days. They start on whole steps of the clock of `zone`."""
    if length <= NOTHING or step <= NOTHING:
        raise ValueError("A slot and its step are longer than nothing")
    times = common(free(working, busy) for working, busy in people)
    starts = _starts(times, length=length, since=since.astimezone(UTC), step=step, zone=zone)
    return [Span(start, start + length) for start in islice(starts, limit)]


def _starts(
    times: list[Span], *, length: timedelta, since: datetime, step: timedelta, zone: ZoneInfo
) -> Iterator[datetime]:
    of_day = Counter[date]()
    for span in times:
        start = _on_step(max(span.start, since), step, zone)
        while start + length <= span.end:
            day, _clock = local_of(start, zone)
            later = start + step
            if of_day[day] < LIMIT_OF_DAY:
                of_day[day] += 1
                yield start
            else:
                later = max(later, instant_of(day + timedelta(1), time.min, zone))
            start = _on_step(later, step, zone)


def _on_step(moment: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """The first whole step of the local day that is not before `moment`."""
    _day, clock = local_of(moment, zone)
    gone = timedelta(
        hours=clock.hour,
        minutes=clock.minute,
        seconds=clock.second,
        microseconds=clock.microsecond,
    )
    return moment + -gone % step
