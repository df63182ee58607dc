"""Taking an import back, stopping one, and a worker that dies in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.exchange import actions
from crm.exchange.importing.undoing import foresee
from crm.exchange.models import Import
from crm.exchange.reading import Dialect
from crm.records.actions import add_entry, save_record
from crm.records.errors import ActionRefused
from crm.records.jobs import cancel_job, retry_job
from crm.records.models import Event, Job, Tombstone
from crm.records.models.job import LOST_AFTER
from crm.records.tasks import run_job
from tests.exchange.importing import Line, as_csv, bring_in, check, counts, receive, undo, worked
from tests.factories import make_company

for_real = pytest.mark.django_db(transaction=True)


def firms(count: int) -> bytes:
    lines: list[Line] = [["Company name", "VAT id"]]
    return as_csv(lines + [[f"Firm {n}", f"IT{n:011}"] for n in range(1, count + 1)])


@pytest.mark.django_db
def test_undo_takes_back_what_nobody_has_touched_and_tells_the_rest(alice: User) -> None:
    old = make_company("Old", owner=alice, vat_id="IT1234567", phones=["06 111"])
    worked = make_company("Worked", owner=alice, vat_id="IT7654321")
    batch = bring_in(
        alice,
        "Company name,VAT id,Phone 1,Notes\n"
        "New,IT111111,1,\nSeen,IT222222,2,\nChanged,IT333333,3,\n"
        "Older,IT1234567,06 222,hello\nWorking,IT7654321,,hello\n",
        on_match="overwrite",
    )
    assert counts(batch) == {"created": 3, "updated": 2}
    add_entry(Contact.objects.get(name="Seen"), actor=alice, entry="note", text="They called.")
    changed = Contact.objects.get(name="Changed")
    changed.notes = "By hand"
    save_record(changed, actor=alice)
    worked.refresh_from_db()
    worked.notes = "By hand, too"
    save_record(worked, actor=alice)

    foreseen = foresee(batch)
    assert [foreseen[key] for key in ("deleted", "restored", "stay")] == [1, 1, 3]
    batch = undo(batch, alice)
    assert (batch.counts["undone"], batch.counts["stay"]) == (2, 3)
    names = set(Contact.objects.values_list("name", flat=True))
    assert names == {"Old", "Seen", "Changed", "Working"}
    assert Tombstone.objects.get().number == "C-00003"
    old.refresh_from_db()
    assert (old.name, old.notes, old.phone) == ("Old", "", "06 111")
    assert old.phones.get().number == "06 111"
    last = Event.objects.filter(object_id=old.pk).latest("pk")
    assert (last.verb, last.actor) == ("import_undone", alice)
    told = {change["field"]: change["new"] for change in last.changes}
    assert told["name"] == "Old"


@pytest.mark.django_db
def test_what_undoing_would_do_is_reckoned_once_and_the_first_that_stay_are_shown(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_company("Old", owner=alice, vat_id="IT99999999999")
    batch = bring_in(
        alice, firms(5) + b"Older,IT99999999999\nFirm 7,IT77777777777\n", on_match="overwrite"
    )
    for name in ("Firm 5", "Firm 2", "Firm 3", "Firm 7"):
        add_entry(Contact.objects.get(name=name), actor=alice, entry="note", text="They called.")
    monkeypatch.setattr("crm.exchange.importing.undoing.SHOWN", 3)
    with CaptureQueriesContext(connection) as asked:
        foreseen = foresee(batch)
    assert sum('"records_event"' in query["sql"] for query in asked) == 1
    assert [row.line for row in foreseen["first"]] == [3, 4, 6]
    assert [foreseen[key] for key in ("deleted", "restored", "stay")] == [2, 1, 4]


@pytest.mark.django_db
def test_the_month_begins_with_the_run_and_not_with_the_upload(alice: User) -> None:
    batch = bring_in(alice, firms(2))
    old = timezone.now() - timedelta(days=settings.UNDO_DAYS + 1)
    Import.objects.filter(pk=batch.pk).update(created_at=old)
    assert actions.forget_old_imports() == 0
    Import.objects.filter(pk=batch.pk).update(run_at=old)
    undoing = Job.objects.create(task="undo import", title="Undo", user=alice)
    Import.objects.filter(pk=batch.pk).update(job=undoing)
    assert actions.forget_old_imports() == 0, "it is being undone"
    Import.objects.filter(pk=batch.pk).update(job=None)
    assert actions.forget_old_imports() == 1
    batch.refresh_from_db()
    assert not batch.rows.exists()
    assert not batch.file


@pytest.mark.django_db
def test_what_is_worked_on_is_not_read_otherwise_meanwhile(alice: User) -> None:
    seen = receive(alice, firms(2))  # as a second window still has it
    batch = check(seen, alice)
    actions.start_import(batch, actor=alice)
    with pytest.raises(ActionRefused):
        actions.read_again(seen, replace(Dialect.from_dict(seen.dialect), delimiter=";"))
    batch.refresh_from_db()
    assert batch.step == Import.Step.RUN
    assert batch.dialect["delimiter"] == ","


@pytest.mark.django_db
def test_an_import_that_failed_in_the_middle_tells_what_is_in_and_can_be_undone(
    alice: User, as_: Callable[[str], Client]
) -> None:
    batch = bring_in(alice, firms(2))
    assert batch.job
    Import.objects.filter(pk=batch.pk).update(counts={})
    Job.objects.filter(pk=batch.job.pk).update(state=Job.State.FAILED, message="Out of memory")
    page = as_("alice").get(batch.get_absolute_url()).content.decode()
    assert "Out of memory" in page
    assert "Created" in page
    assert reverse("import_undo", args=[batch.pk]) in page
    batch = undo(batch, alice)
    assert not Contact.objects.exists()
    assert (counts(batch), batch.counts["undone"]) == ({"created": 2}, 2)


@pytest.mark.django_db
def test_an_import_knows_the_job_that_tries_it_again(alice: User, admin: User) -> None:
    batch = actions.start_import(check(receive(alice, firms(2)), alice), actor=alice)
    failed = batch.job
    assert failed
    Job.objects.filter(pk=failed.pk).update(state=Job.State.FAILED)
    again = retry_job(failed, actor=admin)
    batch = Import.objects.get(pk=batch.pk)
    assert batch.job == again
    assert batch.is_busy
    with pytest.raises(ActionRefused):
        actions.start_undo(batch, actor=alice)
    assert counts(worked(batch)) == {"created": 2}


@pytest.mark.django_db
def test_what_was_undone_since_it_failed_is_not_tried_again(alice: User, admin: User) -> None:
    batch = bring_in(alice, firms(2))
    failed = batch.job
    assert failed
    Job.objects.filter(pk=failed.pk).update(state=Job.State.FAILED)
    undo(batch, alice)
    with pytest.raises(ActionRefused):
        retry_job(failed, actor=admin)
    assert not Job.objects.filter(state=Job.State.WAITING).exists()


@for_real
def test_what_was_stopped_stays_in_and_can_be_undone(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.exchange.importing.work.CHUNK", 2)
    batch = check(receive(alice, firms(6)), alice)
    batch = actions.start_import(batch, actor=alice)
    job = batch.job
    assert job
    begun: list[int] = []

    def stop_the_second(kind: str) -> None:
        begun.append(1)
        if len(begun) == 2:
            with ThreadPoolExecutor(1) as elsewhere:  # somebody else's connection
                assert elsewhere.submit(_cancelled, job).result()

    monkeypatch.setattr("crm.exchange.importing.running.alone", stop_the_second)
    run_job(job.pk)
    batch.refresh_from_db()
    assert Contact.objects.count() == 2
    assert counts(batch) == {"created": 2}
    undo(batch, alice)
    assert not Contact.objects.exists()


def _cancelled(job: Job) -> bool:
    done = cancel_job(job)
    connection.close()
    return done


SLOW_WORKER = """
import sys, time, django
django.setup()
from crm.exchange.importing import running, work
from crm.records.tasks import run_job
work.CHUNK = 50
store = running._store
def slowly(*args):
    store(*args)
    print("stored", flush=True)
    time.sleep(0.2)
running._store = slowly
run_job(int(sys.argv[1]))
"""


@for_real
@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(alice: User) -> None:
    batch = check(receive(alice, firms(500)), alice)
    batch = actions.start_import(batch, actor=alice)
    assert batch.job
    env = os.environ | {"DATABASE_URL": _address(), "FILES_DIR": str(_files())}
    command = [sys.executable, "-c", SLOW_WORKER, str(batch.job.pk)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        for _chunk in range(3):
            assert worker.stdout.readline() == "stored\n"
        time.sleep(0.1)  # inside a chunk: it is stored, and not committed
        worker.send_signal(signal.SIGKILL)
    done = Contact.objects.count()
    assert 0 < done < 500
    assert done == batch.rows.count()  # the ledger knows exactly what is in
    Job.objects.update(heard_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))
    run_job(batch.job.pk)
    batch.refresh_from_db()
    assert counts(batch) == {"created": 500}
    numbers = sorted(Contact.objects.values_list("number", flat=True))
    assert numbers == [f"C-{n:05}" for n in range(1, 501)]
    assert Contact.objects.values("vat_id").distinct().count() == 500
    assert Event.objects.filter(verb="imported").count() == 500
    assert sorted(batch.rows.values_list("line", flat=True)) == list(range(2, 502))


@for_real
@pytest.mark.slow
def test_two_imports_of_the_same_companies_at_once_make_each_once(alice: User, bob: User) -> None:
    batches = []
    for _time in range(2):
        batch = check(receive(alice, firms(120)), alice)
        batches.append(actions.start_import(batch, actor=alice))

    def work(batch: Import) -> None:
        assert batch.job
        run_job(batch.job.pk)
        connection.close()

    threads = [Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Contact.objects.count() == 120
    found = [counts(Import.objects.get(pk=batch.pk)) for batch in batches]
    assert {"created": 120} in found
    assert {"unchanged": 120} in found


def _address() -> str:
    place = connection.settings_dict
    host = str(place["HOST"]).replace("/", "%2F")
    user = place["USER"] + (f":{place['PASSWORD']}" if place["PASSWORD"] else "")
    port = f":{place['PORT']}" if place["PORT"] else ""
    return f"postgres://{user}@{host}{port}/{place['NAME']}"


def _files() -> object:
    return settings.MEDIA_ROOT
