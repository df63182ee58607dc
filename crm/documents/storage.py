"""Bringing an upload safely into the private storage, and leaving no litter there."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.documents.content import content_type_of
from crm.documents.filetypes import PROGRAM
from crm.documents.models import UnclaimedFile
from crm.documents.names import clean_name, runs_by_name
from crm.records.errors import ActionRefused

UPLOAD_MAY_TAKE = timedelta(days=1)


class FileRefused(ActionRefused):
    """This file is not kept; the sentence says why."""


@dataclass(frozen=True)
class Incoming:
    """A checked file in the storage that no version claims yet. `name` is its storage name."""

    name: str
    original_name: str
    size: int
    content_type: str
    sha256: str


@contextmanager
def incoming(upload: File) -> Iterator[Incoming]:
    """Check `upload` and store it; if the block raises, the file is gone again.

    Enter it outside of the transaction that claims the file: then even a killed process leaves
    nothing behind. Raises FileRefused.
    """
    original_name = clean_name(upload.name or "")
    size = _checked_size(upload, original_name)
    content_type = _checked_type(upload, original_name)
    sha256 = _hash(upload)
    with stored(upload) as name:
        yield Incoming(name, original_name, size, content_type, sha256)


@contextmanager
def stored(content: File) -> Iterator[str]:
    """The name under which `content` is in the storage, for the block to claim; what it does not
    claim is gone a day later, and at once if it raises."""
    name = new_name()
    UnclaimedFile.objects.create(name=name, due_at=timezone.now() + UPLOAD_MAY_TAKE)
    try:
        content.seek(0)
        default_storage.save(name, content)
        yield name
    except BaseException:
        _discard(name)
        raise


def new_name() -> str:
    """documents/ab/cd/<uuid>: nothing of the user's own words, and no folder grows too large."""
    word = uuid.uuid4().hex
    return f"documents/{word[:2]}/{word[2:4]}/{word}"


def claim(name: str) -> None:
    """In the transaction that writes the version: the file has an owner from its commit on."""
    if not UnclaimedFile.objects.filter(name=name).delete()[0]:
        raise FileRefused(_("The upload took too long. Please try again."))


def disown(names: Iterable[str]) -> None:
    """In the transaction that deletes the rows: the files follow once it has committed."""
    now = timezone.now()
    UnclaimedFile.objects.bulk_create(
        [UnclaimedFile(name=name, due_at=now) for name in names if name], ignore_conflicts=True
    )


def _discard(name: str) -> None:
    # A callback of the commit may have raised after the file was claimed: then it stays.
    if connection.needs_rollback or UnclaimedFile.objects.filter(name=name).exists():
        default_storage.delete(name)


def _checked_size(upload: File, name: str) -> int:
    if not upload.size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    if upload.size > settings.MAX_UPLOAD_MB * 1024 * 1024:
        words = {"name": name, "limit": settings.MAX_UPLOAD_MB}
        raise FileRefused(_("“%(name)s” is larger than %(limit)s MB.") % words)
    return int(upload.size)


def _checked_type(upload: File, name: str) -> str:
    content_type = content_type_of(upload)  # type: ignore[arg-type]  # File passes on read and seek
    if content_type == PROGRAM or runs_by_name(name):
        sentence = _("“%(name)s” is a program or a script, and those are not kept here.")
        raise FileRefused(sentence % {"name": name})
    return content_type


def _hash(upload: File) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
