"""Layout piece for the rows of other tables edited inside a record's form."""

from typing import Any

from crispy_forms.layout import LayoutObject
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise

from crm.records.models import custom_fields
from crm.ui.layout import Fields


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
        shown = [*formset.forms, formset.empty_form]
        rows = [self._row(row) for row in shown]
        return render_to_string(
            self.template,
            {
                "formset": formset,
                "title": self.title,
                "add": self.add,
                "compact": self.compact,
                "rows": rows[:-1],
                "empty": rows[-1],
            },
        )

    def _row(self, row: BaseForm) -> dict[str, Any]:
        fields = [(row[name], f"span-{span}") for name, span in self.spans]
        removed = bool(row["DELETE"].value()) if "DELETE" in row.fields else False
        return {"form": row, "fields": fields, "is_removed": removed}


def custom_rows(kind: str) -> Fields:
    """The custom fields of a kind, two a line."""
    return Fields(*(definition.form_name for definition in custom_fields(kind)))
