"""What those who take part are told of an activity, and no more than that: what, when, where and
who asks. The mail says it in words, the calendar in it (RFC 5546) to their programs."""

import datetime as dt

from babel.dates import get_timezone_name
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activities.ical import (
    Entry,
    Moment,
    Person,
    organizer_of,
    original_of,
    sequence_of,
    status_of,
    uid_of,
)
from activities.models import Activity, Attendee, Category, Invitee
from activities.recurrence import described
from crm.ui.moments import day_words, local


def is_over(activity: Activity) -> bool:
    """Of a series, when the last one is."""
    last = activity.last_date
    return last is not None and activity.instants(last)[1] < timezone.now()


def has_been(activity: Activity, on: dt.date) -> bool:
    return activity.instants(on)[1] < timezone.now()


# --- in words ------------------------------------------------------------------------------------
def in_short(activity: Activity, zone: dt.tzinfo, on: dt.date | None = None) -> str:
    """When by the clocks of `zone`, where and how often; of a series the next one, or that on `on`
    alone."""
    day = on or activity.next_date(timezone.localdate(timezone=activity.tz))
    repeats = "" if on else repeat_words(activity)
    when = _due_words(activity, day, zone) if activity.is_task else when_words(activity, day, zone)
    return " · ".join(part for part in (when, activity.place, repeats) if part)


def _due_words(activity: Activity, on: dt.date, zone: dt.tzinfo) -> str:
    due = day_words(on) if activity.is_all_day else _moment(local(activity.instants(on)[1], zone))
    return _("due %(when)s") % {"when": due}


def when_words(activity: Activity, on: dt.date, zone: dt.tzinfo | None = None) -> str:
    """By the clocks of the activity's own zone, unless another is given: guests are where it takes
    place."""
    moved = on - activity.anchor
    first = on if activity.is_task else activity.starts_on + moved
    last = activity.ends_on + moved
    if activity.is_all_day:
        if first == last:
            return _("%(day)s, all day") % {"day": day_words(first)}
        return _("%(start)s until %(end)s") % {"start": day_words(first), "end": day_words(last)}
    start, end = (local(moment, zone or activity.tz) for moment in activity.instants(on))
    facts = {"day": day_words(start), "start": time_format(start), "end": time_format(end)}
    if start == end:
        return _("%(day)s, %(start)s") % facts
    if start.date() == end.date():
        return _("%(day)s, %(start)s – %(end)s") % facts
    facts = {"start": _moment(start), "end": _moment(end)}
    return _("%(start)s until %(end)s") % facts


def zone_words(activity: Activity, on: dt.date, zone: dt.tzinfo | None = None) -> str:
    """Whole days are in no zone (B11)."""
    if activity.is_all_day:
        return ""
    start = local(activity.instants(on)[0], zone or activity.tz)
    name: str = get_timezone_name(start, width="long", locale=get_language() or "en")
    return name


def repeat_words(activity: Activity) -> str:
    rule = activity.repeats
    return described(rule, activity.anchor) if rule else ""


def _moment(moment: dt.datetime) -> str:
    return _("%(day)s, %(time)s") % {"day": day_words(moment), "time": time_format(moment)}


# --- for programs --------------------------------------------------------------------------------
def entries_for(
    activity: Activity, guest: Invitee, *, is_off: bool, on: dt.date | None = None
) -> list[Entry]:
    """`on` is one of a series that is taken out. A series comes with those of it that differ."""
    if is_off:
        return [_entry(activity, guest, "", is_off=True, on=on)]
    answers = {row.activity_id: row for row in _places_of(activity, guest)}
    own = answers.pop(activity.pk, None)
    others = list(answers.values())
    told = {row.activity.occurs_on for row in others}
    left_out = tuple(day for day in activity.left_out if day not in told)
    return [
        _entry(activity, guest, own.answer if own else "", left_out=left_out),
        *(_entry(row.activity, guest, row.answer) for row in others),
    ]


def _places_of(activity: Activity, guest: Invitee) -> list[Attendee]:
    rows = Attendee.objects.of(guest).select_related("activity__owner", "activity__series")
    own = list(rows.filter(activity=activity))
    if not activity.is_series:
        return own
    others = rows.filter(activity__series=activity, activity__trashed_at__isnull=True)
    return own + list(others.exclude(activity__category=Category.CANCELLED))


def _entry(
    activity: Activity,
    guest: Invitee,
    answer: str,
    *,
    is_off: bool = False,
    on: dt.date | None = None,
    left_out: tuple[dt.date, ...] = (),
) -> Entry:
    moved = on - activity.anchor if on else dt.timedelta(0)
    category = Category.CANCELLED if is_off else activity.category
    now = timezone.now()
    return Entry(
        uid=uid_of(activity.uid),
        sequence=sequence_of(activity),
        changed_at=now,
        stamped_at=now,
        is_task=activity.is_task,
        start=Moment(activity.starts_on + moved, activity.start_time, activity.zone),
        end=Moment(activity.ends_on + moved, activity.end_time, activity.zone),
        subject=activity.subject,
        status=status_of(category, is_task=activity.is_task),
        rule="" if on else activity.rule,
        left_out=left_out,
        original=original_of(activity, on),
        place=activity.place,
        organizer=organizer_of(activity),
        people=(Person(guest.name, guest.email, answer or Attendee.Answer.PENDING),),
    )
