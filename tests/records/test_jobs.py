"""Background work: claimed once, tried again, ends when told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.records.errors import ActionRefused
from crm.records.jobs import Run, cancel_job, retry_job, start_job
from crm.records.models import Job
from crm.records.tasks import run_job
from tests.records.background import make_job, now_and

pytestmark = pytest.mark.django_db


As = Callable[[str], Client]


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
