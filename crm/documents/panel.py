"""Documents of a record, its trashed ones and the versions of each: a page at a time."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from crm.accounts.http import UserRequest
from crm.documents.models import Document, DocumentVersion
from crm.records.models import Record
from crm.ui.paging import Page, Sort, capped_counts, page_asked_for, shown_count

PAGE_SIZE = 20
VERSIONS_IN_LIST = 5
NEWEST = Sort("created_at", descending=True)
LAST_TRASHED = Sort("trashed_at", descending=True)
LAST_VERSION = Sort("number", descending=True)


def documents_shown(request: UserRequest, record: Record) -> dict[str, Any]:
    """?at= is a place among them."""
    versions = DocumentVersion.objects.select_related("uploaded_by", "document")
    every = Document.objects.of(record).alive()
    rows = every.select_related("current__uploaded_by").prefetch_related(
        Prefetch("versions", versions[:VERSIONS_IN_LIST], to_attr="last_versions")
    )
    page = page_asked_for(request, rows, NEWEST, size=PAGE_SIZE, name="at")
    return {"documents": page.rows, "page": page, "count": _count(page, every)}


def trash_shown(request: UserRequest, record: Record) -> dict[str, Any]:
    """?trash_at= is a place among them."""
    every = Document.objects.of(record).trashed()
    page = page_asked_for(request, every, LAST_TRASHED, size=PAGE_SIZE, name="trash_at")
    return {"trashed": page.rows, "trash_page": page, "trash_count": _count(page, every)}


def versions_shown(request: UserRequest, document: Document) -> dict[str, Any]:
    """?versions_at= is a place among them."""
    rows = document.versions.select_related("uploaded_by", "document")
    page = page_asked_for(request, rows, LAST_VERSION, size=PAGE_SIZE, name="versions_at")
    return {"versions": page.rows, "versions_page": page}


def _count(page: Page, every: QuerySet) -> str:
    """Only where there are more than shown are they counted."""
    if not page.newer and not page.older:
        return shown_count(len(page.rows))
    return shown_count(capped_counts({"all": every})["all"])
