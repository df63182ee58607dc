"""Layout piece for the rows of other tables edited inside a record's form."""

from collections.abc import Iterable, Iterator
from typing import Any

from crispy_forms.layout import LayoutObject
from django.forms import BaseForm, BaseFormSet, Field, ModelChoiceField
from django.forms.formsets import (
    INITIAL_FORM_COUNT,
    MAX_NUM_FORM_COUNT,
    MIN_NUM_FORM_COUNT,
    TOTAL_FORM_COUNT,
)
from django.template import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.records.models import CustomField
from crm.ui.fields import field_html
from crm.ui.layout import Fields
from crm.ui.pickers import Picker
from crm.ui.renderer import escaped
from crm.ui.templatetags.ui import icon

_empty_rows: dict[tuple[Any, ...], str] = {}


class Rows(LayoutObject):
    """The formset `prefix` of a RecordForm. `spans` are (field, columns of twelve) in order;
    `compact` hides the labels, for rows whose meaning is plain to see."""

    def __init__(
        self,
        prefix: str,
        title: str | Promise,
        add: str | Promise,
        *spans: tuple[str, int],
        compact: bool = False,
    ) -> None:
        self.prefix, self.title, self.add = prefix, title, add
        self.spans, self.compact = spans, compact
        self.fields: list[Any] = []

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> str:
        formset = form.formsets[self.prefix]  # type: ignore[attr-defined]  # only for RecordForm
        return SafeString("".join(self._pieces(formset)))

    def _pieces(self, formset: BaseFormSet) -> Iterator[str]:
        """In Python like every field: the templates of three formsets took as long as the rest."""
        prefix, most = escaped(formset.prefix), formset.max_num
        full = ngettext(
            "At most %(most)s line fits here.", "At most %(most)s lines fit here.", most
        ) % {"most": most}
        yield f'<section class="form-section" aria-labelledby="rows-{prefix}">'
        yield f'<h2 id="rows-{prefix}">{escaped(self.title)}</h2><div data-rows="{prefix}"'
        yield f' data-most="{most}" data-full="{escaped(full)}">'
        yield from _counts(formset)
        yield from _errors(formset.non_form_errors())
        yield '<div class="rows-edit">'
        yield from map(self._row, formset.forms)
        yield f"</div><template>{self._empty(formset)}</template>"
        yield f'<button type="button" class="button" data-row-add>{icon("plus")}'
        yield f"{escaped(self.add)}</button></div></section>"

    def _empty(self, formset: BaseFormSet) -> str:
        """The line that the browser copies. It is the same for everybody, so each process draws
        it once in a language; unless it lists rows of a table, which change."""
        key = (type(formset), formset.prefix, self.spans, self.compact, get_language())
        if key in _empty_rows:
            return _empty_rows[key]
        row = formset.empty_form
        html = self._row(row)
        if not any(map(_lists_rows, row.fields.values())):
            _empty_rows[key] = html
        return html

    def _row(self, row: BaseForm) -> str:
        return "".join(self._row_pieces(row))

    def _row_pieces(self, row: BaseForm) -> Iterator[str]:
        remove = row["DELETE"] if "DELETE" in row.fields else None
        is_removed = remove is not None and remove.value()
        told, told_whole = escaped(_("Remove")), escaped(_("Remove this line"))
        yield f'<div class="row-edit {"compact" if self.compact else "row-tall"}'
        yield f'{" is-removed" if is_removed else ""}"><div class="fields">'
        for name, span in self.spans:
            yield field_html(row[name], f"span-{span}")
        yield f'</div>{row["id"]}<span class="delete-box"><label>'
        yield f"{remove or ''} {told}</label></span>"
        yield from _errors(row.non_field_errors())
        yield '<button type="button" class="icon-button" data-row-remove'
        yield f' aria-label="{told_whole}">{icon("x-lg")}</button></div>\n'


def _counts(formset: BaseFormSet) -> Iterator[str]:
    """Django's management form: three of them took a twentieth of the page."""
    counts = {
        TOTAL_FORM_COUNT: formset.total_form_count(),
        INITIAL_FORM_COUNT: formset.initial_form_count(),
        MIN_NUM_FORM_COUNT: formset.min_num,
        MAX_NUM_FORM_COUNT: formset.max_num,
    }
    for name, count in counts.items():
        key = escaped(f"{formset.prefix}-{name}")
        yield f'<input type="hidden" name="{key}" value="{count}" id="id_{key}">'


def _errors(errors: Iterable[Any]) -> Iterator[str]:
    for error in errors:
        yield f'<p class="field-error">{escaped(error)}</p>'


def _lists_rows(field: Field) -> bool:
    is_told = isinstance(field.widget, Picker) or field.widget.is_hidden
    return isinstance(field, ModelChoiceField) and not is_told


def custom_rows(definitions: Iterable[CustomField]) -> Fields:
    """The custom fields of a kind, two a line."""
    return Fields(*(definition.form_name for definition in definitions))
