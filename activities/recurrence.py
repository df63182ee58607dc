"""The dates of a series, and what it says about itself (E1, E2).

Rules know dates only; the time of day is the same on each of them, in the zone of the series.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activities.repeats import CODES, LAST, SUNDAY, By, Freq, MonthEnd, Rule, Stretches
from crm.ui.moments import in_sentence, local

__all__ = [
    "By",
    "Freq",
    "MonthEnd",
    "Rule",
    "described",
    "described_alone",
    "following",
    "instant_of",
    "is_on",
    "last_date",
    "local_of",
    "next_dates",
    "occurrences",
    "until_before",
]

SATURDAY = 6
LEAP_YEAR = 2000
CODE_OF_DAY = re.compile(r"[A-Z]{2}")
BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def occurrences(rule: Rule, first: date, *, since: date, before: date) -> Iterator[date]:
    """The dates from `since` on and before `before`, however long ago the series began."""
    if before > since:
        yield from _walk(rule, first, since, before - timedelta(1))


def next_dates(rule: Rule, first: date, count: int, since: date | None = None) -> list[date]:
    return list(islice(_walk(rule, first, since or first, date.max), count))


def is_on(rule: Rule, first: date, day: date) -> bool:
    return day in _walk(rule, first, day, day)


def last_date(rule: Rule, first: date) -> date | None:
    """None for a series without end, or beyond the calendar's; `until` for one without a date."""
    stretches = rule.stretches(first)
    if rule.until is None:
        return stretches.nth(rule.count) if rule.count else None
    number = stretches.count_until(rule.until)
    return stretches.nth(number) if number else rule.until


def until_before(rule: Rule, first: date, day: date) -> Rule | None:
    """What the series is before `day`; None if that is nothing."""
    stretches = rule.stretches(first)
    if not stretches.count_before(day):
        return None
    return replace(rule, until=min(day - timedelta(1), _end(rule, stretches)), count=None)


def following(rule: Rule, first: date, day: date) -> Rule:
    """The rule of what is left from `day` on, as a series that begins there.

    Raises ValueError where `day` is none of its dates: every second week from there on would be
    other weeks.
    """
    if not is_on(rule, first, day):
        raise ValueError(f"{day} is not in the series")
    rest = rule
    if rule.count:
        rest = replace(rest, count=rule.count - rule.stretches(first).count_before(day))
    keeps_day = rule.goes_by_months and rule.by == By.DAY and rule.month_end != MonthEnd.LAST
    month_day = rule.day_of_month(first)
    return replace(rest, month_day=month_day if keeps_day and month_day != day.day else None)


def _walk(rule: Rule, first: date, since: date, last: date) -> Iterator[date]:
    """The dates from `since` to `last`."""
    stretches = rule.stretches(first)
    since, last = max(since, first), min(last, _end(rule, stretches))
    if since > last:
        return
    for index in range(stretches.index(since), stretches.index(last) + 1):
        for day in stretches.dates(index):
            if since <= day <= last:
                yield day


def _end(rule: Rule, stretches: Stretches) -> date:
    counted = stretches.nth(rule.count) if rule.count else None
    return rule.until or counted or date.max


def instant_of(day: date, time: time, zone: ZoneInfo) -> datetime:
    """When the clocks of `zone` show that, in UTC. A time that spring leaves out is as much later
    as the clocks are put forward; of one that autumn has twice it is the first."""
    try:
        return datetime.combine(day, time.replace(fold=0), zone).astimezone(UTC)
    except OverflowError:  # the first and the last day there are
        return BEGINNING if day.year == date.min.year else END


def local_of(instant: datetime, zone: ZoneInfo) -> tuple[date, time]:
    """What the clocks of `zone` show then."""
    moment = local(instant, zone)
    return moment.date(), moment.time().replace(fold=0)


def described(rule: Rule, first: date) -> str:
    """The rule in words, in the active language: "Every 2 weeks on Monday and Thursday"."""
    return _until(rule, described_days(rule, first))


def described_days(rule: Rule, first: date) -> str:
    describe = {Freq.DAILY: _daily, Freq.WEEKLY: _weekly, Freq.MONTHLY: _monthly}
    return describe.get(rule.freq, _yearly)(rule, first)


def _until(rule: Rule, said: str) -> str:
    if rule.until:
        until = in_sentence(date_format(rule.until))
        return _("%(rule)s, until %(date)s") % {"rule": said, "date": until}
    if rule.count:
        text = ngettext("%(rule)s, once", "%(rule)s, %(count)s times", rule.count)
        return text % {"rule": said, "count": rule.count}
    return said


def described_alone(text: str) -> str:
    """The same of a rule whose first date is not known, as a history has it. What the rule leaves
    to that date stays unsaid: "Every 2 weeks"."""
    parts = dict(part.split("=") for part in text.split(";"))
    days, month = parts.get("BYMONTHDAY", ""), int(parts.get("BYMONTH", "1"))
    day = max(map(int, days.split(","))) if days else 0
    first = date(LEAP_YEAR, month, min(max(day, 1), monthrange(LEAP_YEAR, month)[1]))
    if nth := CODE_OF_DAY.search(parts.get("BYDAY", "")):
        first += timedelta((CODES.index(nth.group()) - first.weekday()) % 7)
    rule = Rule.read(text, first)
    is_whole = rule.freq == Freq.DAILY or bool(days) or bool(nth)
    return _until(rule, described_days(rule, first) if is_whole else _how_often(rule))


def _how_often(rule: Rule) -> str:
    text = {
        Freq.WEEKLY: ngettext("Every week", "Every %(count)s weeks", rule.interval),
        Freq.MONTHLY: ngettext("Every month", "Every %(count)s months", rule.interval),
        Freq.YEARLY: ngettext("Every year", "Every %(count)s years", rule.interval),
    }[rule.freq]
    return text % {"count": rule.interval}


def _daily(rule: Rule, first: date) -> str:
    return ngettext("Every day", "Every %(count)s days", rule.interval) % {"count": rule.interval}


def _weekly(rule: Rule, first: date) -> str:
    days = sorted(rule.weekdays_of(first), key=lambda day: (day - rule.week_start) % 7)
    text = ngettext("Every week on %(days)s", "Every %(count)s weeks on %(days)s", rule.interval)
    return text % {"count": rule.interval, "days": _listed([_weekday(day) for day in days])}


def _monthly(rule: Rule, first: date) -> str:
    count, may_be_missing = rule.interval, rule.may_miss_day(first)
    if rule.by == By.WEEKDAY:
        text = ngettext(
            "Every month on the %(day)s", "Every %(count)s months on the %(day)s", count
        )
        return text % {"count": count, "day": _nth_weekday(rule.nth, first.isoweekday())}
    if rule.month_end == MonthEnd.LAST:
        text = ngettext(
            "Every month on the last day", "Every %(count)s months on the last day", count
        )
    elif not may_be_missing:
        text = ngettext(
            "Every month on day %(day)s", "Every %(count)s months on day %(day)s", count
        )
    elif rule.month_end == MonthEnd.CLAMP:
        text = ngettext(
            "Every month on day %(day)s, or on the last day of shorter months",
            "Every %(count)s months on day %(day)s, or on the last day of shorter months",
            count,
        )
    else:
        text = ngettext(
            "Every month on day %(day)s, not in shorter months",
            "Every %(count)s months on day %(day)s, not in shorter months",
            count,
        )
    return text % {"count": count, "day": rule.day_of_month(first)}


def _yearly(rule: Rule, first: date) -> str:
    count, may_be_missing = rule.interval, rule.may_miss_day(first)
    day = min(rule.day_of_month(first), monthrange(LEAP_YEAR, first.month)[1])
    names: dict[str, object] = {
        "count": count,
        "month": in_sentence(str(MONTHS[first.month])),
        "date": in_sentence(date_format(date(LEAP_YEAR, first.month, day), "MONTH_DAY_FORMAT")),
    }
    if rule.by == By.WEEKDAY:
        names["day"] = _nth_weekday(rule.nth, first.isoweekday())
        text = ngettext(
            "Every year on the %(day)s of %(month)s",
            "Every %(count)s years on the %(day)s of %(month)s",
            count,
        )
    elif rule.month_end == MonthEnd.LAST:
        text = ngettext(
            "Every year on the last day of %(month)s",
            "Every %(count)s years on the last day of %(month)s",
            count,
        )
    elif not may_be_missing:
        text = ngettext("Every year on %(date)s", "Every %(count)s years on %(date)s", count)
    elif rule.month_end == MonthEnd.CLAMP:
        text = ngettext(
            "Every year on %(date)s, or on the last day of %(month)s in shorter years",
            "Every %(count)s years on %(date)s, or on the last day of %(month)s in shorter years",
            count,
        )
    else:
        text = ngettext(
            "Every year on %(date)s, not in shorter years",
            "Every %(count)s years on %(date)s, not in shorter years",
            count,
        )
    return text % names


def _nth_weekday(nth: int, weekday: int) -> str:
    """Saturday and Sunday have translations of their own, for languages in which the word for
    "first" depends on the day: "il primo lunedì", "la prima domenica"."""
    if weekday == SATURDAY:
        said = {
            1: pgettext("Saturday", "first %(weekday)s"),
            2: pgettext("Saturday", "second %(weekday)s"),
            3: pgettext("Saturday", "third %(weekday)s"),
            4: pgettext("Saturday", "fourth %(weekday)s"),
            LAST: pgettext("Saturday", "last %(weekday)s"),
        }
    elif weekday == SUNDAY:
        said = {
            1: pgettext("Sunday", "first %(weekday)s"),
            2: pgettext("Sunday", "second %(weekday)s"),
            3: pgettext("Sunday", "third %(weekday)s"),
            4: pgettext("Sunday", "fourth %(weekday)s"),
            LAST: pgettext("Sunday", "last %(weekday)s"),
        }
    else:
        said = {
            1: _("first %(weekday)s"),
            2: _("second %(weekday)s"),
            3: _("third %(weekday)s"),
            4: _("fourth %(weekday)s"),
            LAST: _("last %(weekday)s"),
        }
    return said[nth] % {"weekday": _weekday(weekday)}


def _weekday(day: int) -> str:
    return in_sentence(str(WEEKDAYS[day - 1]))


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    if not others:
        return last
    return _("%(words)s and %(last)s") % {"words": ", ".join(others), "last": last}
