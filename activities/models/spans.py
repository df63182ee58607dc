"""The time an activity takes in calendars, from the first moment of it to the last."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from activities.models.timed import DAY

if TYPE_CHECKING:
    from activities.models.activity import Activity

SHOWN_MINUTES = dt.timedelta(minutes=30)  # of a task with a time, and of an event without length


def span_of(activity: "Activity") -> DateTimeTZRange:
    """Half-open (E7)."""
    start, end = _ends(activity, activity.anchor)
    if not activity.is_series:
        return DateTimeTZRange(start, end)
    last = activity.last_on
    return DateTimeTZRange(start, None if last is None else _ends(activity, last)[1])


def _ends(activity: "Activity", anchor: dt.date) -> tuple[dt.datetime, dt.datetime]:
    if activity.is_all_day:
        moved = anchor - activity.anchor
        first = anchor if activity.is_task else activity.starts_on + moved
        return midnight(first), midnight(activity.ends_on + moved) + DAY
    start, end = activity.instants(anchor)
    return start, max(end, start + SHOWN_MINUTES)


def midnight(day: dt.date) -> dt.datetime:
    """A date as calendars compare it, in no zone (B11)."""
    return dt.datetime.combine(day, dt.time(0), tzinfo=dt.UTC)
