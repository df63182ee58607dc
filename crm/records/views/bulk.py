"""Bulk actions of a list: first what will happen is named and asked, then it is done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.accounts.http import UserRequest
from crm.accounts.rights import can
from crm.records.bulk import (
    AT_ONCE,
    Verb,
    allowed_of,
    change_all,
    closing_words,
    frozen,
    verb_named,
)
from crm.records.bulk_forms import BulkForm
from crm.records.errors import ActionRefused
from crm.records.jobs import start_job
from crm.records.lists.addresses import list_url
from crm.records.lists.definition import RecordList, list_of
from crm.records.lists.selection import Selection
from crm.records.views.steps import Step, leave_to, show_step
from crm.ui.paging import COUNT_CAP, capped_counts, shown_count


@require_POST
def bulk(request: UserRequest, kind: str, name: str) -> HttpResponse:
    """`selected` ids or `all` that `query` finds; `sure` once the person has answered."""
    record_list = list_of(kind)
    verb = verb_named(record_list, name)
    if verb is None:
        raise Http404
    if not can(request.user, verb.right, kind):
        raise PermissionDenied(_("You may not do this with these records."))
    selection = Selection.sent(request.POST)
    back = list_url(kind, request.POST.get("back", ""))
    total, allowed = _count(request, record_list, selection, verb)
    if not allowed:
        told = _("You have no right to do this with them.") if total else _("Select rows first.")
        messages.warning(request, told)
        return leave_to(request, back)
    is_sure = "sure" in request.POST
    data = request.POST if is_sure else None
    form = verb.form(data, kind=kind, actor=request.user) if verb.form else None
    if is_sure and (form is None or form.is_valid()):
        return _do(request, record_list, selection, verb, name, form, back)
    step = Step(
        title=str(verb.title),
        action=reverse("bulk", args=[kind, name]),
        submit=str(verb.submit),
        back=back,
        form=form,
        text=verb.what(total) % {"shown": shown_count(total)},
        hint=_skipped(total, allowed),
        fields=[*selection.fields, ("back", request.POST.get("back", "")), ("sure", "1")],
        is_danger=verb.is_danger,
    )
    return show_step(request, step, status=422 if is_sure else 200)


def _count(
    request: UserRequest, record_list: type[RecordList], selection: Selection, verb: Verb
) -> tuple[int, int]:
    """How many it is about, and how many of them `verb` may change; both capped."""
    rows = selection.rows(record_list, request.user).select_related(None)
    counts = capped_counts({"all": rows, "allowed": allowed_of(rows, request.user, verb)})
    return counts["all"], counts["allowed"]


def _skipped(total: int, allowed: int) -> str:
    if total > COUNT_CAP:
        return _("Those you have no right to change are skipped.")
    skipped = total - allowed
    if not skipped:
        return ""
    return ngettext(
        "%(count)s of them is skipped: you have no right to change it.",
        "%(count)s of them are skipped: you have no right to change them.",
        skipped,
    ) % {"count": skipped}


def _do(
    request: UserRequest,
    record_list: type[RecordList],
    selection: Selection,
    verb: Verb,
    name: str,
    form: BulkForm | None,
    back: str,
) -> HttpResponse:
    params = form.params if form else {}
    kind = record_list.model.kind
    if _count(request, record_list, selection, verb)[1] > AT_ONCE:
        title = f"{record_list.title}: {verb.title}"
        job = start_job(
            "bulk",
            title=title,
            actor=request.user,
            params={
                "kind": kind,
                "verb": name,
                "change": params,
                "selection": selection.params,
                "back": back,
            },
        )
        return leave_to(request, resolve_url("job_detail", pk=job.pk))
    ids, barred = frozen(record_list, selection, verb, request.user)
    try:
        done = change_all(record_list.model, ids, verb, params, request.user)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, closing_words(verb, done, barred + len(ids) - done))
    return leave_to(request, back)
