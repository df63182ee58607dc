"""Reading what another calendar program answers to an invitation (RFC 5546, 3.2.3)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar

from activities.ical import ANSWERS, uid_of
from activities.models import Attendee

LONGEST = 200_000  # bytes
PLAIN = {said: answer for answer, said in ANSWERS.items() if answer != Attendee.Answer.PENDING}
# What the parser raises on what is no calendar, and we on what says too little.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


@dataclass(frozen=True)
class Reply:
    uid: UUID
    address: str
    answer: Attendee.Answer
    sequence: int
    stamped_at: dt.datetime
    original: dt.date | None = None  # which of a series: a day, or a time
    comment: str = ""

    def on(self, zone: ZoneInfo) -> dt.date | None:
        """The date of the series, by its own clock."""
        if isinstance(self.original, dt.datetime):
            moment = self.original
            return (moment.astimezone(zone) if moment.tzinfo else moment).date()
        return self.original


def read_reply(ics: bytes) -> Reply | None:
    """None for anything else than one answer of one person to something of ours."""
    if len(ics) > LONGEST:
        return None
    try:
        return _read(Calendar.from_ical(ics))
    except UNREADABLE:
        return None


def _read(calendar: Any) -> Reply | None:
    parts = [*calendar.walk("VEVENT"), *calendar.walk("VTODO")]
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(parts) != 1:
        return None
    (part,) = parts
    key = str(part["UID"]).partition("@")[0]
    attendee = part["ATTENDEE"]
    answer = PLAIN.get(str(attendee.params.get("PARTSTAT", "")).upper())
    if answer is None or str(part["UID"]) != uid_of(key):
        return None
    original = part.get("RECURRENCE-ID")
    stamped: dt.datetime = part["DTSTAMP"].dt
    return Reply(
        uid=UUID(key),
        address=unquote(str(attendee)).removeprefix("mailto:").removeprefix("MAILTO:").strip(),
        answer=answer,
        sequence=int(part.get("SEQUENCE", 0)),
        stamped_at=stamped if stamped.tzinfo else stamped.replace(tzinfo=dt.UTC),
        original=original.dt if original else None,
        comment=_comment(part.get("COMMENT", "")),
    )


def _comment(said: Any) -> str:
    return "\n".join(map(str, said)) if isinstance(said, list) else str(said)
