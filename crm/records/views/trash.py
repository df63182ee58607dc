"""The trash: in, out, and the end (F0.26)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.http import UserRequest
from crm.accounts.rights import can
from crm.records import actions
from crm.records.belongings import what_goes_with, what_needs
from crm.records.errors import ActionRefused
from crm.records.fetch import fetch, model_of
from crm.records.lists.definition import record_lists
from crm.records.models import Record
from crm.records.refusals import refusals_as_messages
from crm.ui.paging import Sort, page_asked_for

PAGE_SIZE = 25
LATEST = Sort("trashed_at", descending=True)


@dataclass(frozen=True)
class Trashed:
    """What its line shows, put together here: a page has many."""

    record: Record
    ends_in: str
    restore_url: str
    purge_url: str
    restore_label: str
    purge_label: str


@require_POST
def record_trash(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    record = fetch(request.user, "delete", model_of(kind), pk)
    with refusals_as_messages(request):
        actions.trash_record(record, actor=request.user)
        text = _("“%(name)s” is in the trash.") % {"name": record}
        undo = reverse("record_restore", args=[kind, pk])
        messages.success(request, text, extra_tags=undo)
    return redirect(_list_url(kind))


@require_POST
def record_restore(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    record = fetch(request.user, "delete", model_of(kind), pk, trashed=True)
    with refusals_as_messages(request):
        actions.restore_record(record, actor=request.user)
        messages.success(request, _("“%(name)s” is back.") % {"name": record})
    return redirect(record)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def record_purge(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """GET names what would end with it; POST ends it."""
    record = fetch(request.user, "delete", model_of(kind), pk, trashed=True)
    if request.method == "POST":
        try:
            actions.purge_record(record, actor=request.user)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("It is gone for good."))
        return redirect("trash_list", kind)
    context = {
        "record": record,
        "kind": kind,
        "belongings": what_goes_with(record),
        "needed_by": what_needs(record),
    }
    return render(request, "records/purge.html", context)


@require_safe
@never_cache
def trash_list(request: UserRequest, kind: str) -> HttpResponse:
    """What one could restore or end: the trashed records one may delete."""
    model = model_of(kind)
    if not can(request.user, "delete", kind):
        raise PermissionDenied(_("You may not delete these, so you have no trash."))
    words = request.GET.get("q", "").replace("\0", "").strip()
    rows = model.objects.trashed().permitted(request.user, "view")
    rows = rows.permitted(request.user, "delete").select_related("trashed_by")
    if words:
        rows = rows.matching(words)
    page = page_asked_for(request, rows, LATEST, size=PAGE_SIZE)
    context = {
        "kind": kind,
        "model": model._meta,
        "rows": list(_lines(kind, page.rows)),
        "page": page,
        "words": words,
        "list_url": _list_url(kind),
    }
    return render(request, "records/trash.html", context)


def _lines(kind: str, records: Iterable[Record]) -> Iterator[Trashed]:
    restore, purge = _("Restore %(record)s"), _("Delete %(record)s for good")
    for record in records:
        name = {"record": record}
        yield Trashed(
            record,
            ends_in(record),
            restore_url=reverse("record_restore", args=[kind, record.pk]),
            purge_url=reverse("record_purge", args=[kind, record.pk]),
            restore_label=restore % name,
            purge_label=purge % name,
        )


def ends_in(record: Record) -> str:
    """When the clockwork will purge it, in words."""
    if record.trashed_at is None:
        return ""
    left = record.trashed_at + timedelta(days=settings.TRASH_DAYS) - timezone.now()
    days = round(left / timedelta(days=1))
    if days < 1:
        return _("ends today")
    return ngettext("ends in %(days)d day", "ends in %(days)d days", days) % {"days": days}


def _list_url(kind: str) -> str:
    found = record_lists().get(kind)
    return reverse(found.url_name) if found else "/"
