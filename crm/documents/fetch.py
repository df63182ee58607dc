"""One document or version for a view: as visible as its record, asked on every request (B43)."""

from django.http import Http404
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.documents.models import Document, DocumentVersion
from crm.records.actions.opening import note_opening
from crm.records.fetch import fetch


def fetch_document(user: User, action: str, pk: int, *, trashed: bool = False) -> Document:
    """Http404 if the record is not visible, PermissionDenied if `action` on it is not allowed."""
    rows = Document.objects.on_records_visible_to(user)
    rows = rows.trashed() if trashed else rows.alive()
    related = ("current__uploaded_by", "created_by", "content_type")
    document = rows.select_related(*related).filter(pk=pk).first()
    if document is None:
        raise Http404(_("There is nothing here, or it is not for you."))
    _demand(user, action, document)
    _note(user, document)
    return document


def fetch_version(user: User, pk: int) -> DocumentVersion:
    """Http404 also when the document is in the trash."""
    rows = DocumentVersion.objects.visible_to(user).select_related("document")
    version = rows.filter(pk=pk).first()
    if version is None:
        raise Http404(_("There is nothing here, or it is not for you."))
    _note(user, version.document)
    return version


def _demand(user: User, action: str, document: Document) -> None:
    if action != "view":
        fetch(user, action, type(document.home), document.object_id)


def _note(user: User, document: Document) -> None:
    if user.is_administrator:  # who else sees a restricted record is its owner or listed on it
        note_opening(document.home, actor=user)
