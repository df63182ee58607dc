"""Values of form fields in words: for the chips of a list and the two versions of a conflict."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.formats import localize, number_format
from django.utils.translation import gettext as _

from crm.records.record_choice import RecordChoice
from crm.ui.keys import key_in

NOTHING = "—"
CENTS = 2  # decimal places of a field for money


def in_words(field: Any, value: Any) -> str:
    """`value` of a form field (cleaned, initial or as typed) as a person would read it."""
    match value:
        case None | "" | []:
            return NOTHING
        case bool():
            return _("Yes") if value else _("No")
        case slice():
            return f"{_end(value.start)} – {_end(value.stop)}"
    if isinstance(field, forms.ModelChoiceField):
        several = isinstance(field, forms.ModelMultipleChoiceField)
        rows = list(value if several else [value])
        if not all(isinstance(row, Model) for row in rows):
            rows = list(field.queryset.filter(pk__in=possible_keys(rows)))  # type: ignore[union-attr]  # every field of ours has one
        return ", ".join(str(field.label_from_instance(row)) for row in rows) or NOTHING
    if isinstance(field, forms.ChoiceField):
        chosen = {str(item) for item in (value if isinstance(value, list) else [value])}
        choices: Any = field.choices
        return ", ".join(str(name) for key, name in choices if str(key) in chosen) or str(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return _plainly(field, value)


def _plainly(field: Any, value: Any) -> str:
    """Dates and numbers as cards write them, stored or as typed; what is neither stays as it is."""
    if isinstance(field, (forms.DateField, forms.DecimalField)):
        try:
            value = field.to_python(value)
        except ValidationError:
            return str(value)
    match value:
        case _ if isinstance(field, RecordChoice):
            return field.in_words(value) or NOTHING
        case Decimal():
            places = CENTS if field.decimal_places == CENTS else None
            return str(number_format(value, places, use_l10n=True, force_grouping=True))
        case dt.date():
            return str(localize(value))
    return str(value)


def possible_keys(values: Any) -> list[str]:
    """What can be a key among rows or typed values."""
    typed = (str(getattr(item, "pk", item)) for item in values)
    return [text for text in typed if key_in(text) is not None]


def _end(value: Any) -> str:
    if value is None:
        return "…"
    return str(localize(value.date() if hasattr(value, "date") else value))
