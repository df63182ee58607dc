"""Asking for a file of what a list shows."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.accounts.http import UserRequest
from crm.accounts.rights import can
from crm.exchange.exporting import capped_count
from crm.exchange.forms import ExportForm
from crm.records.jobs import start_job
from crm.records.lists.addresses import list_url
from crm.records.lists.definition import list_of
from crm.records.lists.selection import Selection
from crm.records.views.steps import Step, leave_to, show_step
from crm.ui.paging import shown_count


@require_POST
def export_start(request: UserRequest, kind: str) -> HttpResponse:
    """`selected` ids or `all` that `query` finds, in `columns`; `format` once it was chosen."""
    record_list = list_of(kind)
    if not can(request.user, "export", kind):
        raise PermissionDenied(_("You may not export these records."))
    selection = Selection.sent(request.POST)
    back = list_url(kind, request.POST.get("back", ""))
    count = capped_count(record_list, selection, request.user)
    if not count:
        messages.warning(request, _("There is nothing here that you may export."))
        return leave_to(request, back)
    is_sure = "sure" in request.POST
    form = ExportForm(request.POST if is_sure else None)
    if is_sure and form.is_valid():
        job = start_job(
            "export",
            title=_("Export: %(title)s") % {"title": record_list.title},
            actor=request.user,
            params={
                "kind": kind,
                "format": form.cleaned_data["format"],
                "selection": selection.params,
                "back": back,
            },
        )
        return leave_to(request, resolve_url("job_detail", pk=job.pk))
    text = ngettext(
        "%(shown)s row, with the columns and in the order of the list.",
        "%(shown)s rows, with the columns and in the order of the list.",
        count,
    )
    step = Step(
        title=_("Export"),
        action=reverse("export_start", args=[kind]),
        submit=_("Export"),
        back=back,
        form=form,
        text=text % {"shown": shown_count(count)},
        hint=_("It is made in the background. Every export is noted in the administration."),
        fields=[*selection.fields, ("back", request.POST.get("back", "")), ("sure", "1")],
    )
    return show_step(request, step, status=422 if is_sure else 200)
