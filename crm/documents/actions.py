"""What is done with documents; each tells the record's history in the same transaction."""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.documents.filetypes import THUMBNAILED
from crm.documents.models import Document, DocumentVersion
from crm.documents.names import clean_name, with_suffix_of
from crm.documents.storage import Incoming, claim, disown, incoming
from crm.records.actions import record_event
from crm.records.errors import ActionRefused
from crm.records.models import Record
from crm.ui.wake import wake

THUMBNAIL_TASK = "crm.documents.tasks.make_thumbnail"
REMOVAL_TASK = "crm.documents.tasks.delete_unclaimed_files"


def add_document(record: Record, upload: File, *, actor: User | None) -> Document:
    """A new document on `record`. Raises ActionRefused with a sentence naming the file.

    Inside a transaction of your own, enter `incoming()` around it and call `attach_file`.
    """
    with incoming(upload) as file:
        return attach_file(record, file, actor=actor)


def replace_document(document: Document, upload: File, *, actor: User | None) -> DocumentVersion:
    """A new version of `document`; the older ones stay."""
    with incoming(upload) as file:
        return add_version(document, file, actor=actor)


@transaction.atomic
def attach_file(record: Record, file: Incoming, *, actor: User | None) -> Document:
    # The lock makes a purge wait for us or us see that the record is gone.
    rows = type(record).objects.select_for_update(no_key=True, of=("self",))
    if not rows.alive().filter(pk=record.pk).exists():
        raise ActionRefused(_("The record is not here any more."))
    document = Document(record=record, name=file.original_name, created_by=actor)
    document.save()
    _write_version(document, 1, file, actor)
    record_event(record, "document_added", actor=actor, text=document.name)
    return document


@transaction.atomic
def add_version(document: Document, file: Incoming, *, actor: User | None) -> DocumentVersion:
    stored = _lock(document, is_trashed=False)
    newest = stored.versions.first()
    if newest and newest.sha256 == file.sha256:
        words = {"name": file.original_name}
        raise ActionRefused(_("“%(name)s” is the same as the current version.") % words)
    number = newest.number + 1 if newest else 1
    version = _write_version(stored, number, file, actor)
    change: dict[str, Any] = {"field": "version", "old": number - 1, "new": number}
    record_event(stored.home, "document_replaced", actor=actor, text=stored.name, changes=[change])
    return version


@transaction.atomic
def rename_document(document: Document, name: str, *, actor: User | None) -> Document:
    """The ending stays the file's own, so that a picture never turns into a program."""
    stored = _lock(document, is_trashed=False)
    old, new = stored.name, with_suffix_of(clean_name(name), stored.name)
    if new != old:
        stored.name = new
        stored.save(update_fields=["name"])
        changes: list[dict[str, Any]] = [{"field": "name", "old": old, "new": new}]
        record_event(stored.home, "document_renamed", actor=actor, text=new, changes=changes)
    return stored


@transaction.atomic
def trash_document(document: Document, *, actor: User | None) -> Document:
    stored = _lock(document, is_trashed=False)
    stored.trashed_at, stored.trashed_by = timezone.now(), actor
    stored.save(update_fields=["trashed_at", "trashed_by"])
    record_event(stored.home, "document_trashed", actor=actor, text=stored.name)
    return stored


@transaction.atomic
def restore_document(document: Document, *, actor: User | None) -> Document:
    stored = _lock(document, is_trashed=True)
    stored.trashed_at = stored.trashed_by = None
    stored.save(update_fields=["trashed_at", "trashed_by"])
    record_event(stored.home, "document_restored", actor=actor, text=stored.name)
    return stored


@transaction.atomic
def purge_document(document: Document, *, actor: User | None) -> None:
    """End a trashed document with all its versions. Cannot be undone."""
    stored = _lock(document, is_trashed=True)
    record, name = stored.home, stored.name
    disown_files_of(Document.objects.filter(pk=stored.pk))
    stored.delete()
    record_event(record, "document_purged", actor=actor, text=name)


def disown_files_of(documents: Any) -> None:
    """Owe the removal of every file of `documents` (a queryset about to be deleted)."""
    versions = DocumentVersion.objects.filter(document__in=documents)
    disown(name for pair in versions.values_list("file", "thumbnail") for name in pair)
    wake(REMOVAL_TASK)


def same_elsewhere(document: Document) -> Document | None:
    """Another document of the same record that now holds the very same bytes."""
    current = document.current
    if current is None:
        return None
    twins = Document.objects.alive().of(document.home).exclude(pk=document.pk)
    return twins.filter(current__sha256=current.sha256).first()


def _lock(document: Document, *, is_trashed: bool) -> Document:
    rows = Document.objects.select_for_update(of=("self",))
    stored = rows.filter(pk=document.pk).first()
    if stored is None or stored.record is None:
        raise ActionRefused(_("The document is not here any more."))
    if stored.is_trashed and not is_trashed:
        raise ActionRefused(_("This document is in the trash."))
    if is_trashed and not stored.is_trashed:
        raise ActionRefused(_("This document is not in the trash any more."))
    return stored


def _write_version(
    document: Document, number: int, file: Incoming, actor: User | None
) -> DocumentVersion:
    state = DocumentVersion.Thumbnail
    is_drawn = file.content_type in THUMBNAILED
    version = DocumentVersion.objects.create(
        document=document,
        number=number,
        file=file.name,
        original_name=file.original_name,
        size=file.size,
        content_type=file.content_type,
        sha256=file.sha256,
        uploaded_by=actor,
        thumbnail_state=state.OWED if is_drawn else state.NONE,
    )
    claim(file.name)
    document.current = version
    document.save(update_fields=["current"])
    if is_drawn:
        wake(THUMBNAIL_TASK, version.pk)
    return version
