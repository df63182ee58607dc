"""Layout pieces of our forms: Section("Who", "name", Fields("first", "last")), More("notes")."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import render_field
from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.ui.fields import field_html
from crm.ui.renderer import escaped


class Drawn(LayoutObject):
    """Draws the fields that it holds by name without a template."""

    def get_rendered_fields(
        self, form: BaseForm, context: Context, *args: Any, **kwargs: Any
    ) -> SafeString:
        pieces = (self._piece(piece, form, context, **kwargs) for piece in self.fields)
        return SafeString("".join(pieces))

    @staticmethod
    def _piece(piece: Any, form: BaseForm, context: Context, **kwargs: Any) -> str:
        if not isinstance(piece, str) or piece not in form.fields:
            return str(render_field(piece, form, context, **kwargs))
        form.rendered_fields.add(piece)  # type: ignore[attr-defined]  # crispy's own list
        return field_html(form[piece], with_label=context.get("form_show_labels") is not False)


class Section(Drawn):
    """A panel with a heading."""

    def __init__(self, title: str | Promise, *fields: Any, help_text: str | Promise = "") -> None:
        self.title = title
        self.help_text = help_text
        self.fields = list(fields)

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> str:
        content = self.get_rendered_fields(form, context, **kwargs)
        told = f'<p class="section-help">{escaped(self.help_text)}</p>' if self.help_text else ""
        head = f"<h2>{escaped(self.title)}</h2>{told}"
        return SafeString(f'<section class="form-section">{head}{content}</section>')


class More(Section):
    """Optional fields, folded; open by itself when one of them has an error or a value, except
    those that a new record's form proposes."""

    def __init__(self, *fields: Any, title: str | Promise = "") -> None:
        super().__init__(title or _("More"), *fields)

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> str:
        content = self.get_rendered_fields(form, context, **kwargs)
        is_open = " open" if self._is_open(form) else ""
        return SafeString(
            f'<details class="more"{is_open}><summary>{escaped(self.title)}</summary>'
            f'<div class="more-body">{content}</div></details>'
        )

    def _is_open(self, form: BaseForm) -> bool:
        inputs = [form[pointer.name] for pointer in self.get_field_names()]
        instance = getattr(form, "instance", None)
        is_new = instance is not None and instance._state.adding
        return any(field.errors or _is_filled(field, is_new) for field in inputs)


def _is_filled(field: BoundField, is_new: bool) -> bool:
    value = field.value()
    return bool(value) and not (is_new and str(value) == str(field.initial))


class Fields(Drawn):
    """Fields side by side, two in a row where there is room: Fields("owner", "team")."""

    def __init__(self, *fields: Any) -> None:
        self.fields = list(fields)

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        content = self.get_rendered_fields(form, context, **kwargs)
        return SafeString(f'<div class="fields">{content}</div>')


class Pieces(Drawn, Layout):
    pass


def helper(*pieces: Any) -> FormHelper:
    """A helper for a form whose <form> tag the page writes itself."""
    made = FormHelper()
    made.form_tag = False
    made.include_media = False
    if pieces:
        made.layout = Pieces(*pieces)
    return made
