"""The history of a record: a panel for its card that is also a page of its own."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.accounts.http import UserRequest
from crm.records.entry_forms import EntryForm
from crm.records.fetch import fetch, model_of
from crm.records.history import events_of, lines_of
from crm.records.models import Event, Record
from crm.ui.paging import Sort, page_asked_for

PAGE_SIZE = 20
NEWEST = Sort("happened_at", descending=True)
WRITTEN = ~Q(entry=Event.Entry.SYSTEM)
CHIPS = {
    "": (gettext_lazy("All"), Q()),
    "notes": (gettext_lazy("Notes & calls"), WRITTEN),
    "changes": (gettext_lazy("Changes"), ~WRITTEN),
}


@require_safe
@never_cache
def timeline_panel(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Newest first. ?show= is one of CHIPS, ?at= a cursor; htmx gets the panel or, with ?at=, only
    the rows that follow."""
    record = fetch(request.user, "view", model_of(kind), pk)
    context = timeline_context(request, record)
    if not request.htmx or request.htmx.boosted:
        return render(request, "records/timeline.html", context)
    part = "records/_timeline_rows.html" if request.GET.get("at") else "records/_timeline.html"
    return render(request, part, context)


def timeline_context(
    request: UserRequest, record: Record, form: EntryForm | None = None
) -> dict[str, Any]:
    """What the panel shows; `form` is the entry being written, if any."""
    show = request.GET.get("show", "")
    show = show if show in CHIPS else ""
    rows = events_of(record).filter(CHIPS[show][1]).prefetch_related("informed")
    page = page_asked_for(request, rows, NEWEST, size=PAGE_SIZE)
    place = [record.kind, record.pk]
    address = reverse("timeline_panel", args=place)
    return {
        "record": record,
        "form": form,
        "lines": lines_of(type(record), page.rows, request.user),
        "older_url": f"{address}?show={show}&at={page.older}" if page.older else "",
        "newer_url": f"{address}?show={show}&at={page.newer}" if page.newer else "",
        "chips": [
            (label, f"{address}?show={key}" if key else address, key == show)
            for key, (label, _where) in CHIPS.items()
        ],
        "entry_url": reverse("entry_create", args=place),
    }
