"""What a change means to those who take part: what they have to be told."""

import datetime as dt
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from activities.ical import status_of
from activities.models import Activity, catalog

WHEN = {"starts_on", "start_time", "ends_on", "end_time", "rule"}
KNOWN = WHEN | {"subject", "place"}
READ: dict[str, Any] = {"on": dt.date.fromisoformat, "time": dt.time.fromisoformat}
Changes = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class News:
    """What is different to those who take part. `gone` are keys of guests taken off, `left` names
    of ours, `out` is a date taken out of a series, and `back` one that is part of it again."""

    when: bool = False
    place: bool = False
    subject: bool = False
    status: bool = False
    owner: bool = False
    gone: frozenset[int] = frozenset()
    left: frozenset[str] = frozenset()
    out: dt.date | None = None
    back: dt.date | None = None

    @property
    def matters(self) -> bool:
        return self.matters_to_us or self.subject

    @property
    def is_any(self) -> bool:
        return self.matters or bool(self.gone or self.left or self.out)

    @property
    def matters_to_us(self) -> bool:
        return self.when or self.place or self.status or self.back is not None


def news_of(activity: Activity, changes: Changes) -> News:
    found = {change["field"]: change for change in changes}
    names = ("status", "guests", "participants", "left_out")
    status, guests, ours, out = (found.get(name) for name in names)
    return News(
        when=bool(WHEN & found.keys()),
        place="place" in found,
        subject="subject" in found,
        status=status is not None and _is_otherwise(activity, status["old"]),
        owner="owner" in found,
        gone=_keys(guests["old"]) - _keys(guests["new"]) if guests else frozenset(),
        left=frozenset(ours["old"] or ()) - frozenset(ours["new"] or ()) if ours else frozenset(),
        out=dt.date.fromisoformat(out["new"]) if out and out["new"] else None,
        back=dt.date.fromisoformat(out["old"]) if out and out["old"] else None,
    )


def before(activity: Activity, changes: Changes) -> Activity:
    """What, when and where it was."""
    was = copy(activity)
    for change in changes:
        if (name := change["field"]) in KNOWN:
            read = READ.get(name.rpartition("_")[2], str)
            setattr(was, name, read(change["old"]) if change["old"] else None)
    was.rule, was.place = was.rule or "", was.place or ""
    return was


def before_exception(activity: Activity) -> Activity:
    """A new one, as what it was until now: a date of its series."""
    was, series = copy(activity), activity.series
    if series is None or activity.occurs_on is None:
        return was
    moved = activity.occurs_on - series.anchor
    was.starts_on, was.ends_on = series.starts_on + moved, series.ends_on + moved
    for name in ("start_time", "end_time", "zone", "subject", "place"):
        setattr(was, name, getattr(series, name))
    return was


def _is_otherwise(activity: Activity, old: str) -> bool:
    """Would others' calendars show it otherwise than with the status of that name?"""
    now = status_of(activity.category, is_task=activity.is_task)
    shown = {
        status_of(row.category, is_task=activity.is_task)
        for row in catalog().statuses.values()
        if str(row) == old and row.fits(is_task=activity.is_task)
    }
    return shown != {now}


def _keys(pointers: Iterable[dict[str, Any]] | None) -> frozenset[int]:
    return frozenset(pointer["pk"] for pointer in pointers or ())


def news_of_exception(activity: Activity) -> News:
    """Of a new one that differs from its series: what it differs in."""
    series = activity.series
    if series is None or activity.occurs_on is None:
        return News()
    on, is_task = activity.occurs_on, activity.is_task
    times = (activity.is_all_day, *activity.instants())
    asked, now = (set(one.guests.values_list("pk", flat=True)) for one in (series, activity))
    ours, stay = ({str(user) for user in one.participants.all()} for one in (series, activity))
    return News(
        when=times != (series.is_all_day, *series.instants(on)),
        place=activity.place != series.place,
        subject=activity.subject != series.subject,
        status=status_of(activity.category, is_task=is_task)
        != status_of(series.category, is_task=is_task),
        owner=activity.owner_id != series.owner_id,
        gone=frozenset(asked - now),
        left=frozenset(ours - stay),
    )
