import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.documents import tasks
from crm.documents.actions import (
    add_document,
    attach_file,
    purge_document,
    rename_document,
    replace_document,
    restore_document,
    same_elsewhere,
    trash_document,
)
from crm.documents.models import Document, DocumentVersion, UnclaimedFile
from crm.documents.storage import FileRefused, incoming
from crm.records.actions import purge_record, trash_record
from crm.records.errors import ActionRefused
from crm.records.models import Event, Tombstone
from tests.documents import samples
from tests.documents.conftest import Keep

Stored = Callable[[], list[Path]]


def upload(data: bytes = samples.TEXT, name: str = "canary.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/png")


def told(record: Contact) -> list[tuple[str, str]]:
    events = Event.objects.filter(object_id=record.pk, verb__startswith="document_")
    return list(events.order_by("pk").values_list("verb", "text"))


def content(version: DocumentVersion) -> bytes:
    with version.file.open("rb") as file:
        return file.read()


def delete_what_is_owed() -> None:
    """What the worker does after a purge."""
    for pk in UnclaimedFile.objects.filter(due_at__lte=timezone.now()).values_list("pk", flat=True):
        tasks.delete_unclaimed_file(pk)


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


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_upload_leaves_no_file_and_no_debt(
    company: Contact, alice: User, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the history could not be written")

    monkeypatch.setattr("crm.documents.actions.record_event", fail)
    with pytest.raises(RuntimeError):
        add_document(company, upload(), actor=alice)
    assert not stored()
    assert not Document.objects.exists()
    assert not DocumentVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_callers_rollback_takes_the_file_along(
    company: Contact, alice: User, stored: Stored
) -> None:
    def work() -> None:
        with incoming(upload()) as file, transaction.atomic():
            attach_file(company, file, actor=alice)
            raise RuntimeError("something else of the caller's")

    with pytest.raises(RuntimeError, match="caller"):
        work()
    assert not stored()


@pytest.mark.django_db(transaction=True)
def test_a_killed_upload_is_cleaned_up_a_day_later(stored: Stored) -> None:
    """A kill leaves no time for `except`: the row written before the file remembers."""
    taken = incoming(upload())
    name = taken.__enter__().name
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    delete_what_is_owed()
    assert len(stored()) == 1  # too early: it may still be claimed
    UnclaimedFile.objects.update(due_at=timezone.now())
    delete_what_is_owed()
    assert not stored()
    assert not default_storage.exists(name)
    taken.__exit__(KeyError, KeyError("late"), None)


@pytest.mark.django_db(transaction=True)
def test_an_upload_slower_than_a_day_is_refused_rather_than_lost(
    company: Contact, alice: User
) -> None:
    def work() -> None:
        with incoming(upload()) as file:
            UnclaimedFile.objects.all().delete()
            attach_file(company, file, actor=alice)

    with pytest.raises(FileRefused, match="too long"):
        work()
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failing_callback_after_the_commit_does_not_delete_the_file(
    company: Contact, alice: User, stored: Stored
) -> None:
    def work() -> None:
        with incoming(upload()) as file:
            attach_file(company, file, actor=alice)
            raise RuntimeError("after the commit")

    with pytest.raises(RuntimeError, match="after the commit"):
        work()
    assert len(stored()) == 1
    assert content(Document.objects.get().current) == samples.TEXT


@pytest.mark.django_db(transaction=True)
def test_purging_the_record_removes_every_file_of_it(
    company: Contact, alice: User, keep: Keep, stored: Stored, no_broker: list[Any]
) -> None:
    document = keep(samples.picture(), "a.png")
    replace_document(document, upload(samples.pdf(), "a.pdf"), actor=alice)
    tasks.make_thumbnail(document.versions.first().pk)
    trash_document(keep(b"trashed too"), actor=alice)
    assert len(stored()) == 4
    trash_record(company, actor=alice)
    purge_record(company, actor=alice)
    assert not Document.objects.exists()
    assert not DocumentVersion.objects.exists()
    assert ("crm.documents.tasks.delete_unclaimed_files", ()) in no_broker
    assert len(stored()) == 4  # until the worker comes
    no_broker.clear()
    tasks.delete_unclaimed_files()
    for name, args in no_broker:
        assert name == "crm.documents.tasks.delete_unclaimed_file"
        tasks.delete_unclaimed_file(*args)
        tasks.delete_unclaimed_file(*args)
    assert not stored()
    assert not UnclaimedFile.objects.exists()
    assert Tombstone.objects.get().counts["document"] == 5


@pytest.mark.django_db(transaction=True)
def test_a_purge_that_fails_removes_no_file(
    company: Contact, alice: User, keep: Keep, stored: Stored
) -> None:
    keep()
    trash_record(company, actor=alice)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        purge_record(company, actor=alice).pk / 0  # whatever happens after it
    delete_what_is_owed()
    assert len(stored()) == 1
    assert content(Document.objects.get().current) == samples.TEXT


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Run in threads that start together, each with its own connection; what they raised."""
    start, problems = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        start.wait(5)
        try:
            work()
        except Exception as problem:  # noqa: BLE001  # handed to the test
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return problems


@pytest.mark.django_db(transaction=True)
def test_new_versions_at_once_get_numbers_of_their_own(
    keep: Keep, alice: User, stored: Stored
) -> None:
    document = keep()
    works = [
        lambda n=n: replace_document(document, upload(b"version %d" % n), actor=alice)
        for n in range(6)
    ]
    assert not at_once(*works)
    document.refresh_from_db()
    assert list(document.versions.values_list("number", flat=True)) == [7, 6, 5, 4, 3, 2, 1]
    assert document.current.number == 7
    assert len(stored()) == 7


@pytest.mark.django_db(transaction=True)
def test_trashing_at_once_happens_once(keep: Keep, company: Contact, alice: User) -> None:
    document = keep()
    problems = at_once(*[lambda: trash_document(document, actor=alice)] * 4)
    assert [type(problem) for problem in problems] == [ActionRefused] * 3
    assert [verb for verb, _text in told(company)].count("document_trashed") == 1


@pytest.mark.django_db(transaction=True)
def test_an_upload_during_a_purge_is_refused_or_purged_but_never_lost(
    keep: Keep, company: Contact, alice: User, stored: Stored
) -> None:
    keep()
    trash_record(company, actor=alice)
    at_once(
        lambda: purge_record(company, actor=alice),
        *[lambda n=n: add_document(company, upload(b"%d" % n), actor=alice) for n in range(3)],
    )
    delete_what_is_owed()
    assert not Document.objects.exists()
    assert not stored()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_deleted_once_by_workers_at_once(stored: Stored) -> None:
    taken = incoming(upload())
    taken.__enter__()
    UnclaimedFile.objects.update(due_at=timezone.now())
    pk = UnclaimedFile.objects.get().pk
    assert not at_once(*[lambda: tasks.delete_unclaimed_file(pk)] * 4)
    assert not stored()
    taken.__exit__(KeyError, KeyError("done"), None)
