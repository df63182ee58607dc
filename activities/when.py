"""When an activity is, as a sentence says it: in the language and zone that are active."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import get_language_bidi

from activities.models import Activity
from crm.ui.moments import day_words


def when_words(activity: Activity) -> str:
    """ "Thursday 26 November, 10:00", on the reader's clock; with a year that is not this one."""
    if activity.is_all_day:
        return _day(activity.anchor)
    return _moment(timezone.localtime(activity.starts_at))


def period_words(activity: Activity) -> str:
    """ "Thursday 26 November, 10:00–11:30": until when, too."""
    if activity.is_all_day:
        first, last = _day(activity.anchor), _day(activity.ends_on)
        return first if first == last else f"{first} – {last}"
    start, end = (timezone.localtime(at) for at in (activity.starts_at, activity.ends_at))
    if start.date() != end.date():
        return f"{_moment(start)} – {_moment(end)}"
    times = f"{_time(start)}–{_time(end)}"
    # Toasts are plain text: what <bdi> says elsewhere, two characters say here.
    return f"{_day(start.date())}, " + (f"\u2066{times}\u2069" if get_language_bidi() else times)


def _day(day: dt.date) -> str:
    return day_words(day, with_year=day.year != timezone.localdate().year)


def _time(moment: dt.datetime) -> str:
    return time_format(moment.time(), "TIME_FORMAT")


def _moment(moment: dt.datetime) -> str:
    return f"{_day(moment.date())}, {_time(moment)}"
