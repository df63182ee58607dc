"""A field drawn by hand: its label, its help, its errors, and nothing unescaped."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html

from crm.ui.fields import field_html

HOSTILE = "\"><script>alert(1)</script>&'א"


class Sample(forms.Form):
    name = forms.CharField(label=HOSTILE, help_text=HOSTILE, max_length=3)
    agrees = forms.BooleanField(label="Agrees", required=False)
    days = forms.MultipleChoiceField(
        label="Days", choices=[("1", HOSTILE)], widget=forms.CheckboxSelectMultiple, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput)


def drawn(name: str, data: dict[str, str] | None = None, *args: str, **options: bool) -> str:
    html = field_html(Sample(data)[name], *args, **options)
    assert "<script>" not in html
    return html


def test_a_field_has_its_label_star_help_and_class():
    html = drawn("name", None, "span-4")
    assert html.startswith('<div class="field span-4"><label for="id_name">')
    assert '<span class="required" aria-hidden="true">*</span></label><input type="text"' in html
    assert '<div class="help" id="id_name_helptext">' in html
    assert "field-error" not in html
    assert html.endswith("</div>")


def test_its_errors_stand_below_it_and_it_points_to_them():
    html = drawn("name", {"name": "four"})
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div class="field-error" id="id_name_error">Ensure' in html


def test_it_can_go_without_a_label():
    assert "<label" not in drawn("name", None, with_label=False)


def test_a_box_comes_before_its_label():
    html = drawn("agrees")
    assert html.index("<input") < html.index('<label for="id_agrees">Agrees</label>')


def test_several_boxes_are_a_group_with_a_legend():
    html = drawn("days", None, HOSTILE)
    assert html.startswith('<fieldset class="field &quot;')
    assert "<legend>Days</legend>" in html
    assert html.endswith("</fieldset>")


def test_what_is_hidden_has_nothing_around_it():
    assert drawn("seen") == '<input type="hidden" name="seen" id="id_seen">'


def test_rules_for_passwords_are_a_list_and_no_tags_to_read():
    class Password(forms.Form):
        new = forms.CharField(help_text=password_validators_help_text_html())

    html = field_html(Password()["new"])
    assert "<ul><li>" in html
    assert "&lt;" not in html
