"""The form of a hand-made history line (F0.23, F0.24)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.records.forms import PeopleChoice
from crm.records.models import Event

WRITTEN = (Event.Entry.NOTE, Event.Entry.EMAIL, Event.Entry.CALL, Event.Entry.APPOINTMENT)
MINUTES = "%Y-%m-%dT%H:%M"
YEARS = (1900, 2200)  # beyond, a typing error; far beyond, no zone can be reckoned


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of date and time; it speaks ISO whatever the language."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format=MINUTES, **kwargs)


class EntryForm(forms.Form):
    """Times are typed in the zone of the person who writes."""

    entry = forms.ChoiceField(
        label=_("Type"), choices=[(choice.value, choice.label) for choice in WRITTEN]
    )
    # What it opened with comes back too: whoever leaves it means "now", to the second.
    happened_at = forms.DateTimeField(
        label=_("When"), widget=MomentInput(), show_hidden_initial=True
    )
    text = forms.CharField(
        label=_("Description"),
        widget=forms.Textarea({"rows": 3, "autofocus": True}),
        max_length=20_000,
    )
    inform = PeopleChoice(
        label=_("Inform"),
        required=False,
        help_text=_("They get a notification. The history shows who was informed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"entry": Event.Entry.NOTE, "happened_at": timezone.now()}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean_happened_at(self) -> datetime:
        moment: datetime = self.cleaned_data["happened_at"]
        first, last = YEARS
        if not first <= moment.year < last:
            raise forms.ValidationError(_("Check the year: this cannot be meant."))
        return moment
