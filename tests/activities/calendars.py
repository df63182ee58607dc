"""What another program makes of a calendar of ours: an independent parser unfolds it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from django.test import Client
from icalendar import Calendar

from activities.actions import When
from activities.actions.feeds import make_feed
from crm.accounts.models import Team, User
from tests.activities.conftest import ROME

UTC = dt.UTC
Times = tuple[str, str, str]  # what, start, end


def parts(ics: bytes, name: str = "VEVENT") -> list[Any]:
    return list(Calendar.from_ical(ics).walk(name))


def part(ics: bytes, summary: str) -> Any:
    (found,) = [
        one
        for one in (*parts(ics), *parts(ics, "VTODO"))
        if str(one["SUMMARY"]) == summary and "RECURRENCE-ID" not in one
    ]
    return found


def line(one: Any, name: str) -> str:
    """A property as it is written, without its name."""
    written = one[name]
    written = written if isinstance(written, list) else [written]
    return ",".join(item.to_ical().decode() for item in written)


def unfolded(ics: bytes, since: str, before: str, zone: ZoneInfo) -> list[Times]:
    """As `told` does it for the page: what begins or goes on in these days of `zone`."""
    start, end = (
        dt.datetime.combine(dt.date.fromisoformat(day), dt.time(0), zone) for day in (since, before)
    )
    query = recurring_ical_events.of(Calendar.from_ical(ics), components=["VEVENT", "VTODO"])
    found = []
    for one in query.between(start, end):
        if one.get("STATUS") == "CANCELLED":
            continue
        is_task = one.name == "VTODO"
        first = one["DUE"].dt if is_task else one["DTSTART"].dt
        last = first if is_task else (one["DTEND"].dt if "DTEND" in one else first)
        if not isinstance(last, dt.datetime) and not is_task:
            last -= dt.timedelta(days=1)
        found.append((str(one["SUMMARY"]), _text(first, zone), _text(last, zone)))
    return sorted(found)


def _text(value: dt.date, zone: ZoneInfo) -> str:
    if isinstance(value, dt.datetime):
        # By way of UTC: a time that spring leaves out is a later one.
        return value.astimezone(UTC).astimezone(zone).isoformat()[:16]
    return value.isoformat()


def told(items: list[Any]) -> list[Times]:
    return sorted((item.title, item.start, item.end) for item in items)


# --- feeds ----------------------------------------------------------------------------------------
def address(user: User, team: Team | None = None) -> str:
    _feed, token = make_feed(team, actor=User.objects.get(pk=user.pk))
    return f"/calendar/feeds/{token}.ics"


def feed(user: User, team: Team | None = None) -> bytes:
    answer = Client().get(address(user, team))
    assert answer.status_code == 200
    return bytes(answer.content)


def titles(ics: bytes) -> list[str]:
    return sorted(str(one["SUMMARY"]) for one in (*parts(ics), *parts(ics, "VTODO")))


def when(start: str, end: str, zone: ZoneInfo = ROME) -> When:
    first, last = dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)
    return When(first.date(), first.time(), last.date(), last.time(), zone)
