"""The dates of series as a list tells of them, one by one (F1.4, F3.2): what was done every Monday
is looked for like anything else."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any

from django.db.models import Exists, Q
from django.utils import timezone

from activities.models import Activity
from activities.models.access import ActivityQuerySet
from activities.models.timed import DAY, FIRST_DAY, LAST_DAY, MIDNIGHT
from activities.recurrence import instant_of
from crm.ui.paging import BadCursor

MOST = 500  # series; of more, each stands in the list once, with the date that comes next
AHEAD = 31 * DAY  # where nobody says until when: many have no end
STEP, FURTHER = 7 * DAY, 4  # looked at first, and how much more each time that it is not enough
FAR = 366 * DAY  # beyond the days there are: an activity lasts a year at most
Dated = tuple[Activity, dt.date]  # the series as it is on that date
Place = tuple[dt.datetime, int]


def dates_of_series(
    rows: ActivityQuerySet,
    asked: dict[str, Any],
    is_backwards: bool,
    place: Sequence[Any],
    count: int,
) -> list[Dated] | None:
    """The first so many beyond `place`, back in time or, `is_backwards`, on. None where there are
    no series or too many to look into, wherever the place is. It and the order are those of the
    list: moment, then twice the key. Raises BadCursor."""
    beyond, is_asked = _place(place), _within(asked)
    # Whole days are asked for by their dates, and may lie a day beside that of the reader's zone.
    low, high = (moment + by for moment, by in zip(_bounds(asked), (-DAY, DAY), strict=True))
    series = list(_between(rows, low, high))
    if not series:
        return None
    if beyond:
        low, high = (beyond[0], high) if is_backwards else (low, beyond[0])
    found: list[Dated] = []
    for since, until in _stretches(low, high, is_backwards):
        found += [
            dated
            for one in series
            for dated in _dates(one, since, until)
            if is_asked(dated) and (beyond is None or _is_beyond(dated, beyond, is_backwards))
        ]
        if len(found) >= count:
            break
    found.sort(key=_key, reverse=not is_backwards)
    return found[:count]


def _bounds(asked: dict[str, Any]) -> tuple[dt.datetime, dt.datetime]:
    zone = timezone.get_current_timezone()
    since, until = asked.get("since") or FIRST_DAY, asked.get("until")
    high = instant_of(until + DAY, MIDNIGHT, zone) if until else timezone.now() + AHEAD
    return instant_of(since, MIDNIGHT, zone), high


def _within(asked: dict[str, Any]) -> Callable[[Dated], bool]:
    (low, high), since, until = _bounds(asked), asked.get("since"), asked.get("until")

    def is_asked(dated: Dated) -> bool:
        one, day = dated
        if one.end_time is not None:
            return low <= one.starts_at < high
        return (since or FIRST_DAY) <= day and (day <= until if until else one.starts_at < high)

    return is_asked


def _place(place: Sequence[Any]) -> Place | None:
    if not place:
        return None
    try:
        moment, key = place
        at = dt.datetime.fromisoformat(moment).astimezone(dt.UTC)
        if not FIRST_DAY - FAR <= at.date() <= LAST_DAY + FAR:
            raise BadCursor
        return at, int(key)
    except (ValueError, TypeError, OverflowError) as problem:
        raise BadCursor from problem


def _between(rows: ActivityQuerySet, low: dt.datetime, high: dt.datetime) -> ActivityQuerySet:
    goes_on = Q(last_on__isnull=True) | Q(last_on__gte=low.date() - DAY)
    some = rows.exclude(rule="").filter(goes_on, starts_on__lte=high.date() + DAY).order_by("pk")
    return some.filter(~Exists(some.values("pk")[MOST : MOST + 1]))


def _stretches(
    low: dt.datetime, high: dt.datetime, is_backwards: bool
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Both ends included at the outside, so that what is at `place` itself is not left out."""
    step = STEP
    while low <= high:
        if is_backwards:
            edge = min(high, low + step)
            yield low, edge
            low = edge + dt.timedelta(microseconds=1)
        else:
            edge = max(low, high - step)
            yield edge, high
            high = edge - dt.timedelta(microseconds=1)
        step *= FURTHER


def _dates(series: Activity, since: dt.datetime, until: dt.datetime) -> Iterator[Dated]:
    first, last = since.date() - 2 * DAY, until.date() + 2 * DAY  # whatever the zones
    for day in series.dates(max(first, series.anchor), last):
        start, end = series.instants(day)
        if since <= start <= until:
            one = copy(series)
            one.starts_at, one.ends_at = start, end
            yield one, day


def _is_beyond(dated: Dated, place: Place, is_backwards: bool) -> bool:
    return _key(dated) > place if is_backwards else _key(dated) < place


def _key(dated: Dated) -> Place:
    return dated[0].starts_at, 2 * dated[0].pk
