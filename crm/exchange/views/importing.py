"""From a file to its last row: choose it, say what it is, look what it would do, do it, undo it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from crm.accounts.http import UserRequest
from crm.accounts.rights import can
from crm.exchange import actions
from crm.exchange.fields import exchange_of
from crm.exchange.import_forms import DialectForm, MappingForm, RulesForm, UploadForm, importable
from crm.exchange.importing.error_file import error_file
from crm.exchange.importing.facsimile import facsimile
from crm.exchange.importing.shown import (
    counted,
    note_reading,
    samples_seen_by,
    staying_seen_by,
)
from crm.exchange.importing.undoing import foresee
from crm.exchange.models import Import
from crm.exchange.reading import UnreadableFile
from crm.exchange.writers import WRITERS
from crm.records.errors import ActionRefused
from crm.records.jobs import cancel_job
from crm.records.lists.addresses import list_url
from crm.records.refusals import refusals_as_messages
from crm.ui.paging import Sort, page_asked_for

PAGE_SIZE, SAMPLES = 30, 3
LONGEST_PAUSE = 5
NEWEST = Sort("created_at", descending=True)
Step = Import.Step


@require_safe
@never_cache
def import_list(request: UserRequest) -> HttpResponse:
    """One's own imports; administrators see everybody's."""
    rows = Import.objects.visible_to(request.user).select_related("user", "job")
    page = page_asked_for(request, rows.defer("head", "report"), NEWEST, size=PAGE_SIZE)
    context = {"imports": page.rows, "page": page, "may_import": bool(importable(request.user))}
    return render(request, "exchange/import_list.html", context)


@require_http_methods(["GET", "POST"])
def import_create(request: UserRequest) -> HttpResponse:
    """The file and its type; `?type=` is the one to begin with."""
    if not importable(request.user):
        raise PermissionDenied(_("You may not import these records."))
    if request.method != "POST":
        form = UploadForm(user=request.user, initial=_asked_type(request))
        return _show_start(request, form)
    form = UploadForm(request.POST, request.FILES, user=request.user)
    if form.is_valid():
        kind, type_ = form.kind_and_type
        try:
            batch = actions.receive_file(
                form.cleaned_data["file"], kind=kind, type_=type_, actor=request.user
            )
        except ActionRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("import_setup", pk=batch.pk)
    return _show_start(request, form, status=422)


def _show_start(request: UserRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"import_form": form, "exchanges": importable(request.user)}
    return render(request, "exchange/import_create.html", context, status=status)


def _asked_type(request: UserRequest) -> dict[str, str]:
    asked = request.GET.get("type", "")
    return {"type": asked} if asked else {}


@require_safe
def import_facsimile(request: UserRequest, kind: str, type_: str, form: str) -> FileResponse:
    """A file to fill in, in the language of the page (F2.11)."""
    exchange = exchange_of(kind)
    if kind not in importable(request.user):
        raise PermissionDenied(_("You may not import these records."))
    if form not in WRITERS:
        raise Http404
    content, name = facsimile(exchange, exchange.type_named(type_), form)
    return FileResponse(content, as_attachment=True, filename=name)


@require_http_methods(["GET", "POST"])
def import_setup(request: UserRequest, pk: int) -> HttpResponse:
    """How the file is read, which column is what, and the rules. `again` only reads it anew."""
    batch = _own(request, pk)
    if batch.is_busy or batch.step not in (Step.DRAFT, Step.CHECK):
        return redirect(batch)
    sent = request.POST if request.method == "POST" else None
    headings = batch.head["headings"]
    reader = DialectForm(sent, batch=batch)
    is_read = sent is None or _is_read(batch, reader)
    is_same = headings == batch.head["headings"]
    mapping = MappingForm(sent if is_same else None, batch=batch, fields=_fields_of(batch))
    rules = RulesForm(sent, batch=batch, user=request.user)
    is_sure = sent is not None and "again" not in sent
    if is_sure and is_read and is_same and mapping.is_valid() and rules.is_valid():
        columns, chosen = mapping.mapping, rules.rules
        with refusals_as_messages(request):
            actions.start_check(batch, mapping=columns, rules=chosen, actor=request.user)
        return redirect(batch)
    context = {
        "import": batch,
        "reader": reader if not is_read else DialectForm(batch=batch),
        "mapping": mapping,
        "rules": rules,
        "columns": _columns(batch, mapping),
        "shows_errors": is_sure and is_same,
    }
    template = "exchange/_import_reading.html" if request.htmx else "exchange/import_setup.html"
    return render(request, template, context, status=422 if is_sure or not is_read else 200)


def _is_read(batch: Import, reader: DialectForm) -> bool:
    """Is the file written as it is said to be? Else the sentence is on the form."""
    if not reader.is_valid():
        return False
    if reader.dialect.to_dict() != batch.dialect:
        try:
            actions.read_again(batch, reader.dialect)
        except (UnreadableFile, ActionRefused) as problem:
            batch.refresh_from_db()
            reader.add_error(None, str(problem))
            return False
    return True


def _fields_of(batch: Import) -> list[Any]:
    exchange = exchange_of(batch.kind)
    return exchange.fields_for(exchange.type_named(batch.type), batch.head["headings"])


def _columns(batch: Import, mapping: MappingForm) -> list[dict[str, Any]]:
    """Each column with its first values and the choice of what it is."""
    lines = [cells for _line, cells in batch.head["lines"]]
    return [
        {
            "heading": heading,
            "samples": [text for cells in lines for text in cells[column : column + 1] if text][
                :SAMPLES
            ],
            "field": mapping[f"column-{column}"],
        }
        for column, heading in enumerate(batch.head["headings"])
    ]


@require_safe
@never_cache
def import_detail(request: UserRequest, pk: int) -> HttpResponse:
    """How far it is; what it would do; what it did."""
    batch = _seen(request, pk)
    if batch.step == Step.DRAFT and not batch.is_busy:
        return redirect("import_setup", pk=pk)
    if request.htmx and not batch.is_busy:
        return HttpResponseClientRefresh()
    asked = request.GET.get("pause", "")
    pause = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
    context: dict[str, Any] = {"import": batch, "job": batch.job, "is_own": _is_own(request, batch)}
    context |= {"pause": min(LONGEST_PAUSE, max(1, pause)), "next_pause": pause + 1}
    if request.htmx:
        return render(request, "exchange/_import_progress.html", context)
    if not batch.is_busy:
        context |= counted(batch) | {"list_url": _list_url(batch)}
        if batch.step == Step.CHECK:
            context["samples"] = samples_seen_by(request.user, batch)
    return render(request, "exchange/import_detail.html", context)


def _list_url(batch: Import) -> str:
    return list_url(batch.kind, f"imported={batch.pk}&tab={batch.type}")


@require_POST
def import_run(request: UserRequest, pk: int) -> HttpResponse:
    batch = _own(request, pk)
    with refusals_as_messages(request):
        actions.start_import(batch, actor=request.user)
    return redirect(batch)


@require_POST
def import_stop(request: UserRequest, pk: int) -> HttpResponse:
    batch = _own(request, pk)
    if batch.job is None or not cancel_job(batch.job):
        messages.info(request, _("It was over already."))
    return redirect(batch)


@require_http_methods(["GET", "POST"])
def import_undo(request: UserRequest, pk: int) -> HttpResponse:
    """GET shows what would go, come back and stay; the POST does it in the background."""
    batch = _seen(request, pk)
    if not can(request.user, "change", batch.kind):
        raise PermissionDenied(_("You may not change these records."))
    if request.method == "POST":
        with refusals_as_messages(request):
            actions.start_undo(batch, actor=request.user)
        return redirect(batch)
    if not batch.can_be_undone:
        return redirect(batch)
    foreseen = foresee(batch)
    context = {"import": batch, "foreseen": foreseen}
    context["staying"] = staying_seen_by(request.user, batch, foreseen["first"])
    return render(request, "exchange/import_undo.html", context)


@require_safe
@never_cache
def import_errors(request: UserRequest, pk: int) -> HttpResponse | FileResponse:
    """The rejected rows as they were, with the reason beside them: to be put right and sent."""
    batch = _seen(request, pk)
    try:
        content, name = error_file(batch)
    except (ActionRefused, UnreadableFile) as problem:
        messages.error(request, str(problem))
        return redirect(batch)
    if batch.user_id != request.user.pk:  # what one wrote oneself, one need not read
        note_reading(request.user, batch, batch.rejected().values("record_id"))
    return FileResponse(content, as_attachment=True, filename=name)


@require_POST
def import_delete(request: UserRequest, pk: int) -> HttpResponse:
    """A file that was never imported."""
    batch = _own(request, pk)
    with refusals_as_messages(request):
        actions.delete_draft(batch)
        messages.success(request, _("The file is gone. Nothing was imported."))
    return redirect("import_list")


def _seen(request: UserRequest, pk: int) -> Import:
    rows = Import.objects.visible_to(request.user).select_related("job", "user")
    return get_object_or_404(rows, pk=pk)


def _is_own(request: UserRequest, batch: Import) -> bool:
    return batch.user_id == request.user.pk and can(request.user, "change", batch.kind)


def _own(request: UserRequest, pk: int) -> Import:
    """Unseen is 404; somebody else's, or one's own without the right any more, is barred."""
    batch = _seen(request, pk)
    if not _is_own(request, batch):
        raise PermissionDenied(_("Only who brought the file imports it."))
    return batch
