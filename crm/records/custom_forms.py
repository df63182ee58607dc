"""How each type of custom field is asked for."""

from copy import deepcopy
from typing import Any

from django import forms
from django.core.validators import DecimalValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.records.models import CustomField
from crm.records.models.choices import name_in
from crm.ui.choices import NO_CHOICE
from crm.ui.decimals import DecimalField

CHOSEN = (CustomField.Type.CHOICE, CustomField.Type.CHOICES)
Options = tuple[tuple[int, str], ...]


class DateInput(forms.DateInput):
    """The browser's own date picker; it speaks ISO whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class NumberField(DecimalField):
    """Fractions are stored as JSON numbers, which give 15 digits back as they were typed."""

    most_digits = 15

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value in self.empty_values or value == value.to_integral():
            return
        if len(value.normalize().as_tuple().digits) > self.most_digits:
            told = DecimalValidator.messages["max_digits"]
            raise forms.ValidationError(told, "max_digits", {"max": self.most_digits})


class YesNoSelect(forms.NullBooleanSelect):
    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", NO_CHOICE), ("true", _("Yes")), ("false", _("No"))]


class YesNoField(forms.NullBooleanField):
    """Yes, no, or no answer, which a required field does not take."""

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")


def custom_form_field(definition: CustomField, stored: Any = None) -> forms.Field:
    """`stored` is the record's value: a retired answer stays choosable where it is used.

    A copy of one that is made once for a language, as Django does with the fields of a class.
    """
    options = _options(definition, stored) if definition.type in CHOSEN else ()
    key = (get_language(), options)
    made = definition.form_fields
    if key not in made:
        made[key] = _made(definition, options)
    return deepcopy(made[key])


def _options(definition: CustomField, stored: Any) -> Options:
    held = stored if isinstance(stored, list) else [stored]
    return tuple(
        (option.pk, str(option))
        for option in definition.options.all()
        if option.is_active or option.pk in held
    )


def _made(definition: CustomField, options: Options) -> forms.Field:
    common: dict[str, Any] = {
        "label": str(definition),
        "required": definition.is_required,
        "help_text": name_in(definition, field="help"),
    }
    kinds = CustomField.Type
    match definition.type:
        case kinds.NUMBER:
            return NumberField(max_digits=20, decimal_places=6, **common)
        case kinds.MONEY:
            return DecimalField(max_digits=14, decimal_places=2, **common)
        case kinds.DATE:
            return forms.DateField(widget=DateInput(), **common)
        case kinds.YESNO:
            return YesNoField(widget=YesNoSelect(), **common)
        case kinds.CHOICE:
            choices = [("", NO_CHOICE), *options]
            return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, **common)
        case kinds.CHOICES:
            return forms.TypedMultipleChoiceField(
                choices=options, coerce=int, widget=forms.CheckboxSelectMultiple(), **common
            )
        case kinds.LINK:
            return forms.URLField(max_length=500, assume_scheme="https", **common)
    return forms.CharField(max_length=500, **common)
