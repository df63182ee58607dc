"""The free/busy finder: "the next 90 minutes when these three are free within working hours"."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.clashes import span_of, takes_time
from activities.hours import Hours, Span, holidays_of, working_spans
from activities.models.timed import validate_day
from activities.reading import Asked, read_calendars
from activities.recurrence import instant_of
from activities.sharing import Level, levels_for
from activities.slots import slots
from crm.accounts.models import Organisation, User
from crm.records.custom_forms import DateInput
from crm.records.forms import PeopleChoice
from crm.ui.layout import Fields, helper

LOOKED_AT = dt.timedelta(days=60)


class FreeForm(forms.Form):
    people = PeopleChoice(label=_("People"))
    minutes = forms.IntegerField(label=_("For how many minutes"), min_value=5, max_value=1440)
    day = forms.DateField(label=_("Starting on"), widget=DateInput(), validators=[validate_day])

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"people": [actor.pk], "minutes": 60, "day": timezone.localdate()}
        super().__init__(*args, **kwargs)
        self.helper = helper("people", Fields("minutes", "day"))

    def clean_people(self) -> list[User]:
        people = list(self.cleaned_data["people"])
        if not people:
            raise forms.ValidationError(_("Choose somebody."))
        return people


@dataclass(frozen=True)
class FreeTimes:
    slots: list[Span]
    silent: list[User]  # who do not share when they are busy
    is_known: bool = True  # of at least one of them it is known


def free_slots(people: list[User], minutes: int, day: dt.date, *, reader: User) -> FreeTimes:
    """Within the working hours of each, without the organisation's holidays. What the reader may
    not know of a private calendar cannot be reckoned with: those people are named as silent."""
    levels = levels_for(reader)
    silent = [person for person in people if levels.of(person.pk) is Level.NONE]
    known = [person for person in people if person not in silent]
    before = day + LOOKED_AT
    asked = Asked(
        reader=reader,
        since=day,
        before=before,
        zone=reader.tz,
        people=[person.pk for person in known],
        with_tasks=False,
    )
    items = [item for item in read_calendars(asked, levels).items if takes_time(item)]
    off = holidays_of(Organisation.get().holiday_countries, day, before, "en")
    times = []
    for person in known:
        busy = []
        for item in items:
            if person.pk in item.people:
                start, end = span_of(item)
                busy.append(Span(_instant(start, reader), _instant(end, reader)))
        hours = Hours(
            frozenset(person.working_days), person.work_starts_at, person.work_ends_at, person.tz
        )
        times.append((working_spans(hours, day, before, off), busy))
    if not times:
        return FreeTimes([], silent, is_known=False)
    since = max(timezone.now(), instant_of(day, dt.time(0), reader.tz))
    length = dt.timedelta(minutes=minutes)
    return FreeTimes(slots(times, length=length, since=since, zone=reader.tz), silent)


def _instant(moment: dt.datetime, reader: User) -> dt.datetime:
    return instant_of(moment.date(), moment.time(), reader.tz)
