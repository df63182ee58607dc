"""Events and tasks as other programs read them (RFC 5545): feeds and invitations.

Everything that is written is in an `Entry`. Times are told as they are kept, by the clock of the
activity's own zone, so that they stay right for as long as a series goes on (E2).
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event, Todo, vCalAddress, vRecur, vText
from icalendar.timezone.tzid import is_utc

from activities.models import Activity, Attendee, Category
from activities.models.timed import DAY
from activities.recurrence import Rule, instant_of
from activities.vtimezone import vtimezone

PRODUCT = "-//Bottega//Bottega//EN"
ASKED_AGAIN_AFTER = dt.timedelta(hours=1)  # by programs that read a feed
MORNING = 9 * 60  # minutes: whole days are reminded of from nine o'clock on (E3)
# What no text of a calendar may have, and what some programs take for the end of a line.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
OF_EVENTS = {Category.WAITING: "TENTATIVE", Category.CANCELLED: "CANCELLED"}
OF_TASKS = {
    Category.ACTIVE: "IN-PROCESS",
    Category.DONE: "COMPLETED",
    Category.NOT_DONE: "CANCELLED",
    Category.CANCELLED: "CANCELLED",
}
ANSWERS = {
    Attendee.Answer.PENDING: "NEEDS-ACTION",
    Attendee.Answer.ACCEPTED: "ACCEPTED",
    Attendee.Answer.TENTATIVE: "TENTATIVE",
    Attendee.Answer.DECLINED: "DECLINED",
}
PRIORITIES = {Activity.Priority.HIGH: 1, Activity.Priority.MEDIUM: 5, Activity.Priority.LOW: 9}
ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


class Text(vText):
    """Escaped as RFC 5545 3.3.11 says. The library takes `\\N` of a plain text, as paths such as
    `C:\\Notes` have it, for the end of a line."""

    def to_ical(self) -> bytes:
        return self.translate(ESCAPED).encode()


@dataclass(frozen=True)
class Moment:
    """A day, and a time of it by the clock of a zone; without a time, the whole day (B11)."""

    day: dt.date
    time: dt.time | None
    zone: str

    @property
    def value(self) -> dt.date:
        if self.time is None:
            return self.day
        return dt.datetime.combine(self.day, self.time, ZoneInfo(self.zone))

    @property
    def instant(self) -> dt.datetime:
        return instant_of(self.day, self.time or dt.time(0), ZoneInfo(self.zone))


@dataclass(frozen=True)
class Person:
    name: str
    address: str  # e-mail
    answer: str = ""


@dataclass(frozen=True)
class Entry:
    uid: str
    sequence: int
    changed_at: dt.datetime
    stamped_at: dt.datetime
    is_task: bool
    start: Moment
    end: Moment  # of whole days the last one; of a task when it is due
    subject: str
    status: str = ""
    rule: str = ""
    left_out: tuple[dt.date, ...] = ()  # without those that are entries of their own
    original: Moment | None = None  # of one that differs from its series: where it would have been
    place: str = ""
    text: str = ""
    url: str = ""
    category: str = ""
    priority: int = 0
    organizer: Person | None = None
    people: tuple[Person, ...] = ()
    reminders: tuple[int, ...] = ()  # minutes before
    is_private: bool = False
    is_free: bool = False

    @property
    def anchor(self) -> Moment:
        return self.end if self.is_task else self.start

    def moments(self) -> list[Moment]:
        return [moment for moment in (self.start, self.end, self.original) if moment]


def uid_of(key: object) -> str:
    return f"{key}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def organizer_of(activity: Activity) -> Person:
    """The one responsible; of what nobody has taken yet, the team, which has no address."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    owner = activity.owner
    if owner is None:
        return Person(str(activity.team or ""), sender)
    return Person(owner.name, owner.email or sender)


def sequence_of(activity: Activity) -> int:
    """One that differs from its series is newer than the series as it was then."""
    return activity.sequence + (activity.series.sequence if activity.series else 0)


def original_of(activity: Activity, on: dt.date | None = None) -> Moment | None:
    """Where one that differs from its series would have been; `on` is a date of a series itself."""
    series, day = (activity, on) if on else (activity.series, activity.occurs_on)
    if series is None or day is None:
        return None
    return Moment(day, series.end_time if series.is_task else series.start_time, series.zone)


def status_of(category: str, *, is_task: bool) -> str:
    if is_task:
        return OF_TASKS.get(Category(category), "NEEDS-ACTION")
    return OF_EVENTS.get(Category(category), "CONFIRMED")


def calendar_of(entries: Iterable[Entry], *, name: str = "", method: str = "") -> bytes:
    """`method` says that it is a message about them (RFC 5546), and without that it is none."""
    rows = list(entries)
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if method:
        calendar.add("METHOD", method)
    if name:
        calendar.add("NAME", Text(in_a_line(name)))
        calendar.add("X-WR-CALNAME", Text(in_a_line(name)))
        calendar.add("REFRESH-INTERVAL", ASKED_AGAIN_AFTER, {"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", "PT1H")
    for key, since in sorted(_zones(rows).items()):
        calendar.add_component(vtimezone(key, since, timezone.now().year))
    for entry in rows:
        calendar.add_component(_component(entry))
    text: bytes = calendar.to_ical()
    return text


def clean(text: str) -> str:
    return FORBIDDEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_a_line(text: str) -> str:
    return " ".join(clean(text).split())


def _zones(entries: Sequence[Entry]) -> dict[str, int]:
    """{zone that times are told in: the first year}."""
    found: dict[str, int] = {}
    for entry in entries:
        for moment in entry.moments():
            if moment.time is not None:
                year = moment.day.year
                found[moment.zone] = min(found.get(moment.zone, year), year)
    return {key: year for key, year in found.items() if not is_utc(ZoneInfo(key))}


def _component(entry: Entry) -> Event | Todo:
    made = Todo() if entry.is_task else Event()
    made.add("UID", entry.uid)
    made.add("SEQUENCE", entry.sequence)
    made.add("DTSTAMP", entry.stamped_at)
    made.add("LAST-MODIFIED", entry.changed_at)
    made.add("SUMMARY", Text(clean(entry.subject)))
    _add_times(made, entry)
    _add_repeats(made, entry)
    for key, value in (
        ("STATUS", entry.status),
        ("LOCATION", Text(clean(entry.place))),
        ("DESCRIPTION", Text(clean(entry.text))),
        ("URL", entry.url),
        ("PRIORITY", entry.priority),
    ):
        if value:
            made.add(key, value)
    if entry.category:
        made.add("CATEGORIES", Text(clean(entry.category)))
    if entry.is_private:
        made.add("CLASS", "PRIVATE")
    if not entry.is_task:
        made.add("TRANSP", "TRANSPARENT" if entry.is_free else "OPAQUE")
    _add_people(made, entry)
    for minutes in entry.reminders:
        made.add_component(_alarm(entry, minutes))
    return made


def _add_times(made: Event | Todo, entry: Entry) -> None:
    if entry.is_task:
        _add_due(made, entry)
        return
    made.add("DTSTART", entry.start.value)
    if entry.end.time is None:
        made.add("DTEND", entry.end.day + DAY)
    elif entry.end.instant > entry.start.instant:  # one without length has no end (3.6.1)
        made.add("DTEND", entry.end.value)


def _add_due(made: Event | Todo, entry: Entry) -> None:
    """A series counts from DTSTART, and tasks of ours from the due date."""
    start = entry.end
    if not entry.rule and entry.original is None:
        time = dt.time(0) if entry.end.time else None
        start = Moment(entry.start.day, time, entry.end.zone)
    made.add("DTSTART", start.value)
    made.add("DUE", entry.end.value)


def _add_repeats(made: Event | Todo, entry: Entry) -> None:
    if entry.original is not None:
        made.add("RECURRENCE-ID", entry.original.value)
    if not entry.rule:
        return
    anchor = entry.anchor
    rule, until = vRecur.from_ical(entry.rule), Rule.read(entry.rule, anchor.day).until
    if until:
        last = Moment(until, anchor.time, anchor.zone)
        rule["UNTIL"] = [until if anchor.time is None else last.instant]
    made.add("RRULE", rule)
    for day in entry.left_out:
        made.add("EXDATE", Moment(day, anchor.time, anchor.zone).value)


def _add_people(made: Event | Todo, entry: Entry) -> None:
    if entry.organizer is None:
        return
    made.add("ORGANIZER", _address(entry.organizer), encode=False)
    for person in entry.people:
        address = _address(person)
        address.params["ROLE"] = "REQ-PARTICIPANT"
        address.params["PARTSTAT"] = ANSWERS[Attendee.Answer(person.answer)]
        address.params["RSVP"] = "TRUE"
        made.add("ATTENDEE", address, encode=False)


def _address(person: Person) -> Any:
    address = vCalAddress(f"mailto:{person.address}")
    address.params["CN"] = in_a_line(person.name).replace('"', "'")
    return address


def _alarm(entry: Entry, minutes: int) -> Alarm:
    """Of a task, before it is due. A day as such begins at midnight."""
    shift = MORNING if entry.anchor.time is None else 0
    made = Alarm()
    made.add("ACTION", "DISPLAY")
    made.add("DESCRIPTION", Text(clean(entry.subject)))
    related = {"RELATED": "END"} if entry.is_task else {}
    made.add("TRIGGER", dt.timedelta(minutes=shift - minutes), related)
    return made
