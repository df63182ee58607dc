"""Fields of model forms: no choice is told in words, where Django draws a line of dashes."""

from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.ui.widgets import FixedChoice, FixedSelect

NO_CHOICE: Any = _("No choice")
ANY: Any = _("Any")
LONGEST_TEXT = 100_000  # characters; a book's chapter, and far below what a request may carry


def field_in_words(field: models.Field, **options: Any) -> forms.Field | None:
    """The `formfield_callback` of our model forms. A text without a limit gets one, so that the
    browser says so while it is typed."""
    if isinstance(field, models.ForeignKey):
        options.setdefault("empty_label", NO_CHOICE)
    elif field.choices is not None:
        _choose_in_words(field, options)
    elif isinstance(field, models.TextField):
        options.setdefault("max_length", LONGEST_TEXT)
    elif isinstance(field, models.PositiveIntegerField):
        _say_the_least(field, options)
    return field.formfield(**options)


def _say_the_least(field: models.Field, options: dict[str, Any]) -> None:
    """Django says 0 of any of these, even where the model wants more."""
    least = [rule.limit_value for rule in field.validators if isinstance(rule, MinValueValidator)]
    if least:
        options.setdefault("min_value", max(least))


def _choose_in_words(field: models.Field, options: dict[str, Any]) -> None:
    has_blank = _has_blank(field, options)
    if not options.keys() & {"choices", "widget"}:
        options["widget"] = FixedSelect(f"{field} {has_blank}")
        options["choices_form_class"] = FixedChoice
    if has_blank:
        options.setdefault("choices", field.get_choices(blank_choice=[("", NO_CHOICE)]))


def _has_blank(field: models.Field, options: dict[str, Any]) -> bool:
    return field.blank or not (field.has_default() or "initial" in options)
