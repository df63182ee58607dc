"""What the list does with many activities at once (F3.13): close them, move them to a day."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.actions import Reach, change_activity
from activities.models import OPEN_CATEGORIES, Activity, ActivityStatus, catalog
from activities.models.timed import validate_day
from crm.accounts.models import User
from crm.records.bulk import Change, Verb
from crm.records.bulk_forms import BulkForm
from crm.records.custom_forms import DateInput
from crm.records.errors import ActionRefused
from crm.records.history import events_of

NEXT, WHOLE, SKIP = "next", "whole", "skip"
OF_SERIES = [
    (NEXT, gettext_lazy("Only the date that is due")),
    (WHOLE, gettext_lazy("The whole series")),
    (SKIP, gettext_lazy("Leave series as they are")),
]


class SeriesForm(BulkForm):
    """Which part of a series is meant is asked here as everywhere (B9)."""

    series = forms.ChoiceField(label=gettext_lazy("Of a series"), choices=OF_SERIES, initial=NEXT)

    @property
    def params(self) -> dict[str, Any]:
        return {"series": self.cleaned_data["series"], "asked_at": timezone.now().isoformat()}


class CloseForm(SeriesForm):
    category = forms.ChoiceField(label=gettext_lazy("Close as"))
    field_order = ("category", "series")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closing: dict[str, str] = {}  # each as its first status is called
        for row in catalog().statuses.values():
            if row.is_active and row.category not in OPEN_CATEGORIES:
                closing.setdefault(row.category, str(row))
        cast(forms.ChoiceField, self.fields["category"]).choices = list(closing.items())

    @property
    def params(self) -> dict[str, Any]:
        return super().params | {"category": self.cleaned_data["category"]}


class MoveForm(SeriesForm):
    day = forms.DateField(
        label=gettext_lazy("To the day"),
        widget=DateInput(),
        validators=[validate_day],
        help_text=gettext_lazy("The time of day stays. Of a task it is the day when it is due."),
    )
    field_order = ("day", "series")

    @property
    def params(self) -> dict[str, Any]:
        return super().params | {"day": self.cleaned_data["day"].isoformat()}


def _changing(change: Callable[[Activity], None], params: dict[str, Any], actor: User) -> Change:
    """A second run of the same job finds in the history or by an exception what is done already."""
    asked_at = parse_datetime(params["asked_at"])
    today = timezone.localdate(timezone=actor.tz)

    def one(activity: Activity) -> None:
        if not activity.is_series:
            change_activity(activity, change, actor=actor)
            return
        on = activity.missed_on or activity.next_date(today)
        if params["series"] == SKIP:
            raise ActionRefused(_("A series was to stay as it is."))
        if params["series"] == WHOLE:
            done = events_of(activity).filter(verb="changed", actor=actor, at__gt=asked_at)
            if not done.exists():
                # The others go along, and so does the rule.
                there = on if activity.occurs(on) else None
                change_activity(activity, change, actor=actor, on=there, reach=Reach.ALL)
        elif not activity.exceptions.filter(created_at__gte=asked_at).exists():
            change_activity(activity, change, actor=actor, on=on, reach=Reach.ONE)

    return one


def _close(params: dict[str, Any], actor: User) -> Change:
    statuses: dict[bool, ActivityStatus | None] = {
        is_task: catalog().status_in(params["category"], is_task=is_task)
        for is_task in (True, False)
    }

    def close(activity: Activity) -> None:
        status = statuses[activity.is_task]
        if status is None:
            raise ActionRefused(_("This status is not offered here."))
        activity.status = status

    return _changing(close, params, actor)


def _move(params: dict[str, Any], actor: User) -> Change:
    day = dt.date.fromisoformat(params["day"])

    def move(activity: Activity) -> None:
        by = day - activity.anchor
        activity.starts_on += by
        activity.ends_on += by

    return _changing(move, params, actor)


VERBS = {
    "close": Verb(
        "change",
        gettext_lazy("Close"),
        _close,
        lambda n: ngettext("%(count)s closed", "%(count)s closed", n) % {"count": n},
        lambda params, actor: Q(category=params["category"], trashed_at__isnull=True),
        lambda n: ngettext("%(shown)s activity is closed.", "%(shown)s activities are closed.", n),
        CloseForm,
    ),
    "move": Verb(
        "change",
        gettext_lazy("Move"),
        _move,
        lambda n: ngettext("%(count)s moved", "%(count)s moved", n) % {"count": n},
        lambda params, actor: Q(pk__in=()),
        lambda n: ngettext(
            "%(shown)s activity goes to another day.",
            "%(shown)s activities go to another day.",
            n,
        ),
        MoveForm,
    ),
}
