"""What an activity would meet in the calendars of those who take part, said before it is saved
(B13, E7). Only what the reader may know: of a private calendar nothing is said."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityType, Attendee, Booking, catalog
from activities.models.booking import spans_ahead
from activities.models.timed import DAY, MIDNIGHT
from activities.reading import Asked, Item, read_calendars
from activities.sharing import Level, levels_for
from crm.accounts.models import User

LOOKED_AT = 40  # occurrences of a series
AHEAD = dt.timedelta(days=190)
SHOWN = 5


@dataclass(frozen=True)
class Clash:
    person: str
    title: str  # "" where only that they are busy may be known
    start: dt.datetime  # on the reader's clock, naive
    end: dt.datetime

    def __str__(self) -> str:
        title = self.title or _("busy")
        return f"{self.person}: {title}, {span_words(self.start, self.end)}"


def span_words(start: dt.datetime, end: dt.datetime) -> str:
    """Whole days by their names; a time by its day, the end's too where it is another one."""
    first, last = date_format(start, "D j M"), date_format(end, "D j M")
    if start.time() == end.time() == MIDNIGHT:
        last = date_format(end - DAY, "D j M")
        return first if first == last else f"{first} – {last}"
    since, until = time_format(start.time()), time_format(end.time())
    return f"{first} {since}–{until}" if first == last else f"{first} {since} – {last} {until}"


def clashes(activity: Activity, people: Iterable[User], reader: User) -> list[Clash]:
    """The first few that it meets; none of what is allowed to meet anything."""
    names = {person.pk: person.name for person in people}
    if not names or not _would_take_time(activity):
        return []
    times = list(times_of(activity, reader))
    if not times:
        return []
    asked = Asked(
        reader=reader,
        since=min(start for start, _end in times).date() - DAY,
        before=max(end for _start, end in times).date() + DAY,
        zone=reader.tz,
        people=list(names),
        with_tasks=False,
    )
    items = [
        item
        for item in read_calendars(asked, levels_for(reader)).items
        if takes_time(item) and not belongs_to(item, activity)
    ]
    found = [
        Clash(names[key], item.title, *span_of(item))
        for start, end in times
        for item in items
        for key in item.people
        if key in names and span_of(item)[0] < end and span_of(item)[1] > start
    ]
    return list(dict.fromkeys(found))[:SHOWN]


def _would_take_time(activity: Activity) -> bool:
    """By the status that it is about to have: its category follows when it is saved."""
    category = catalog().statuses[activity.status_id].category
    return catalog().takes_time(activity.type_id, category, is_task=activity.is_task)


def times_of(activity: Activity, reader: User) -> Iterable[tuple[dt.datetime, dt.datetime]]:
    """On the reader's clock, naive: as items have them."""
    anchors = [activity.anchor]
    if activity.is_series:
        today = max(activity.anchor, timezone.localdate(timezone=activity.tz))
        anchors = list(islice(activity.dates(today, today + AHEAD), LOOKED_AT))
    for anchor in anchors:
        start, end = activity.instants(anchor)
        if start < end:
            yield _naive(start, reader), _naive(end, reader)


def _naive(moment: dt.datetime, reader: User) -> dt.datetime:
    return moment.astimezone(reader.tz).replace(tzinfo=None)


def span_of(item: Item) -> tuple[dt.datetime, dt.datetime]:
    if "a" in item.flags:
        end = dt.datetime.fromisoformat(item.end) + DAY
        return dt.datetime.fromisoformat(item.start), end
    return dt.datetime.fromisoformat(item.start), dt.datetime.fromisoformat(item.end)


def takes_time(item: Item) -> bool:
    """Is who has it busy? What is only busy has no type and no status."""
    if "b" in item.flags:
        return True
    category = catalog().statuses[item.status].category
    return catalog().takes_time(item.type, category, is_task="t" in item.flags)


def belongs_to(item: Item, activity: Activity) -> bool:
    """Is it this one, or another date of the same series?"""
    return str(item.key).partition("/")[0] in map(str, _own_keys(activity))


def _own_keys(activity: Activity) -> set[int | None]:
    return {activity.pk, activity.series_id, activity.cut_from} - {None}


# --- what no "anyway" helps against --------------------------------------------------------------
def refusal(activity: Activity, people: Iterable[User], reader: User) -> str:
    """Why it cannot be: somebody is booked by a type that goes together with none of its kind. ""
    if nothing is in its way, as far as one can know before; the database has the last word (B13).
    The time is told only of calendars that are not private."""
    if not (_is_alone(activity) and _would_take_time(activity)):
        return ""
    spans = spans_ahead(activity)
    if not spans:
        return ""
    whole = DateTimeTZRange(min(s.lower for s in spans), max(s.upper for s in spans))
    answers = Attendee.objects.filter(activity=activity.pk, answer=Attendee.Answer.DECLINED)
    busy = {person.pk for person in people} - {*answers.values_list("user", flat=True)}
    met = Booking.objects.filter(person__in=busy, span__overlap=whole)
    met = met.exclude(activity__in=_own_keys(activity)).select_related("person")
    for row in met.order_by("span"):
        if any(row.span.lower < span.upper and span.lower < row.span.upper for span in spans):
            return _told(row, reader)
    return ""


def _is_alone(activity: Activity) -> bool:
    return catalog().types[activity.type_id].overlap == ActivityType.Overlap.BLOCK


def _told(row: Booking, reader: User) -> str:
    if levels_for(reader).of(row.person_id) is Level.NONE:
        return _("%(name)s is booked at that time already.") % {"name": row.person.name}
    when = span_words(_naive(row.span.lower, reader), _naive(row.span.upper, reader))
    return _("%(name)s is booked at that time already: %(when)s.") % {
        "name": row.person.name,
        "when": when,
    }
