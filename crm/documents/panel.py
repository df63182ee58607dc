"""Documents of a record, its trashed ones and the versions of each: a page at a time."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from crm.accounts.http import UserRequest
from crm.documents.models import Document, DocumentVersion
from crm.records.models import Record
from crm.records.together import read_together
from crm.ui.paging import (
    Page,
    Sort,
    capped_count,
    page_asked_for,
    pages_asked_for,
    shown_count,
)

PAGE_SIZE = 20
VERSIONS_IN_LIST = 5
NEWEST = Sort("created_at", descending=True)
LAST_TRASHED = Sort("trashed_at", descending=True)
LAST_VERSION = Sort("number", descending=True)


def documents_shown(request: UserRequest, record: Record, *, with_trash: bool) -> dict[str, Any]:
    """?at= is a place among them, ?trash_at= among those in the trash; one statement reads both,
    and one their versions."""
    every = Document.objects.of(record)
    parts = {"at": (every.alive(), NEWEST)}
    if with_trash:
        parts["trash_at"] = (every.trashed(), LAST_TRASHED)
    counted = {
        name: (rows.annotate(total=capped_count(rows)), sort)
        for name, (rows, sort) in parts.items()
    }
    pages = pages_asked_for(request, counted, size=PAGE_SIZE, read=read_together)
    page, trash = pages["at"], pages.get("trash_at")
    _take_versions(page.rows)
    shown = {"documents": page.rows, "page": page, "count": _count(page)}
    if trash:
        shown |= {"trashed": trash.rows, "trash_page": trash, "trash_count": _count(trash)}
    return shown


def _take_versions(documents: list[Document]) -> None:
    """The last ones of each, among which is the current one."""
    versions = DocumentVersion.objects.select_related("uploaded_by")[:VERSIONS_IN_LIST]
    prefetch_related_objects(documents, Prefetch("versions", versions, to_attr="last_versions"))
    for document in documents:
        for version in document.last_versions:  # type: ignore[attr-defined]  # see to_attr
            if version.pk == document.current_id:
                document.current = version


def versions_shown(request: UserRequest, document: Document) -> dict[str, Any]:
    """?versions_at= is a place among them."""
    rows = document.versions.select_related("uploaded_by", "document")
    page = page_asked_for(request, rows, LAST_VERSION, size=PAGE_SIZE, name="versions_at")
    return {"versions": page.rows, "versions_page": page}


def _count(page: Page) -> str:
    return shown_count(page.rows[0].total if page.rows else 0)
