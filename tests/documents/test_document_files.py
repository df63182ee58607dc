"""What becomes of files when a transaction fails, a record is purged or two act at once."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.documents import tasks
from crm.documents.actions import (
    add_document,
    attach_file,
    replace_document,
    trash_document,
)
from crm.documents.models import Document, DocumentVersion, UnclaimedFile
from crm.documents.storage import FileRefused, incoming
from crm.records.actions import purge_record, trash_record
from crm.records.errors import ActionRefused
from crm.records.models import Tombstone
from tests.documents import samples
from tests.documents.conftest import Keep
from tests.documents.keeping import content, delete_what_is_owed, told, upload

Stored = Callable[[], list[Path]]


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
