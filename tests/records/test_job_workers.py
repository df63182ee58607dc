"""Background work survives its worker, and no two do it at once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.heartbeat import heard
from crm.records.jobs import Run, start_job
from crm.records.models import Event, Job
from crm.records.models.job import BEAT, LOST_AFTER, MAX_ATTEMPTS, QUIET_AFTER
from crm.records.tasks import run_job, run_waiting_jobs
from tests.records.background import lose, make_job, now_and
from tests.records.test_bulk import quick_companies

pytestmark = pytest.mark.django_db


for_real = pytest.mark.django_db(transaction=True)


def test_a_job_whose_worker_is_alive_is_left_alone(alice: User, work: Any) -> None:
    ran = []
    work(lambda run: ran.append(1) or "")
    job = make_job(alice, state=Job.State.RUNNING, heard_at=timezone.now(), attempts=1)
    run_job(job.pk)
    assert ran == []


def test_a_lost_worker_is_followed_by_another_where_it_stopped(alice: User, work: Any) -> None:
    seen = []
    work(lambda run: seen.append(run.done) or "")
    job = make_job(alice, state=Job.State.RUNNING, attempts=1, done=40)
    lose(job)
    run_job(job.pk)
    assert seen == [40]
    assert now_and(job).attempts == 2


def test_after_several_tries_it_is_given_up(alice: User, work: Any) -> None:
    work(lambda run: "never")
    job = make_job(alice, state=Job.State.RUNNING, attempts=MAX_ATTEMPTS)
    lose(job)
    run_job(job.pk)
    assert now_and(job).state == "failed"
    assert job.message


def test_a_worker_believed_dead_writes_no_more(alice: User, work: Any, files: Any) -> None:
    def slow(run: Run) -> str:
        lose(run.job)
        Job.objects.filter(pk=run.job.pk).update(attempts=2, heard_at=timezone.now())
        run.attach(ContentFile(b"stale"), "stale.csv")
        return "stale"

    work(slow)
    job = make_job(alice)
    run_job(job.pk)
    assert (now_and(job).state, job.message, job.file.name) == ("running", "", "")
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_nothing_is_lost_when_nobody_can_be_woken(
    alice: User, work: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from crm.celery import app

    work(lambda run: "later")
    before = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        with django_capture_on_commit_callbacks(execute=True):
            job = start_job("test", title="A test", actor=alice, params={})
    finally:
        app.conf.broker_url = before
    assert now_and(job).state == "waiting"
    assert job in Job.objects.claimable()


def test_the_sweep_rings_for_those_waiting_and_lost(
    alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    make_job(alice)
    lose(make_job(alice, state=Job.State.RUNNING))
    make_job(alice, state=Job.State.RUNNING, heard_at=timezone.now())
    with django_capture_on_commit_callbacks() as rung:
        run_waiting_jobs()
    assert len(rung) == 2


@for_real
def test_of_two_workers_one_runs_it(alice: User, work: Any) -> None:
    ran: list[int] = []

    def slow(run: Run) -> str:
        ran.append(1)
        time.sleep(0.3)
        return ""

    work(slow)
    job, start = make_job(alice), Barrier(2)

    def worker() -> None:
        start.wait()
        run_job(job.pk)
        connection.close()

    threads = [Thread(target=worker) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ran == [1]
    assert now_and(job).attempts == 1


@for_real
def test_a_long_step_keeps_being_heard(alice: User) -> None:
    job = make_job(alice, state=Job.State.RUNNING, attempts=1)
    lose(job)
    with heard(job, every=0.02):
        time.sleep(0.3)
        assert job not in Job.objects.claimable()


WORKER = "import django; django.setup(); from crm.records.tasks import run_job; run_job({pk})"


@for_real
@pytest.mark.slow
def test_a_worker_killed_in_the_middle_is_followed_and_nothing_is_done_twice(
    alice: User, bob: User
) -> None:
    quick_companies(300, owner=alice)
    params = {
        "kind": "contact",
        "verb": "assign",
        "change": {"owner": bob.pk},
        "selection": {"query": "tab=customers", "selected": [], "all": True, "columns": []},
    }
    job = make_job(alice, task="bulk", params=params)
    place = connection.settings_dict
    host = str(place["HOST"]).replace("/", "%2F")
    address = (
        f"postgres://{place['USER']}:{place['PASSWORD']}@{host}:{place['PORT']}/{place['NAME']}"
    )
    env = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER.format(pk=job.pk)], env=env)
    until = time.monotonic() + 60
    while now_and(job).done == 0 and time.monotonic() < until:
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    done = Contact.objects.filter(owner=bob).count()
    assert 0 < done < 300
    assert now_and(job).state == "running"
    lose(job)
    run_job(job.pk)
    assert (now_and(job).state, job.attempts, job.message) == ("done", 2, "300 assigned.")
    assert Contact.objects.filter(owner=bob).count() == 300
    assert Event.objects.filter(verb="changed").count() == 300


def test_a_worker_has_several_beats_before_it_counts_as_dead() -> None:
    assert BEAT * 3 <= QUIET_AFTER < LOST_AFTER <= timedelta(minutes=1)
