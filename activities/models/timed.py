"""When an activity is: local dates and times as they were meant, and their instants (E2)."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.recurrence import Rule, instant_of, is_on, last_date, occurrences

MIDNIGHT = dt.time(0)
DAY = dt.timedelta(days=1)
LOOKED_BACK = 366 * DAY  # so far for what was missed of a series
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


def validate_day(day: dt.date) -> None:
    """Calendars reckon some days further on both sides."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Give a date between 1900 and 2999."))


class Timed(models.Model):
    """Without times of day an event lasts whole days, `ends_on` included (B11). A series has a
    `rule`, which counts from its `anchor`."""

    is_task = models.BooleanField(_("task"), default=False, editable=False)
    starts_on = models.DateField(_("start date"), validators=[validate_day])
    start_time = models.TimeField(_("start time"), null=True, blank=True)
    ends_on = models.DateField(_("end date"), validators=[validate_day])
    end_time = models.TimeField(_("end time"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=63, editable=False)
    # Instants; of a series those of the occurrence that comes next. Of a task: when its due day or
    # time begins, and when it is over.
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    # When it was over that makes it overdue while it is open: of a series of tasks the last date
    # that passed or, if none did, the next one; of everything else, `ends_at`. None if a series has
    # no date left, and until the hourly round has reckoned it.
    late_at = models.DateTimeField(null=True, editable=False)
    is_long = models.BooleanField(default=False, editable=False)  # more than a day
    rule = models.CharField(_("repeats"), max_length=200, blank=True)
    # Dates that the rule gives and that are not there: taken out, or rows of their own.
    left_out = ArrayField(
        models.DateField(), verbose_name=_("without"), default=list, blank=True, editable=False
    )

    # The anchor of the last occurrence of a series; None if it has no end, or is none.
    last_on = models.DateField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_all_day(self) -> bool:
        """Without a time of day: of a task, any time of its due day will do."""
        return self.end_time is None

    @property
    def anchor(self) -> dt.date:
        """The date that a rule counts from: an event's start, a task's due date."""
        return self.ends_on if self.is_task else self.starts_on

    @property
    def is_series(self) -> bool:
        return bool(self.rule)

    @property
    def repeats(self) -> Rule | None:
        return Rule.read(self.rule, self.anchor) if self.rule else None

    @property
    def last_date(self) -> dt.date | None:
        """The anchor of the last occurrence, as the dates are now; None of a series without end,
        and of one that ends after all days that anybody is shown."""
        rule = self.repeats
        if rule is None:
            return self.anchor
        last = last_date(rule, self.anchor)
        return last if last and last <= LAST_DAY else None

    def occurs(self, on: dt.date) -> bool:
        """Is it a date of this series, and neither taken out nor a row of its own?"""
        rule = self.repeats
        return rule is not None and on not in self.left_out and is_on(rule, self.anchor, on)

    def instants(self, anchor: dt.date | None = None) -> tuple[dt.datetime, dt.datetime]:
        """Start and end (UTC) of the occurrence at `anchor`, by default of the first."""
        moved = (anchor or self.anchor) - self.anchor
        end_day = self.ends_on + moved
        if self.is_task:
            if self.end_time is None:
                return self._at(end_day, MIDNIGHT), self._at(end_day + DAY, MIDNIGHT)
            due = self._at(end_day, self.end_time)
            return due, due
        if self.start_time is None or self.end_time is None:
            start = self._at(self.starts_on + moved, MIDNIGHT)
            return start, self._at(end_day + DAY, MIDNIGHT)
        start = self._at(self.starts_on + moved, self.start_time)
        return start, max(start, self._at(end_day, self.end_time))

    def _at(self, day: dt.date, time: dt.time) -> dt.datetime:
        return instant_of(day, time, self.tz)

    def dates(self, since: dt.date, before: dt.date) -> list[dt.date]:
        """Anchors of the occurrences that a series has from `since` until before `before`."""
        rule = self.repeats
        if rule is None:
            return []
        gone = set(self.left_out)
        found = occurrences(rule, self.anchor, since=since, before=before)
        return [day for day in found if day not in gone]

    @property
    def missed_on(self) -> dt.date | None:
        """Of a series of tasks: its last date that passed and was neither done nor taken out."""
        late_at = self.late_at if self.is_task and self.is_series else None
        if late_at is None or late_at >= timezone.now():
            return None
        day = late_at.astimezone(self.tz).date()
        return day - DAY if self.end_time is None else day

    def late_moment(self, now: dt.datetime) -> dt.datetime | None:
        if not (self.is_task and self.is_series):
            return self.ends_at
        today = now.astimezone(self.tz).date()
        last = min(today, self.last_date or today)
        days = self.dates(max(self.anchor, last - LOOKED_BACK), today + DAY)
        ends = (self.instants(day)[1] for day in reversed(days))
        coming = self.ends_at if self.ends_at >= now else None
        return next((end for end in ends if end < now), coming)

    def next_date(self, today: dt.date) -> dt.date:
        """Of a series: the first occurrence not before `today`, else its last, else its first."""
        rule = self.repeats
        if rule is None:
            return self.anchor
        gone = set(self.left_out)
        for day in occurrences(rule, self.anchor, since=today, before=dt.date.max):
            if day not in gone:
                return day
        return max(self.dates(self.anchor, today), default=self.anchor)
