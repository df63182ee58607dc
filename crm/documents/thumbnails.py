"""Small pictures of what is in a file, made by the worker; a failure is remembered."""

import logging
import subprocess
import sys
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.documents.models import DocumentVersion, DocumentVersionQuerySet, UnclaimedFile
from crm.documents.storage import UPLOAD_MAY_TAKE, claim, new_name

log = logging.getLogger(__name__)
RENDERER = Path(__file__).with_name("render.py")
SECONDS = 20
LARGEST = 2 * 1024 * 1024  # of the thumbnail itself


def give_thumbnail(pk: int) -> None:
    """Give version `pk` the thumbnail it is owed, if it still is. Safe twice and at once.

    The attempt is counted before it is made: a file that kills its worker is not tried for ever.
    """
    owing = DocumentVersion.objects.owing_thumbnail().filter(pk=pk)
    if not owing.update(thumbnail_attempts=F("thumbnail_attempts") + 1):
        return
    version = DocumentVersion.objects.filter(pk=pk).first()
    if version is None:
        return
    with version.file.open("rb") as file:
        drawn = draw(file.read())
    if drawn is None:
        log.info("No thumbnail can be made of version %s", pk)
        _still_owing(pk).update(thumbnail_state=DocumentVersion.Thumbnail.FAILED)
        return
    _keep(pk, drawn)


def draw(data: bytes) -> bytes | None:
    """WebP of at most 320 × 320, or None. See render.py for the limits it works under."""
    command = [sys.executable, "-I", str(RENDERER)]
    try:
        result = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if result.returncode != 0 or not 0 < len(result.stdout) <= LARGEST:
        return None
    return result.stdout


def _keep(pk: int, drawn: bytes) -> None:
    name = new_name()
    UnclaimedFile.objects.create(name=name, due_at=timezone.now() + UPLOAD_MAY_TAKE)
    default_storage.save(name, ContentFile(drawn))
    with transaction.atomic():
        made = DocumentVersion.Thumbnail.MADE
        if _still_owing(pk).update(thumbnail=name, thumbnail_state=made):
            claim(name)
        else:  # another worker was quicker, or the document is gone: nobody needs this one
            UnclaimedFile.objects.filter(name=name).update(due_at=timezone.now())


def _still_owing(pk: int) -> DocumentVersionQuerySet:
    return DocumentVersion.objects.filter(pk=pk, thumbnail_state=DocumentVersion.Thumbnail.OWED)
