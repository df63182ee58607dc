"""What the alarm clock does for documents. Every task may run twice, late, or on two workers."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from crm.documents.actions import purge_document
from crm.documents.models import Document, DocumentVersion, UnclaimedFile
from crm.documents.thumbnails import give_thumbnail
from crm.records.errors import ActionRefused
from crm.ui.wake import wake

log = logging.getLogger(__name__)
BATCH = 200


@shared_task(time_limit=120)
def make_thumbnail(pk: int) -> None:
    give_thumbnail(pk)


@shared_task
def make_missing_thumbnails() -> None:
    """Every five minutes: what a dead broker or worker left owing."""
    owing = DocumentVersion.objects.owing_thumbnail().order_by("thumbnail_attempts", "uploaded_at")
    for pk in owing.values_list("pk", flat=True)[:BATCH]:
        wake(make_thumbnail.name, pk)


@shared_task
def delete_unclaimed_files() -> None:
    """Hourly and after a purge. One task a file: a storage that fails on one delays no other."""
    due = UnclaimedFile.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    for pk in due.values_list("pk", flat=True)[:BATCH]:
        wake(delete_unclaimed_file.name, pk)


@shared_task
@transaction.atomic
def delete_unclaimed_file(pk: int) -> None:
    """The lock keeps a late upload from claiming what is being deleted."""
    rows = UnclaimedFile.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=pk, due_at__lte=timezone.now()).first()
    if row is not None:
        default_storage.delete(row.name)
        row.delete()


@shared_task
def purge_expired_documents() -> None:
    """Hourly: what has been in the trash for TRASH_DAYS ends."""
    limit = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    for document in Document.objects.trashed().filter(trashed_at__lt=limit)[:BATCH]:
        try:
            purge_document(document, actor=None)
        except ActionRefused as refusal:
            log.info("Document %s stays in the trash: %s", document.pk, refusal)
