"""The part of a form that says how an activity repeats; the same everywhere (B7, B8)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.timed import validate_day
from activities.recurrence import By, Freq, MonthEnd, Rule
from activities.shifts import nth_of
from crm.accounts.forms import weekdays
from crm.accounts.models import Organisation
from crm.records.custom_forms import DateInput

MOST = 999
NAMES = (
    *("repeat", "every", "weekdays", "monthly_by", "month_end"),
    *("repeat_end", "repeat_until", "repeat_count"),
)


class RepeatFields(forms.Form):
    """`repeats_of(first)` is the rule that was chosen, None for none. Declared fields are taken
    over by the forms that inherit them."""

    repeat = forms.ChoiceField(
        label=_("Repeats"),
        required=False,
        choices=[
            ("", _("Does not repeat")),
            (Freq.DAILY, _("Daily")),
            (Freq.WEEKLY, _("Weekly")),
            (Freq.MONTHLY, _("Monthly")),
            (Freq.YEARLY, _("Yearly")),
        ],
    )
    every = forms.IntegerField(
        label=_("Every"),
        required=False,
        min_value=1,
        max_value=MOST,
        initial=1,
        help_text=_("2 is every second day, week, month or year."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("repeats", "On"),
        required=False,
        choices=weekdays,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    monthly_by = forms.ChoiceField(
        label=pgettext_lazy("repeats", "On"),
        required=False,
        choices=[
            (By.DAY, _("The same day of the month")),
            (By.WEEKDAY, _("The same weekday: the second Tuesday, the last Friday")),
        ],
    )
    month_end = forms.ChoiceField(
        label=_("Where a month is too short"),
        required=False,
        choices=[
            (MonthEnd.CLAMP, _("On its last day")),
            (MonthEnd.SKIP, _("Not in that month")),
            (MonthEnd.LAST, _("Always on the last day of the month")),
        ],
    )
    repeat_end = forms.ChoiceField(
        label=pgettext_lazy("repeats", "Ends"),
        required=False,
        choices=[
            ("", _("Never")),
            ("until", _("On a date")),
            ("count", _("After a number of times")),
        ],
    )
    repeat_until = forms.DateField(label=_("Last date"), required=False, widget=DateInput())
    repeat_count = forms.IntegerField(
        label=_("How many times"), required=False, min_value=1, max_value=MOST
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("repeat"):
            return cleaned
        if cleaned.get("repeat_end") == "until":
            self._clean_until(cleaned.get("repeat_until"))
        if cleaned.get("repeat_end") == "count" and not cleaned.get("repeat_count"):
            self._missing("repeat_count")
        return cleaned

    def _clean_until(self, day: dt.date | None) -> None:
        """Asked for only where it is shown: otherwise nobody would see what is wrong."""
        if day is None:
            self._missing("repeat_until")
            return
        try:
            validate_day(day)
        except forms.ValidationError as problem:
            self.add_error("repeat_until", problem)

    def _missing(self, name: str) -> None:
        if name not in self.errors:
            self.add_error(name, self.fields[name].error_messages["required"])

    def rule_from(self, first: dt.date) -> tuple[Rule, dt.date] | None:
        """What was chosen, and the first date from `first` on that it gives (B30). Raises
        ValidationError."""
        chosen = self.cleaned_data
        if not chosen.get("repeat"):
            return None
        validate_day(first)
        freq, end = Freq(chosen["repeat"]), chosen.get("repeat_end")
        by = By(chosen.get("monthly_by") or By.DAY)
        rule = Rule(
            freq=freq,
            interval=chosen.get("every") or 1,
            weekdays=tuple(chosen.get("weekdays") or ()) if freq is Freq.WEEKLY else (),
            by=by if freq in (Freq.MONTHLY, Freq.YEARLY) else By.DAY,
            nth=nth_of(first),
            month_end=MonthEnd(chosen.get("month_end") or MonthEnd.CLAMP),
            until=chosen.get("repeat_until") if end == "until" else None,
            count=chosen.get("repeat_count") if end == "count" else None,
            week_start=week_start(),
        )
        if rule.weekdays:  # weeks are counted from the first date that is on one of the days
            first = next(day for day in days_from(first) if day.isoweekday() in rule.weekdays)
        if rule.until and rule.until < first:
            raise forms.ValidationError({"repeat_until": _("This is before the first date.")})
        try:
            return rule, rule.starts(first)
        except ValueError:
            raise forms.ValidationError(_("It would never take place.")) from None


def days_from(day: dt.date) -> Iterator[dt.date]:
    return (day + dt.timedelta(days=number) for number in range(7))


def week_start() -> int:
    """Of rules that count weeks: Monday or Sunday, as the organisation's calendar."""
    first = Organisation.get().first_day
    return 7 if first == Organisation.FirstDay.SUNDAY else 1


def repeat_initial(rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    return {
        "repeat": rule.freq,
        "every": rule.interval,
        "weekdays": list(rule.weekdays),
        "monthly_by": rule.by,
        "month_end": rule.month_end,
        "repeat_end": "until" if rule.until else "count" if rule.count else "",
        "repeat_until": rule.until,
        "repeat_count": rule.count,
    }
