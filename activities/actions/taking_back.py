"""Dates that were taken out of a series, or made other than it, are part of it again (E2)."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.inviting import dismiss
from activities.actions.series import lock
from activities.models import Activity
from activities.news import news_of_exception
from crm.accounts.models import User
from crm.records.actions import record_event
from crm.records.actions.saving import tell_saved
from crm.records.errors import ActionRefused, Outdated


@transaction.atomic
def put_back(activity: Activity, on: dt.date, *, actor: User) -> Activity:
    """A date that was taken out of a series is part of it again."""
    stored = lock(activity, None)
    if on not in stored.left_out or stored.exceptions.filter(occurs_on=on).exists():
        raise ActionRefused(_("This date is part of the series already."))
    take_in(stored, on, actor=actor)
    return stored


@transaction.atomic
def rejoin(activity: Activity, *, actor: User, expected_version: int | None = None) -> Activity:
    """Take back what made one date differ from its series: the date is part of it again, and the
    row that stood for it goes to the trash as one of its own, so that nothing is in the date's way
    and what was written on it is not lost. Answers the series.

    Who takes part hears of the series only if they were told of the difference.
    """
    if activity.series is None:
        raise ActionRefused(_("This date is part of the series already."))
    series = lock(activity.series, None)
    one = lock(activity, expected_version)
    if one.series_id != series.pk or one.occurs_on is None:
        raise Outdated
    on, news = one.occurs_on, news_of_exception(one)
    _dismiss_newcomers(one, series, actor)
    one.series = one.occurs_on = None
    one.uid = uuid.uuid4()  # others' calendars know the old one as the series'
    one.trashed_at, one.trashed_by = timezone.now(), actor
    one.version += 1
    one.save()
    one.after_trashing()
    record_event(one, "trashed", actor=actor)
    is_told = news.matters or news.owner or bool(news.gone or news.left)
    take_in(series, on, actor=actor if is_told else None)
    return series


def _dismiss_newcomers(one: Activity, series: Activity, actor: User) -> None:
    """Who was asked to this date alone."""
    known = set(series.attendees.values_list("user", "contact")) | {(series.owner_id, None)}
    rows = one.attendees.select_related("user", "contact")
    dismiss(one, [row.person for row in rows if (row.user_id, row.contact_id) not in known], actor)


def take_in(series: Activity, on: dt.date, *, actor: User | None) -> None:
    """The other way round of `leave_out`, and told in the same way."""
    series.left_out = [day for day in series.left_out if day != on]
    series.version += 1
    series.sequence += 1
    series.save()
    series.after_write()
    if actor is not None:
        change = {"field": "left_out", "old": on.isoformat(), "new": None}
        tell_saved(series, "changed", actor, [change])
