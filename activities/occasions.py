"""One occurrence of an activity as cards and mails tell of it: in the language and zone that are
active."""

import datetime as dt
import math
from dataclasses import dataclass

from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity
from activities.models.activity import card_address
from activities.models.timed import DAY
from crm.ui.moments import day_words, local

LONG_MINUTES = 90  # beyond that hours are said, or the day
LONG_HOURS = 12


@dataclass(frozen=True)
class Occasion:
    activity: Activity
    on: dt.date  # its anchor
    now: dt.datetime

    @property
    def start(self) -> dt.datetime:
        """Of a task: when it is due."""
        return local(self.activity.instants(self.on)[0])

    @property
    def end(self) -> dt.datetime:
        return local(self.activity.instants(self.on)[1])

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """Whole days are in no zone (B11); of a task, its due day twice."""
        if not self.activity.is_all_day:
            return None
        last = self.activity.ends_on + (self.on - self.activity.anchor)
        return self.on, last

    @property
    def address(self) -> str:
        return card_address(self.activity.pk, self.on if self.activity.is_series else None)

    @property
    def headline(self) -> str:
        """ "In 30 minutes: Visit F.I.A.T." """
        subject = self.activity.subject
        if self.activity.is_task:
            return self._of_task(subject)
        if self.days:
            return _on_days(*self.days, self.today, subject)
        if self.start > self.now:
            return self._coming(subject)
        if self.now < self.end:
            return _("Now: %(subject)s") % {"subject": subject}
        return _at_time(self.start, self.today, subject)

    @property
    def today(self) -> dt.date:
        return local(self.now).date()

    def _coming(self, subject: str) -> str:
        minutes = _minutes(self.start - self.now)
        hours, rest = divmod(minutes, 60)
        if minutes <= LONG_MINUTES:
            text = ngettext(
                "In %(n)d minute: %(subject)s", "In %(n)d minutes: %(subject)s", minutes
            )
            return text % {"n": minutes, "subject": subject}
        if rest == 0 and hours <= LONG_HOURS:
            text = ngettext("In %(n)d hour: %(subject)s", "In %(n)d hours: %(subject)s", hours)
            return text % {"n": hours, "subject": subject}
        return _at_time(self.start, self.today, subject)

    def _of_task(self, subject: str) -> str:
        if self.days:
            return _due_on_day(self.days[0], self.today, subject)
        if self.start <= self.now:
            return _("Overdue: %(subject)s") % {"subject": subject}
        minutes = _minutes(self.start - self.now)
        if minutes <= LONG_MINUTES:
            text = ngettext(
                "Due in %(n)d minute: %(subject)s", "Due in %(n)d minutes: %(subject)s", minutes
            )
            return text % {"n": minutes, "subject": subject}
        return _due_at_time(self.start, self.today, subject)


def _minutes(left: dt.timedelta) -> int:
    """Rounded up: half a minute late it is still the half hour that was asked for."""
    return math.ceil(left / dt.timedelta(minutes=1))


def _on_days(first: dt.date, last: dt.date, today: dt.date, subject: str) -> str:
    facts = {"day": capfirst(day_words(first, with_year=False)), "subject": subject}
    if first <= today <= last:
        return _("Today: %(subject)s") % facts
    if first == today + DAY:
        return _("Tomorrow: %(subject)s") % facts
    return _("%(day)s: %(subject)s") % facts


def _at_time(start: dt.datetime, today: dt.date, subject: str) -> str:
    facts = {
        "day": capfirst(day_words(start.date(), with_year=False)),
        "time": time_format(start),
        "subject": subject,
    }
    if start.date() == today:
        return _("Today at %(time)s: %(subject)s") % facts
    if start.date() == today + DAY:
        return _("Tomorrow at %(time)s: %(subject)s") % facts
    return _("%(day)s at %(time)s: %(subject)s") % facts


def _due_on_day(due: dt.date, today: dt.date, subject: str) -> str:
    facts = {"day": day_words(due, with_year=False), "subject": subject}
    if due < today:
        return _("Overdue: %(subject)s") % facts
    if due == today:
        return _("Due today: %(subject)s") % facts
    if due == today + DAY:
        return _("Due tomorrow: %(subject)s") % facts
    return _("Due on %(day)s: %(subject)s") % facts


def _due_at_time(due: dt.datetime, today: dt.date, subject: str) -> str:
    facts = {
        "day": day_words(due.date(), with_year=False),
        "time": time_format(due),
        "subject": subject,
    }
    if due.date() == today:
        return _("Due today at %(time)s: %(subject)s") % facts
    if due.date() == today + DAY:
        return _("Due tomorrow at %(time)s: %(subject)s") % facts
    return _("Due on %(day)s at %(time)s: %(subject)s") % facts
