"""What a list was asked for, in words: of saved views, and of exports."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.records.lists.definition import record_lists
from crm.records.lists.state import ListState


@admin.display(description=gettext_lazy("what it shows"))
def filters_asked(row: Any) -> SafeString | str:
    """For whatever has a `kind` and a `query`: one line a filter."""
    found = record_lists().get(row.kind)
    if found is None:
        return str(row.query)
    state = ListState.of(found, row.query)
    filters = found.filterset(state.params, queryset=found.model.objects.all())
    lines = [(label, value) for _name, label, value in filters.active()]
    if words := state.params.get("q", ""):
        lines.insert(0, (_("Search"), words))
    if state.tab:
        lines.insert(0, (_("List"), str(state.tab.label)))
    return format_html_join("", "<div>{}: <bdi>{}</bdi></div>", lines)


@admin.display(description=gettext_lazy("columns"))
def columns_asked(row: Any) -> str:
    """For whatever has a `kind` and `columns`, named as the list names them."""
    found = record_lists().get(row.kind)
    if found is None:
        return ", ".join(row.columns)
    return ", ".join(str(column.label) for column in found.chosen(row.columns))
