"""What a rule becomes when its first date moves, and which date is which then."""

import datetime as dt
from dataclasses import replace

from activities.models.timed import FIRST_DAY, LAST_DAY
from activities.recurrence import MonthEnd, Rule, occurrences

Dates = dict[dt.date, dt.date]  # of occurrences: what they were, what they are


def moved_rule(rule: Rule, by: dt.timedelta, first: dt.date) -> Rule:
    """The same on other days: Mondays become Tuesdays, a second Tuesday the third Wednesday."""
    days = tuple((day - 1 + by.days) % 7 + 1 for day in rule.weekdays)
    until = rule.until and max(FIRST_DAY, min(LAST_DAY, min(LAST_DAY, rule.until) + by))
    is_last = first.month != (first + dt.timedelta(days=1)).month
    end = rule.month_end if is_last or rule.month_end != MonthEnd.LAST else MonthEnd.CLAMP
    return replace(
        rule, weekdays=days, nth=nth_of(first), month_day=None, until=until, month_end=end
    )


def is_only_moved(old: Rule, old_first: dt.date, new: Rule, new_first: dt.date) -> bool:
    """The same rhythm on other days, whenever it ends."""
    moved = moved_rule(old, new_first - old_first, new_first)
    told = (replace(rule, until=None, count=None).text(new_first) for rule in (moved, new))
    return old_first != new_first and next(told) == next(told)


def nth_of(day: dt.date) -> int:
    """Which of its weekday it is in its month; a fifth is the last."""
    nth = (day.day - 1) // 7 + 1
    return nth if nth < 5 else -1


def renamed(
    old: Rule, old_first: dt.date, new: Rule, new_first: dt.date, days: set[dt.date]
) -> Dates:
    """{a date of the old rule: that of the same number in the new one}."""
    if not days:
        return {}
    last = max(days) + dt.timedelta(days=1)
    before = list(occurrences(old, old_first, since=old_first, before=last))
    now = occurrences(new, new_first, since=new_first, before=dt.date.max)
    return {was: became for was, became in zip(before, now, strict=False) if was in days}
