"""Layout piece for the rows of other tables edited inside a record's form."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import LayoutObject
from django.forms import BaseForm, BaseFormSet, Field, ModelChoiceField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from crm.records.models import CustomField
from crm.ui.fields import field_html
from crm.ui.layout import Fields
from crm.ui.pickers import Picker

_empty_rows: dict[tuple[Any, ...], str] = {}


class Rows(LayoutObject):
    """The formset `prefix` of a RecordForm. `spans` are (field, columns of twelve) in order;
    `compact` hides the labels, for rows whose meaning is plain to see."""

    template = "records/_rows_edit.html"

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
        return render_to_string(
            self.template,
            {
                "formset": formset,
                # One by one: as a form they would go through a template.
                "counts": SafeString("".join(map(str, formset.management_form))),
                "title": self.title,
                "add": self.add,
                "compact": self.compact,
                "rows": [self._row(row) for row in formset.forms],
                "empty": self._empty(formset),
            },
        )

    def _empty(self, formset: BaseFormSet) -> str:
        """The line that the browser copies. It is the same for everybody, so each process draws
        it once in a language; unless it lists rows of a table, which change."""
        key = (type(formset), formset.prefix, self.spans, self.compact, get_language())
        if key in _empty_rows:
            return _empty_rows[key]
        row = formset.empty_form
        facts = {"row": self._row(row), "compact": self.compact}
        html = render_to_string("records/_row_edit.html", facts)
        if not any(map(_lists_rows, row.fields.values())):
            _empty_rows[key] = html
        return html

    def _row(self, row: BaseForm) -> dict[str, Any]:
        fields = "".join(field_html(row[name], f"span-{span}") for name, span in self.spans)
        removed = bool(row["DELETE"].value()) if "DELETE" in row.fields else False
        return {"form": row, "fields": SafeString(fields), "is_removed": removed}


def _lists_rows(field: Field) -> bool:
    is_told = isinstance(field.widget, Picker) or field.widget.is_hidden
    return isinstance(field, ModelChoiceField) and not is_told


def custom_rows(definitions: Iterable[CustomField]) -> Fields:
    """The custom fields of a kind, two a line."""
    return Fields(*(definition.form_name for definition in definitions))
