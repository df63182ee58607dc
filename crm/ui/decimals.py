"""Numbers with a fraction, typed as people write them: 3,5 and 3.5, 1.234,50 and 1,234.50.

A browser's own number field drops the comma that its language does not know, and 3,5 becomes 35
before anybody sees it.
"""

import re
from typing import Any

from django import forms
from django.utils.formats import get_format, number_format

SPACES = re.compile(r"[\s'’]")
GROUP = 3  # digits between two separators of thousands


class DecimalInput(forms.TextInput):
    """A field of text with the keyboard of digits; left to right in every language."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"} | (attrs or {}))


class DecimalField(forms.DecimalField):
    widget = DecimalInput

    def to_python(self, value: Any) -> Any:
        """Refuses NaN and infinity at once: a conflict shows what was typed unchecked."""
        number = super().to_python(plain(value) if isinstance(value, str) else value)
        if number is not None and not number.is_finite():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number

    def prepare_value(self, value: Any) -> Any:
        """In the writing of the active language, without thousands: ready to be typed over."""
        if value in self.empty_values or isinstance(value, str):
            return value
        return number_format(value, use_l10n=True, force_grouping=False)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}  # min, max and step are for the browser's own number field


def plain(text: str) -> str:
    """`text` with a point for the fraction and nothing between the thousands.

    With both signs the last one begins the fraction; one that comes twice groups. A lone one
    before exactly three digits is the only doubt: there the active language decides.
    """
    text = SPACES.sub("", text)
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return text
    sign = text[last]
    other = "." if sign == "," else ","
    if text.count(sign) > 1:
        return text if other in text else text.replace(sign, "")
    is_doubtful = other not in text and len(text) - last - 1 == GROUP and text[:last].strip("-+0")
    if is_doubtful and sign == get_format("THOUSAND_SEPARATOR"):
        return text.replace(sign, "")
    return text.replace(other, "").replace(sign, ".")
