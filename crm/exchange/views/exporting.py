"""Asking for a file: of what a list shows, or of a type of records."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.http import UserRequest
from crm.accounts.rights import can
from crm.exchange.exporting import start_export
from crm.exchange.fields import exchange_of, exchanges
from crm.exchange.forms import ExportForm, FileForm, exchanged_kinds
from crm.exchange.plans import Wish
from crm.records.lists.addresses import list_url
from crm.records.lists.selection import Selection
from crm.records.models import Job
from crm.records.views.steps import Step, leave_to, show_step
from crm.ui.paging import capped_counts, shown_count

RECENT = 20


@require_POST
def export_start(request: UserRequest, kind: str) -> HttpResponse:
    """`selected` ids or `all` that `query` finds, in `columns`; `format` once it was chosen."""
    back = list_url(kind, request.POST.get("back", ""))
    if not can(request.user, "export", kind):
        raise PermissionDenied(_("You may not export these records."))
    wish = Wish(kind, Selection.sent(request.POST))
    count = capped_counts({"all": wish.rows(request.user).select_related(None)})["all"]
    if not count:
        messages.warning(request, _("There is nothing here that you may export."))
        return leave_to(request, back)
    is_sure = "sure" in request.POST
    form = ExportForm(request.POST if is_sure else None, is_exchanged=kind in exchanges())
    if is_sure and form.is_valid():
        wish = replace(wish, record_type=_type_of(wish), is_whole=True) if form.is_whole else wish
        job = start_export(wish, format_=form.cleaned_data["format"], actor=request.user, back=back)
        return leave_to(request, resolve_url("job_detail", pk=job.pk))
    text = ngettext(
        "%(shown)s row, in the order of the list.",
        "%(shown)s rows, in the order of the list.",
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
        fields=[*wish.selection.fields, ("back", request.POST.get("back", "")), ("sure", "1")],
    )
    return show_step(request, step, status=422 if is_sure else 200)


def _type_of(wish: Wish) -> str:
    """The type that the list's tab is, or the one that has all columns."""
    tab = wish.selection.state(wish.record_list).tab
    keys = [one.key for one in exchange_of(wish.kind).types]
    return tab.key if tab and tab.key in keys else keys[-1]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export_page(request: UserRequest) -> HttpResponse:
    """Type, rows, columns, format → "Generate file"; and what was made lately."""
    if not exchanged_kinds(request.user):
        raise PermissionDenied(_("You may not export these records."))
    is_sent = request.method == "POST"
    form = FileForm(request.POST if is_sent else None, actor=request.user)
    if is_sent and form.is_valid():
        job = start_export(
            form.wish,
            format_=form.cleaned_data["format"],
            actor=request.user,
            back=reverse("export_page"),
        )
        return redirect("job_detail", pk=job.pk)
    recent = Job.objects.filter(user=request.user, task="export").defer("params")[:RECENT]
    context = {"form": form, "jobs": recent}
    return render(request, "exchange/export_page.html", context, status=422 if is_sent else 200)
