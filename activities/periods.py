"""Days, weeks and months as calendars and lists cut them."""

import datetime as dt

from activities.models.timed import DAY
from crm.accounts.models import Organisation

WEEK = 7 * DAY
Period = tuple[dt.date, dt.date]  # from the first until before the second


def first_of_week(day: dt.date, first_day: int) -> dt.date:
    """`first_day` is an ISO weekday, as the organisation has it."""
    return day - dt.timedelta(days=(day.isoweekday() - first_day) % 7)


def next_month(day: dt.date) -> dt.date:
    """The first of it."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def period(name: str, today: dt.date) -> Period:
    """What a filter calls "today", "tomorrow", "week", "next-week" or "month"."""
    if name == "tomorrow":
        return today + DAY, today + 2 * DAY
    if name in ("week", "next-week"):
        start = first_of_week(today, Organisation.get().first_day)
        start += WEEK if name == "next-week" else dt.timedelta(0)
        return start, start + WEEK
    if name == "month":
        return today.replace(day=1), next_month(today)
    return today, today + DAY


def shown_period(view: str, day: dt.date, first_day: int) -> Period:
    """What a view of the calendar shows around `day`; a month with the whole weeks it lies in."""
    if view == "day":
        return day, day + DAY
    if view == "month":
        start = first_of_week(day.replace(day=1), first_day)
        last = next_month(day) - DAY
        return start, first_of_week(last, first_day) + WEEK
    start = first_of_week(day, first_day)
    return start, start + WEEK
