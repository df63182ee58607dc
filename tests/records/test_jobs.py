"""Background work: claimed once, survives its worker, ends when told, and is its owner's alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records import jobs
from crm.records.errors import ActionRefused
from crm.records.heartbeat import heard
from crm.records.jobs import Run, background, cancel_job, retry_job, start_job
from crm.records.models import Event, Job
from crm.records.models.job import BEAT, LOST_AFTER, MAX_ATTEMPTS, QUIET_AFTER
from crm.records.tasks import delete_expired_files, run_job, run_waiting_jobs
from tests.records.test_bulk import quick_companies

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]
for_real = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work() -> Iterator[Callable[[Callable[[Run], str]], str]]:
    """Register a job for the test only."""
    known = dict(jobs._registry)

    def register(does: Callable[[Run], str]) -> str:
        background("test")(does)
        return "test"

    yield register
    jobs._registry.clear()
    jobs._registry.update(known)


@pytest.fixture
def files(tmp_path: Any) -> Iterator[Any]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path


def make_job(user: User, **fields: Any) -> Job:
    fields.setdefault("task", "test")
    fields.setdefault("title", "A test")
    return Job.objects.create(user=user, **fields)


def now_and(job: Job) -> Job:
    job.refresh_from_db()
    return job


def lose(job: Job) -> None:
    """As after a worker was killed: nothing heard for longer than it takes."""
    Job.objects.filter(pk=job.pk).update(heard_at=timezone.now() - LOST_AFTER * 1.1)


def test_a_job_runs_and_closes_with_its_sentence(alice: User, work: Any) -> None:
    work(lambda run: f"Done for {run.user.username}.")
    job = start_job("test", title="A test", actor=alice, params={})
    run_job(job.pk)
    assert (now_and(job).state, job.message, job.attempts) == ("done", "Done for alice.", 1)


def test_a_finished_job_is_not_run_again(alice: User, work: Any) -> None:
    ran = []
    work(lambda run: ran.append(1) or "")
    job = make_job(alice)
    run_job(job.pk)
    run_job(job.pk)
    assert ran == [1]


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


def test_a_failed_job_goes_on_as_another_where_it_got_to(
    alice: User, admin: User, as_: As, work: Any
) -> None:
    seen = []
    work(lambda run: seen.append((run.user, run.done, run.params["ids"])) or "Done.")
    job = make_job(alice, state=Job.State.FAILED, attempts=3, done=40, params={"ids": [1, 2]})
    fine = make_job(alice, state=Job.State.DONE)
    for _twice in range(2):
        data = {"action": "try_again", "_selected_action": [job.pk, fine.pk]}
        assert as_("admin").post("/admin/records/job/", data).status_code == 302
    again = Job.objects.get(state=Job.State.WAITING)
    assert (again.user, again.title, again.done) == (alice, job.title, 40)
    line = LogEntry.objects.get()
    assert (line.user, line.object_id) == (admin, str(again.pk))
    run_job(again.pk)
    run_job(job.pk)
    assert seen == [(alice, 40, [1, 2])]
    assert (now_and(job).state, now_and(again).state) == ("failed", "done")


def test_who_left_gets_no_second_try(alice: User, admin: User) -> None:
    job = make_job(alice, state=Job.State.FAILED)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(ActionRefused):
        retry_job(job, actor=admin)
    assert Job.objects.count() == 1


def test_administrators_see_all_jobs_and_change_none(alice: User, admin: User, as_: As) -> None:
    def page(**query: str) -> str:
        return as_("admin").get("/admin/records/job/", query).content.decode()

    failed = make_job(
        alice, task="export", title="Contacts of May", state=Job.State.FAILED, error="Disk full"
    )
    make_job(alice, task="bulk", title="Assign many", done=30, total=120)
    assert "30 / 120 (25%)" in page()
    assert "Alice Rossi" in page()
    for found in ({"state": "failed"}, {"task": "export"}, {"q": "disk"}):
        assert "Contacts of May" in page(**found), found
        assert "Assign many" not in page(**found), found
    address = f"/admin/records/job/{failed.pk}/change/"
    assert "Disk full" in as_("admin").get(address).content.decode()
    assert as_("admin").post(address, {"title": "Other"}).status_code == 403
    assert as_("admin").get(f"/admin/records/job/{failed.pk}/delete/").status_code == 403
    assert as_("admin").get("/admin/records/job/add/").status_code == 403
    assert as_("alice").get("/admin/records/job/").status_code == 302


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


def test_what_nobody_foresaw_fails_the_job_and_reaches_the_log(alice: User, work: Any) -> None:
    def broken(run: Run) -> str:
        raise ZeroDivisionError("by zero\nDETAIL: Acme")

    work(broken)
    job = make_job(alice)
    with pytest.raises(ZeroDivisionError):
        run_job(job.pk)
    assert now_and(job).state == "failed"
    assert "ZeroDivision" not in job.message
    assert job.error == "ZeroDivisionError: by zero"


def test_a_refusal_is_told_in_its_own_words(alice: User, work: Any) -> None:
    def refuse(run: Run) -> str:
        raise ActionRefused("Not today.")

    work(refuse)
    job = make_job(alice)
    run_job(job.pk)
    assert (now_and(job).state, job.message) == ("failed", "Not today.")


def test_it_runs_in_the_language_of_its_user(alice: User, work: Any) -> None:
    from django.utils.translation import get_language

    User.objects.filter(pk=alice.pk).update(language="he")
    work(lambda run: str(get_language()))
    job = make_job(alice)
    run_job(job.pk)
    assert now_and(job).message == "he"


def test_a_running_job_hears_that_it_is_stopped(alice: User, work: Any) -> None:
    def steps(run: Run) -> str:
        run.progress(10, 100)
        assert cancel_job(run.job)
        run.progress(20)
        raise AssertionError("went on")

    work(steps)
    job = make_job(alice)
    run_job(job.pk)
    assert (now_and(job).state, job.done) == ("cancelled", 10)


def test_a_waiting_job_that_was_stopped_never_starts(as_: As, alice: User, work: Any) -> None:
    work(lambda run: "ran")
    job = make_job(alice)
    as_("alice").post(reverse("job_cancel", args=[job.pk]))
    run_job(job.pk)
    assert now_and(job).state == "cancelled"


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


# --- Pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 404), ("carol", 404)])
def test_a_job_is_its_owners_alone(
    as_: As, alice: User, bob: User, carol: User, who: str, status: int
) -> None:
    job = make_job(alice, title="Canary")
    assert as_(who).get(reverse("job_detail", args=[job.pk])).status_code == status
    assert ("Canary" in as_(who).get(reverse("job_list")).content.decode()) is (status == 200)
    assert as_(who).post(reverse("job_cancel", args=[job.pk])).status_code in (302, 404)
    assert now_and(job).state == ("cancelled" if status == 200 else "waiting")


def test_an_administrator_does_not_see_the_work_of_others(
    as_: As, alice: User, admin: User
) -> None:
    job = make_job(alice)
    assert as_("admin").get(reverse("job_detail", args=[job.pk])).status_code == 404


def test_the_page_asks_again_with_growing_pauses_until_it_is_over(as_: As, alice: User) -> None:
    job, client = make_job(alice, done=30, total=120), as_("alice")
    address = reverse("job_detail", args=[job.pk])
    first = client.get(address).content.decode()
    assert "delay:1s" in first
    assert "?pause=1" in first
    piece = client.get(address, {"pause": "7"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "delay:7s" in piece
    assert "?pause=8" in piece
    for odd in ("-1", "999999", "x", "", "٣"):
        assert client.get(address, {"pause": odd}).status_code == 200
    Job.objects.update(state="done", message="Ready.")
    over = client.get(address).content.decode()
    assert "Ready." in over
    assert "hx-get" not in over.split('id="job"')[1].split("</section>")[0]


def test_a_worker_that_fell_silent_is_told_calmly_before_another_takes_over(
    as_: As, alice: User
) -> None:
    job = make_job(alice, state=Job.State.RUNNING, attempts=1, done=30, total=120)
    pages = [reverse("job_detail", args=[job.pk]), reverse("job_list")]
    words = "Another worker goes on with it soon"
    for silence, is_told in ((QUIET_AFTER * 0.9, False), (QUIET_AFTER * 1.1, True)):
        Job.objects.update(heard_at=timezone.now() - silence)
        assert job not in Job.objects.claimable()
        for page in pages:
            html = as_("alice").get(page).content.decode()
            assert (words in html) is is_told
            assert ("Running" in html) is not is_told


def test_a_worker_has_several_beats_before_it_counts_as_dead() -> None:
    assert BEAT * 3 <= QUIET_AFTER < LOST_AFTER <= timedelta(minutes=1)


def with_file(user: User, **fields: Any) -> Job:
    job = make_job(user, state=Job.State.RUNNING, attempts=1, heard_at=timezone.now())
    Run(job).attach(ContentFile(b"a;b"), "Firme è.csv")
    fields.setdefault("state", Job.State.DONE)
    fields.setdefault("expires_at", timezone.now() + timedelta(days=1))
    Job.objects.filter(pk=job.pk).update(**fields)
    return now_and(job)


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 404), ("carol", 404)])
def test_only_its_owner_fetches_the_file(
    as_: As, alice: User, bob: User, carol: User, who: str, status: int, work: Any, files: Any
) -> None:
    work(lambda run: "")
    job = with_file(alice)
    answer = as_(who).get(reverse("job_download", args=[job.pk]))
    assert answer.status_code == status
    if status == 200:
        assert answer.getvalue() == b"a;b"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"].count("no-store")


def test_a_file_expires_kindly(as_: As, alice: User, work: Any, files: Any) -> None:
    work(lambda run: "")
    job = with_file(alice, expires_at=timezone.now() - timedelta(minutes=1))
    answer = as_("alice").get(reverse("job_download", args=[job.pk]))
    assert answer.status_code == 410
    assert "This file is gone" in answer.content.decode()
    delete_expired_files()
    assert not now_and(job).file
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert as_("alice").get(reverse("job_download", args=[job.pk])).status_code == 410
    assert "Its file is gone" in as_("alice").get(reverse("job_list")).content.decode()


@pytest.mark.parametrize("state", ["waiting", "running", "failed", "cancelled"])
def test_an_unfinished_job_gives_no_file(
    as_: As, alice: User, work: Any, files: Any, state: str
) -> None:
    work(lambda run: "")
    job = with_file(alice, state=state)
    assert as_("alice").get(reverse("job_download", args=[job.pk])).status_code == 404


def test_the_list_turns_its_pages(as_: As, alice: User) -> None:
    for number in range(31):
        make_job(alice, title=f"Work {number}")
    first = as_("alice").get(reverse("job_list"))
    assert len(first.context["jobs"]) == 30
    second = as_("alice").get(reverse("job_list"), {"at": first.context["older"]})
    assert [job.title for job in second.context["jobs"]] == ["Work 0"]
    assert as_("alice").get(reverse("job_list"), {"at": "x"}).status_code == 404
