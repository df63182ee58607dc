"""One list page for every kind: address → visible rows → filters → page (B41)."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.accounts.http import UserRequest
from crm.accounts.rights import can
from crm.records.lists.columns import Column
from crm.records.lists.definition import RecordList
from crm.records.lists.filters import RecordFilter
from crm.records.lists.state import PLACE, SIZES, ListState
from crm.records.models import Record, RecordQuerySet
from crm.ui.counting import Count, counts_of_parts
from crm.ui.paging import BadCursor, Page, capped_counts, page_of, shown_count
from crm.ui.renderer import escaped
from crm.ui.typed_choice import SUFFIX

INSTEAD = 8  # offered where a search of the list finds nothing


def list_page(request: UserRequest, record_list: type[RecordList]) -> HttpResponse:
    state = ListState.read(request, record_list)
    rows = record_list.rows_for(request.user, state.columns)
    if request.GET.get("panel") == "filters":
        return _filter_panel(request, state, rows)
    if request.GET.get("panel") == "columns":
        return _columns_panel(request, state)
    filters = _filters(request, state, rows)
    valid = filters.is_valid()
    filtered: RecordQuerySet = filters.qs if valid else rows.none()
    where = state.tab.where if state.tab else None
    try:
        page = page_of(
            filtered.filter(where) if where else filtered,
            state.sort,
            cursor=state.cursor,
            size=state.size,
        )
    except BadCursor:
        page, valid = Page([], "", ""), False
    record_list.complete(page.rows, state.columns, request.user)
    context = _context(request, state, filters, page)
    context |= _counts(state, filtered, page, context["is_filtered"])
    if valid and context["q"].strip() and not page.rows:
        seen = record_list.model.objects.visible_to(request.user)
        context["instead"] = seen.looked_for(context["q"], INSTEAD)
    whole = not request.htmx or request.htmx.history_restore_request
    template = record_list.template if whole else "records/_list.html"
    response = render(request, template, context, status=200 if valid else 422)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _filters(request: UserRequest, state: ListState, rows: RecordQuerySet) -> RecordFilter:
    """What an address asks for wrongly is said (422); what a saved view asks for and has gone
    since (a tag, an answer of a custom field) is left out, so that the view still opens."""
    filterset = state.record_list.filterset
    filters: RecordFilter = filterset(state.params, queryset=rows, request=request)
    if state.is_from_view and not filters.is_valid():
        for name in filters.form.errors:
            for key in _keys_of(name):
                state.params.pop(key, None)
        state.is_short = True
        filters = filterset(state.params, queryset=rows, request=request)
    return filters


def _keys_of(name: str) -> tuple[str, ...]:
    ends = (f"{name}_{end}" for end in ("from", "to", "min", "max"))
    return (name, f"{name}{SUFFIX}", *ends)


def _context(
    request: UserRequest, state: ListState, filters: RecordFilter, page: Page
) -> dict[str, Any]:
    record_list, kind = state.record_list, state.record_list.model.kind
    user = request.user
    ways = [way for way in record_list.ways if not way.needs or can(user, way.needs, kind)]
    chips = [(label, value, _without(state, name)) for name, label, value in filters.active()]
    return {
        "title": record_list.title,
        "kind": kind,
        "model": record_list.model._meta,
        "list": record_list,
        "state": state,
        "headings": [_heading(state, column) for column in state.columns],
        "rows": page.rows,
        "table_rows": _rows(page, state.columns),
        "newer_url": state.url(after=page.newer) if page.newer else "",
        "older_url": state.url(after=page.older) if page.older else "",
        "sizes": [(size, state.url(size=size), size == state.size) for size in SIZES],
        "list_url": request.path,
        "filters_url": state.url(panel="filters"),
        "columns_url": state.url(panel="columns"),
        "q": state.params.get("q", ""),
        "kept": _kept(state, *[name for name in state.params if name not in ("q", *PLACE)]),
        "chips": chips,
        "is_filtered": bool(chips or state.params.get("q")),
        "problems": _problems(filters),
        "can_change": can(user, "change", kind),
        "can_delete": can(user, "delete", kind),
        "can_export": can(user, "export", kind),
        "ways": ways,
        "has_rare_ways": can(user, "delete", kind) or any(way.is_rare for way in ways),
        "create_url": reverse(record_list.create_url_name)
        if record_list.create_url_name and can(user, "change", kind)
        else "",
    }


def _without(state: ListState, name: str) -> str:
    return state.url(**dict.fromkeys(_keys_of(name)))


def _problems(filters: RecordFilter) -> list[tuple[str, str]]:
    errors = filters.form.errors if not filters.is_valid() else {}
    return [
        (str(filters.form.fields[name].label), " ".join(texts)) for name, texts in errors.items()
    ]


def _heading(state: ListState, column: Column) -> dict[str, Any]:
    sort = state.sort
    is_sorted = bool(column.sort) and sort.field == column.sort
    going_down = is_sorted and sort.descending
    return {
        "label": column.label,
        "css": column.css,
        "aria": ("descending" if going_down else "ascending") if is_sorted else "",
        "url": state.url(sort=column.key if going_down or not is_sorted else f"-{column.key}")
        if column.sort
        else "",
    }


def _rows(page: Page, columns: list[Column]) -> SafeString:
    """The table's body. A template node for each of a list's 400 cells would cost more than its
    queries."""
    label = str(_("Select %(name)s"))
    shown = [(_opening(column.css), column.cells()) for column in columns]
    return SafeString("\n".join(_row(row, label % {"name": row}, shown) for row in page.rows))


def _row(row: Record, label: str, shown: list[tuple[str, Callable[[Any], Any]]]) -> str:
    box = f'<input type="checkbox" name="selected" value="{row.pk}" data-select'
    cells = "".join([f"{start}{escaped(cell(row))}</td>" for start, cell in shown])
    return f'<tr><td class="box">{box} aria-label="{escaped(label)}"></td>{cells}</tr>'


@lru_cache(maxsize=256)
def _opening(css: str) -> str:
    return format_html('<td class="{}">', css) if css else "<td>"


def _counts(
    state: ListState, filtered: RecordQuerySet, page: Page, is_filtered: bool
) -> dict[str, Any]:
    """The tabs with what the filters leave in each; one statement for all. A search that says
    next to nothing is not counted further than the page shows."""
    tabs = state.record_list.tabs
    plain = filtered.select_related(None)
    if not tabs:
        count = capped_counts({"all": plain})["all"]
        return {"tabs": [], "total": count, "shown_total": shown_count(count)}
    current = state.tab or tabs[0]
    asked = state.params.get("q", "").strip()
    if asked and page.older and type(plain).is_vague(asked):
        counts = dict.fromkeys([tab.key for tab in tabs], Count(0, is_more=True))
        counts[current.key] = Count(len(page.rows), is_more=True)
    else:
        parts = {tab.key: tab.where for tab in tabs}
        counts = counts_of_parts(plain, parts, current=current.key, is_filtered=is_filtered)
    total = counts[current.key]
    return {
        "total": total.number,
        "shown_total": str(total),
        "tabs": [
            {
                "label": tab.label,
                "url": state.url(tab=tab.key),
                "count": str(counts[tab.key]),
                "is_current": tab == current,
            }
            for tab in tabs
        ],
    }


def _filter_panel(request: UserRequest, state: ListState, rows: RecordQuerySet) -> HttpResponse:
    """All filters as a form: loaded when asked for, because its choices cost queries."""
    filterset = state.record_list.filterset
    context = {
        "filter": filterset(state.params, queryset=rows, request=request, whole=True),
        "hidden": _kept(state, "tab", "sort", "size", "q"),
        "list_url": request.path,
        "title": _("Filter"),
    }
    whole = not request.htmx
    return render(request, "records/filters.html" if whole else "records/_filters.html", context)


def _columns_panel(request: UserRequest, state: ListState) -> HttpResponse:
    """All columns, loaded when asked for: their form is longer than the rest of the frame."""
    context = {"state": state, "kind": state.record_list.model.kind, "title": _("Columns")}
    whole = not request.htmx
    return render(request, "records/columns.html" if whole else "records/_columns.html", context)


def _kept(state: ListState, *names: str) -> list[tuple[str, str]]:
    return [(name, value) for name in names for value in state.params.getlist(name)]
