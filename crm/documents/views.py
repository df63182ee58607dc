"""Pages and verbs of documents. Every one starts at the record's rights."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.http import UserRequest
from crm.documents import actions, delivery
from crm.documents.fetch import fetch_document, fetch_version
from crm.documents.forms import RenameForm, ReplaceForm
from crm.documents.models import Document, DocumentVersion
from crm.documents.panel import documents_shown, versions_shown
from crm.documents.preview import text_preview
from crm.records.errors import ActionRefused
from crm.records.fetch import allows, fetch, model_of
from crm.records.giving_back import gives_back
from crm.records.models import Record


@require_safe
def document_panel(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    record = fetch(request.user, "view", model_of(kind), pk)
    return _panel(request, record, can_change=allows(request.user, "change", record))


@require_POST
@gives_back()
def document_upload(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Each file by itself: one that is refused does not take the others with it."""
    record = fetch(request.user, "change", model_of(kind), pk)
    results = [_keep(request, record, upload) for upload in request.FILES.getlist("files")]
    errors = [result["error"] for result in results if result["error"]]
    if not results:
        errors = [_("Choose at least one file.")]
    status = 422 if errors else 201
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        notes = [result["note"] for result in results if result["note"]]
        answer = {"results": results, "errors": errors, "notes": notes}
        return JsonResponse(answer, status=status)
    if errors:
        told = {"errors": errors, "results": results}
        return _panel(request, record, can_change=True, status=422, **told)
    for result in results:
        if result["note"]:
            messages.warning(request, result["note"])
    words = ngettext("%(count)s file added.", "%(count)s files added.", len(results))
    messages.success(request, words % {"count": len(results)})
    return redirect(record)


@require_safe
def document_preview(request: UserRequest, pk: int) -> HttpResponse:
    document = fetch_document(request.user, "view", pk)
    return _preview(request, document, document.current)


@require_safe
def document_version_preview(request: UserRequest, pk: int) -> HttpResponse:
    version = fetch_version(request.user, pk)
    document = fetch_document(request.user, "view", version.document_id)
    return _preview(request, document, document.versions.get(pk=pk))


@require_safe
def document_download(request: UserRequest, pk: int) -> HttpResponseBase:
    document = fetch_document(request.user, "view", pk)
    return delivery.as_download(request, _current(document))


@require_safe
def document_version_download(request: UserRequest, pk: int) -> HttpResponseBase:
    return delivery.as_download(request, fetch_version(request.user, pk))


@require_safe
def document_version_inline(request: UserRequest, pk: int) -> HttpResponseBase:
    return delivery.inline(request, fetch_version(request.user, pk))


@require_safe
def document_thumbnail(request: UserRequest, pk: int) -> HttpResponseBase:
    document = fetch_document(request.user, "view", pk)
    return delivery.thumbnail(request, _current(document))


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back(RenameForm)
def document_rename(request: UserRequest, pk: int) -> HttpResponse:
    document = fetch_document(request.user, "change", pk)
    form = RenameForm(request.POST or None, initial={"name": document.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_document(document, form.cleaned_data["name"], actor=request.user)
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Renamed."))
            return redirect(document)
    return _form_page(request, document, form, _("Rename"))


@require_http_methods(["GET", "HEAD", "POST"])
@gives_back(ReplaceForm)
def document_replace(request: UserRequest, pk: int) -> HttpResponse:
    document = fetch_document(request.user, "change", pk)
    form = ReplaceForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            version = actions.replace_document(document, upload, actor=request.user)
        except ActionRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            words = {"number": version.number}
            messages.success(request, _("This is version %(number)s now.") % words)
            return redirect(document)
    return _form_page(request, document, form, _("Upload a new version"))


@require_POST
def document_trash(request: UserRequest, pk: int) -> HttpResponse:
    document = fetch_document(request.user, "change", pk)
    words = _("“%(name)s” is in the trash.") % {"name": document.name}
    try:
        actions.trash_document(document, actor=request.user)
    except ActionRefused as refusal:
        return _told(request, document, str(refusal), level="error")
    undo = reverse("document_restore", args=[document.pk])
    return _told(request, document, words, undo=undo)


@require_POST
def document_restore(request: UserRequest, pk: int) -> HttpResponse:
    document = fetch_document(request.user, "change", pk, trashed=True)
    words = _("“%(name)s” is back.") % {"name": document.name}
    try:
        actions.restore_document(document, actor=request.user)
    except ActionRefused as refusal:
        return _told(request, document, str(refusal), level="error")
    return _told(request, document, words)


def _keep(request: UserRequest, record: Record, upload: UploadedFile) -> dict[str, Any]:
    try:
        document = actions.add_document(record, upload, actor=request.user)
    except ActionRefused as refusal:
        return {"name": upload.name, "id": None, "error": str(refusal), "note": ""}
    twin = actions.same_elsewhere(document)
    words = {"name": document.name, "twin": twin.name if twin else ""}
    note = _("“%(name)s” is kept; the same file is already here as “%(twin)s”.") % words
    return {"name": document.name, "id": document.pk, "error": "", "note": note if twin else ""}


def _panel(
    request: UserRequest, record: Record, *, can_change: bool, status: int = 200, **context: Any
) -> HttpResponse:
    """htmx gets the panel, its list or the rows that follow; a browser without it a page."""
    context |= {
        "record": record,
        "can_change": can_change,
        "max_bytes": settings.MAX_UPLOAD_MB * 1024 * 1024,
        "panel_url": reverse("document_panel", args=[record.kind, record.pk]),
        **documents_shown(request, record, with_trash=can_change),
    }
    return render(request, _part(request), context, status=status)


def _part(request: UserRequest) -> str:
    if not request.htmx:
        return "documents/panel.html"
    if "at" in request.GET:
        return "documents/_rows.html"
    if "trash_at" in request.GET:
        return "documents/_trash_rows.html"
    is_list = request.htmx.target == "documents-list"
    return "documents/_list.html" if is_list else "documents/_panel.html"


def _preview(
    request: UserRequest, document: Document, version: DocumentVersion | None
) -> HttpResponse:
    context = {
        "document": document,
        "record": document.home,
        "version": version,
        **versions_shown(request, document),
        "text": text_preview(version) if version else None,
        "can_change": allows(request.user, "change", document.home),
    }
    return render(request, "documents/preview.html", context)


def _form_page(request: UserRequest, document: Document, form: Any, title: str) -> HttpResponse:
    context = {"document": document, "record": document.home, "form": form, "heading": title}
    status = 422 if form.is_bound else 200
    return render(request, "documents/form.html", context, status=status)


def _told(
    request: UserRequest, document: Document, text: str, *, level: str = "success", undo: str = ""
) -> HttpResponse:
    """What has been done as a toast; htmx gets the list anew, others the record's card."""
    if not request.htmx:
        messages.add_message(request, getattr(messages, level.upper()), text)
        return redirect(document.home)
    response = _panel(request, document.home, can_change=True)
    toast = {"text": text, "level": level} | ({"undo": undo} if undo else {})
    response["HX-Trigger"] = json.dumps({"toast": toast})
    return response


def _current(document: Document) -> DocumentVersion:
    assert document.current is not None  # every document is written with its first version
    document.current.document = document
    return document.current
