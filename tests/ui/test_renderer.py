"""What QuickRenderer draws is what Django's own templates draw."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from crm.ui.renderer import QuickRenderer

HOSTILE = "\"><script>alert(1)</script>&'א"
WIDGETS = [
    forms.TextInput({"maxlength": 20, "required": True, "disabled": False}),
    forms.TextInput({"type": "tel", "placeholder": HOSTILE}),
    forms.EmailInput(),
    forms.NumberInput({"step": "any"}),
    forms.HiddenInput(),
    forms.PasswordInput(),
    forms.URLInput(),
    forms.DateInput(),
    forms.Textarea({"rows": 3}),
    forms.Select(choices=[("", "—"), (1, HOSTILE), ("Group", [("a", "A"), (HOSTILE, "B")])]),
]


def squeezed(html: str) -> str:
    """Line breaks between the tags of a select are of no consequence."""
    return re.sub(r"\s*\n\s*(?=<)", "", html)


@pytest.mark.parametrize("value", [None, "", "plain", HOSTILE, 1, "a"])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_it_draws_what_the_templates_draw(widget, value):
    quick = widget.render("field", value, {"id": "id_field"}, QuickRenderer())
    theirs = widget.render("field", value, {"id": "id_field"}, TemplatesSetting())
    if not isinstance(widget, forms.Textarea):
        quick, theirs = squeezed(quick), squeezed(theirs)
    assert quick.strip() == theirs.strip()
    assert "<script>" not in quick


def test_what_it_does_not_draw_goes_to_its_template():
    html = forms.CheckboxInput().render("field", True, renderer=QuickRenderer())
    assert html == '<input type="checkbox" name="field" checked>'
