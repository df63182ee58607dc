"""What addresses and posts say of times, people and occurrences."""

import datetime as dt
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from activities.actions import Reach, When
from activities.models import Activity
from activities.models.timed import FIRST_DAY, LAST_DAY
from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.errors import ActionRefused
from crm.ui.keys import key_in

MOST_KEYS = 500


def day_in(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def moment_in(text: str) -> tuple[dt.date, dt.time | None] | None:
    """A day ("2026-11-26") or a time of one ("2026-11-26T10:00"); None for anything else."""
    try:
        if "T" not in text:
            return dt.date.fromisoformat(text), None
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return None
    return moment.date(), moment.time().replace(second=0, microsecond=0)


def keys_in(text: str) -> list[int]:
    """ "7,9,-2": people, and teams below zero."""
    found = []
    for part in text.split(",")[:MOST_KEYS]:
        key = key_in(part.removeprefix("-"))
        if key is not None:
            found.append(-key if part.startswith("-") else key)
    return list(dict.fromkeys(found))


def when_in(data: QueryDict, reader: User) -> When:
    """Raises ActionRefused for what is no time."""
    start, end = moment_in(data.get("start", "")), moment_in(data.get("end", ""))
    if start is None or end is None:
        raise ActionRefused(_("This is not a time."))
    is_all_day = data.get("all_day") == "1"
    start_time, end_time = (None, None) if is_all_day else (start[1], end[1])
    return When(start[0], start_time, end[0], end_time, reader.tz)


def occurrence_in(data: QueryDict, activity: Activity) -> dt.date | None:
    """The date of the occurrence that is meant; None of what is no series. Raises Http404 for a
    date that is not one of it."""
    text = data.get("on", "")
    if not activity.is_series or not text:
        return None
    day = day_in(text)
    if day is None or not FIRST_DAY <= day <= LAST_DAY or not activity.occurs(day):
        raise Http404(_("This date is not part of the series any more."))
    return day


def reach_in(data: QueryDict) -> Reach:
    asked = data.get("reach") or data.get("scope")
    return Reach(asked) if asked in set(Reach) else Reach.ONE


def version_in(data: QueryDict) -> int | None:
    return key_in(data.get("version", ""))


def people_in(data: QueryDict) -> tuple[User | None, User] | None:
    """From whose calendar (None: a team's) to whose; None if it stays in one. Raises
    ActionRefused."""
    giver, taker = key_in(data.get("from_person", "")), key_in(data.get("to_person", ""))
    if taker is None or giver == taker:
        return None
    found = User.objects.in_bulk([key for key in (giver, taker) if key is not None])
    if taker not in found or (giver is not None and giver not in found):
        raise ActionRefused(_("This person is not here any more."))
    return found.get(giver or 0), found[taker]


def wants_json(request: UserRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def start_and_end(request: UserRequest) -> dict[str, Any]:
    """`initial` of a form from ?start=…&end=…&all_day=1."""
    start, end = (moment_in(request.GET.get(name, "")) for name in ("start", "end"))
    facts: dict[str, Any] = {}
    if start:
        facts |= {"starts_on": start[0], "start_time": start[1], "all_day": start[1] is None}
        end = end or start
    if end:
        facts |= {"ends_on": end[0], "end_time": end[1]}
    return facts
