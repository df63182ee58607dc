import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.documents import tasks
from crm.documents.actions import (
    purge_document,
    rename_document,
    replace_document,
    restore_document,
    same_elsewhere,
    trash_document,
)
from crm.documents.models import Document, UnclaimedFile
from crm.documents.storage import FileRefused
from crm.records.actions import trash_record
from crm.records.errors import ActionRefused
from tests.documents import samples
from tests.documents.conftest import Keep
from tests.documents.keeping import content, delete_what_is_owed, told, upload

Stored = Callable[[], list[Path]]


def test_a_file_is_kept_under_a_random_name_with_what_it_is(
    keep: Keep, alice: User, stored: Stored
) -> None:
    document = keep(samples.pdf(), "../../Über Offer\u202e.pdf")
    version = document.current
    assert document.name == "Über Offer.pdf"
    assert version.content_type == "application/pdf"  # not the sender's word
    assert version.sha256 == hashlib.sha256(samples.pdf()).hexdigest()
    assert version.size == len(samples.pdf())
    assert (version.number, version.uploaded_by, document.created_by) == (1, alice, alice)
    (path,) = stored()
    assert path.read_bytes() == samples.pdf()
    assert "Offer" not in str(path)
    assert len(path.name) == 32
    assert not UnclaimedFile.objects.exists()


def test_what_is_stored_can_be_read_by_nobody_else_on_the_machine(
    keep: Keep, stored: Stored
) -> None:
    keep()
    (path,) = stored()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.txt", "“empty.txt” is empty."),
        (samples.exe(), "holiday.jpg", "program or a script"),
        (samples.SHELL, "notes.txt", "program or a script"),
        (b"echo hi", "run.BAT", "program or a script"),
        (samples.TEXT, "a.js", "program or a script"),
    ],
)
def test_what_is_not_kept_is_told_by_name_and_leaves_nothing(
    keep: Keep, company: Contact, stored: Stored, data: bytes, name: str, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        keep(data, name)
    assert not stored()
    assert not Document.objects.exists()
    assert not told(company)


def test_a_file_over_the_limit_is_refused(keep: Keep, settings: Any) -> None:
    settings.MAX_UPLOAD_MB = 1
    keep(b"x" * 1024 * 1024, "just.txt")
    with pytest.raises(FileRefused, match=r"“big.txt” is larger than 1 MB\."):
        keep(b"x" * (1024 * 1024 + 1), "big.txt")


def test_archives_are_kept_as_they_are(keep: Keep, stored: Stored) -> None:
    document = keep(samples.bomb(), "bomb.zip")
    assert document.current.content_type == "application/zip"
    assert [path.read_bytes() for path in stored()] == [samples.bomb()]


def test_the_history_tells_every_step(keep: Keep, company: Contact, alice: User) -> None:
    document = keep()
    replace_document(document, upload(b"two", "two.md"), actor=alice)
    rename_document(document, "Offer", actor=alice)
    trash_document(document, actor=alice)
    restore_document(document, actor=alice)
    trash_document(document, actor=alice)
    purge_document(document, actor=None)
    assert told(company) == [
        ("document_added", "canary.txt"),
        ("document_replaced", "canary.txt"),
        ("document_renamed", "Offer.txt"),
        ("document_trashed", "Offer.txt"),
        ("document_restored", "Offer.txt"),
        ("document_trashed", "Offer.txt"),
        ("document_purged", "Offer.txt"),
    ]


def test_a_new_version_keeps_the_old_one(keep: Keep, alice: User) -> None:
    document = keep(b"one", "offer.txt")
    first = document.current
    second = replace_document(document, upload(samples.pdf(), "offer.pdf"), actor=alice)
    document.refresh_from_db()
    assert document.current == second
    assert list(document.versions.values_list("number", flat=True)) == [2, 1]
    assert second.download_name == "offer.txt.pdf"
    first.refresh_from_db()
    first.document = document
    assert first.download_name == "offer (v1).txt"
    assert content(first) == b"one"


def test_the_same_content_is_no_new_version(keep: Keep, alice: User, stored: Stored) -> None:
    document = keep()
    with pytest.raises(ActionRefused, match="is the same as the current version"):
        replace_document(document, upload(), actor=alice)
    assert len(stored()) == 1


def test_the_same_file_twice_on_a_record_is_kept_and_told(keep: Keep) -> None:
    first = keep()
    assert same_elsewhere(first) is None
    assert same_elsewhere(keep(name="again.txt")) == first


def test_a_rename_never_changes_the_ending(keep: Keep, alice: User) -> None:
    document = keep(samples.picture(), "photo.png")
    assert rename_document(document, "Boiler 2.0", actor=alice).name == "Boiler 2.0.png"
    assert rename_document(document, "run.exe", actor=alice).name == "run.exe.png"
    assert rename_document(document, "New.PNG", actor=alice).name == "New.PNG"


def test_a_document_in_the_trash_is_not_changed(keep: Keep, alice: User) -> None:
    document = trash_document(keep(), actor=alice)
    for act in (
        lambda: trash_document(document, actor=alice),
        lambda: rename_document(document, "x", actor=alice),
        lambda: replace_document(document, upload(b"new"), actor=alice),
    ):
        with pytest.raises(ActionRefused, match="in the trash"):
            act()
    restore_document(document, actor=alice)
    with pytest.raises(ActionRefused, match="not in the trash"):
        restore_document(document, actor=alice)


def test_a_trashed_record_takes_no_more_files(company: Contact, keep: Keep, alice: User) -> None:
    trash_record(company, actor=alice)
    with pytest.raises(ActionRefused, match="not here any more"):
        keep()


def test_what_is_long_in_the_trash_ends_with_its_files(
    keep: Keep, alice: User, stored: Stored, settings: Any
) -> None:
    old, young = keep(b"old"), keep(b"young")
    for document in (old, young):
        trash_document(document, actor=alice)
    limit = timezone.now() - timedelta(days=settings.TRASH_DAYS, hours=1)
    Document.objects.filter(pk=old.pk).update(trashed_at=limit)
    tasks.purge_expired_documents()
    tasks.purge_expired_documents()
    delete_what_is_owed()
    assert list(Document.objects.values_list("pk", flat=True)) == [young.pk]
    assert [path.read_bytes() for path in stored()] == [b"young"]
