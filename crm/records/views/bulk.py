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
from crm.records.bulk import AT_ONCE, VERBS, Verb, allowed_of, change_all, closing_words, frozen
from crm.records.bulk_forms import FORMS, BulkForm
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
    record_list, verb = list_of(kind), VERBS.get(name)
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
    form = FORMS[name](data, kind=kind, actor=request.user) if name in FORMS else None
    if is_sure and (form is None or form.is_valid()):
        return _do(request, record_list, selection, name, form, back)
    step = Step(
        title=str(verb.title),
        action=reverse("bulk", args=[kind, name]),
        submit=_("Move to trash") if name == "trash" else _("Go on"),
        back=back,
        form=form,
        text=_what(name, total),
        hint=_skipped(total, allowed),
        fields=[*selection.fields, ("back", request.POST.get("back", "")), ("sure", "1")],
        is_danger=name == "trash",
    )
    return show_step(request, step, status=422 if is_sure else 200)


def _count(
    request: UserRequest, record_list: type[RecordList], selection: Selection, verb: Verb
) -> tuple[int, int]:
    """How many it is about, and how many of them `verb` may change; both capped."""
    rows = selection.rows(record_list, request.user).select_related(None)
    counts = capped_counts({"all": rows, "allowed": allowed_of(rows, request.user, verb)})
    return counts["all"], counts["allowed"]


def _what(name: str, total: int) -> str:
    texts = {
        "assign": ngettext(
            "%(shown)s record gets a new owner.", "%(shown)s records get a new owner.", total
        ),
        "tag": ngettext(
            "The tags of %(shown)s record change.", "The tags of %(shown)s records change.", total
        ),
        "trash": ngettext(
            "%(shown)s record goes to the trash with all that hangs on it. It can be brought back "
            "until the trash is emptied.",
            "%(shown)s records go to the trash with all that hangs on them. They can be brought "
            "back until the trash is emptied.",
            total,
        ),
    }
    return texts[name] % {"shown": shown_count(total)}


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
    name: str,
    form: BulkForm | None,
    back: str,
) -> HttpResponse:
    verb, params = VERBS[name], form.params if form else {}
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
