"""Which reminders an activity owes: to whom, of which occurrence, and when (E3, B1 – B5)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from activities.models import Activity, Reminder, Wanted
from activities.models.slot import people_on_each
from activities.models.timed import DAY
from activities.recurrence import BEGINNING, END, instant_of
from crm.accounts.models import User

NINE = dt.time(9)  # where no time of day is said
DAY_MINUTES = 24 * 60
AHEAD = dt.timedelta(days=14)  # so far a series has its reminders written down
CHANNELS = {
    Wanted.Channel.BOTH: (Reminder.Channel.BELL, Reminder.Channel.MAIL),
    Wanted.Channel.BELL: (Reminder.Channel.BELL,),
    Wanted.Channel.MAIL: (Reminder.Channel.MAIL,),
}


class Key(NamedTuple):
    """As the database knows that there is one of each (B1)."""

    occurs_on: dt.date
    user_id: int
    channel: str
    minutes: int


def key_of(row: Reminder) -> Key:
    return Key(row.occurs_on, row.user_id, row.channel, row.minutes)


def due_at(activity: Activity, on: dt.date, minutes: int) -> dt.datetime:
    """So long before the start of an event, or before a task is due; in UTC (B3).

    Whole days go by the calendar, as in RFC 5545: "a day before ten" is at ten in the night of a
    clock change as well. Hours and minutes are as long as they are.
    """
    days = int(minutes / DAY_MINUTES)  # not //: minus is after
    try:
        moment = begins_at(activity, on - days * DAY)
        return moment - dt.timedelta(minutes=minutes - days * DAY_MINUTES)
    except OverflowError:  # around the first and the last day there are
        return BEGINNING if minutes > 0 else END


def begins_at(activity: Activity, on: dt.date) -> dt.datetime:
    """What is counted from; of whole days, and of a task for any time of its day: nine o'clock."""
    time = activity.end_time if activity.is_task else activity.start_time
    return instant_of(on, time or NINE, activity.tz)


def people_of(activities: Iterable[Activity]) -> dict[int, set[int]]:
    """By activity: who is responsible and who takes part, active and not declined.

    Nobody twice, and no address twice: no two people have the same (B1). Of what a team was given,
    the team hears nothing before somebody has taken it.
    """
    found = people_on_each(activities)
    active = User.objects.active().filter(pk__in=set[int]().union(*found.values()))
    keys = set(active.values_list("pk", flat=True))
    return {pk: people & keys for pk, people in found.items()}


def owed(
    activity: Activity,
    lines: Sequence[Wanted],
    people: Iterable[int],
    now: dt.datetime,
    kept: Iterable[dt.date] = (),
) -> dict[Key, dt.datetime]:
    """When each is due, also those whose moment has passed; of a series those of the next AHEAD
    and of the dates `kept`."""
    if activity.is_trashed or not activity.is_open:
        return {}
    found: dict[Key, dt.datetime] = {}
    people = sorted(people)
    for on in occurring(activity, lines, now, kept):
        for line in lines:
            moment = due_at(activity, on, line.minutes)
            if activity.is_series and moment > now + AHEAD:
                continue
            for channel in CHANNELS[Wanted.Channel(line.channel)]:
                for user in people:
                    found[Key(on, user, channel, line.minutes)] = moment
    return found


def occurring(
    activity: Activity, lines: Sequence[Wanted], now: dt.datetime, kept: Iterable[dt.date]
) -> list[dt.date]:
    """Dates that may be reminded of within AHEAD."""
    if not activity.is_series:
        return [activity.anchor]
    offsets = [line.minutes / DAY_MINUTES for line in lines]
    today = now.date()
    # A day more on each side: it may be another date in the zone of the activity.
    since = today + int(min(0, *offsets)) * DAY - 2 * DAY
    before = today + AHEAD + int(max(0, *offsets)) * DAY + 3 * DAY
    return activity.dates(min([since, *kept]), before)
