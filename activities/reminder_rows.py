"""Lines of a form that say when to remind (F0.13, B5)."""

from typing import Any, cast

from django import forms
from django.forms import inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from activities.models import Activity, Wanted
from crm.records.held import RowsInPlace
from crm.ui.choices import NO_CHOICE, field_in_words

HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60
OFFERED = (0, 5, 10, 15, 30, HOUR, 2 * HOUR, 4 * HOUR, DAY, 2 * DAY, WEEK, -HOUR, -DAY)
MOST = 10
UNITS = {
    1: ngettext_lazy("%(count)s minute", "%(count)s minutes", "count"),
    HOUR: ngettext_lazy("%(count)s hour", "%(count)s hours", "count"),
    DAY: ngettext_lazy("%(count)s day", "%(count)s days", "count"),
    WEEK: ngettext_lazy("%(count)s week", "%(count)s weeks", "count"),
}


def offset_words(minutes: int) -> str:
    """ "30 minutes before"; of a task, before it is due."""
    if minutes == 0:
        return _("At the time itself")
    count, unit = _in_units(abs(minutes))
    words = UNITS[unit] % {"count": count}
    told = _("%(how_long)s before") if minutes > 0 else _("%(how_long)s after")
    return told % {"how_long": words}


def _in_units(minutes: int) -> tuple[int, int]:
    unit = next(unit for unit in reversed(UNITS) if minutes % unit == 0)
    return minutes // unit, unit


class WantedRow(forms.ModelForm):
    minutes = forms.TypedChoiceField(label=gettext_lazy("When"), coerce=int, empty_value=None)

    class Meta:
        model = Wanted
        fields = ["minutes", "channel"]
        formfield_callback = field_in_words

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance.minutes
        offered = list(OFFERED) if held in (None, *OFFERED) else sorted([*OFFERED, held])
        choices = [("", NO_CHOICE), *((minutes, offset_words(minutes)) for minutes in offered)]
        cast(forms.ChoiceField, self.fields["minutes"]).choices = choices


Reminders = inlineformset_factory(
    Activity,
    Wanted,
    form=WantedRow,
    formset=RowsInPlace,
    extra=0,
    max_num=MOST,
    absolute_max=10 * MOST,
    validate_max=True,
)
