"""Double booking that the database itself refuses (B13)."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.catalog import ActivityType, catalog
from activities.models.slot import people_on
from crm.records.errors import ActionRefused

if TYPE_CHECKING:
    from activities.models.activity import Activity

AHEAD = dt.timedelta(days=366)


class Booking(models.Model):
    """The time that an activity of a type that is not to meet another one of such a type takes of
    a person; of a series, one for each occurrence of the coming year."""

    activity = models.ForeignKey("Activity", models.CASCADE, related_name="bookings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    span = DateTimeRangeField()

    class Meta:
        verbose_name = gettext_lazy("booked time")
        verbose_name_plural = gettext_lazy("booked times")
        constraints = [
            ExclusionConstraint(
                name="nobody_is_booked_twice",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} @ {self.person_id}"


def book(activity: "Activity") -> None:
    """Bring the rows of an activity up to date. Raises ActionRefused where somebody is booked at
    that time already; the constraint says so even of what another transaction is about to do."""
    wanted = {
        (person, span.lower, span.upper): span
        for person in (people_on(activity) if takes_all(activity) else ())
        for span in spans_ahead(activity)
    }
    stale = []
    for row in Booking.objects.filter(activity=activity):
        if wanted.pop((row.person_id, row.span.lower, row.span.upper), None) is None:
            stale.append(row.pk)
    if stale:
        Booking.objects.filter(pk__in=stale).delete()
    if not wanted:
        return
    _make_room(activity)
    rows = [Booking(activity=activity, person_id=key[0], span=s) for key, s in wanted.items()]
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(sorted(rows, key=lambda row: (row.person_id, row.span)))
    except IntegrityError as problem:
        raise ActionRefused(_refusal(rows)) from problem


def _make_room(activity: "Activity") -> None:
    """An exception takes the place of a date that its series still has at this moment. It gives it
    up right after, and is booked anew with what it keeps."""
    series = activity.series
    if series and activity.occurs_on and series.occurs(activity.occurs_on):
        span = DateTimeTZRange(*series.instants(activity.occurs_on))
        Booking.objects.filter(activity=series, span=span).delete()


def takes_all(activity: "Activity") -> bool:
    """Does nothing else of its kind fit beside it?"""
    type_ = catalog().types[activity.type_id]
    is_alone = type_.overlap == ActivityType.Overlap.BLOCK
    return is_alone and not activity.is_trashed and activity.takes_time


def spans_ahead(activity: "Activity") -> list[DateTimeTZRange]:
    """Of a series, from today for a year."""
    if not activity.is_series:
        return _spans([activity.instants()])
    today = timezone.localdate(timezone=activity.tz)
    return _spans(activity.instants(day) for day in activity.dates(today, today + AHEAD))


def _spans(times: Iterable[tuple[dt.datetime, dt.datetime]]) -> list[DateTimeTZRange]:
    """What takes no time takes none of anybody's."""
    return [DateTimeTZRange(start, end) for start, end in times if start < end]


def _refusal(rows: list[Booking]) -> str:
    for row in rows:
        met = Booking.objects.filter(person=row.person_id, span__overlap=row.span)
        if other := met.select_related("person").first():
            return _("%(name)s is booked at that time already.") % {"name": other.person.name}
    return _("Somebody is booked at that time already.")
