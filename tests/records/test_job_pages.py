"""The pages of background work, and the files it leaves: its owner's alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.records.jobs import Run
from crm.records.models import Job
from crm.records.models.job import QUIET_AFTER
from crm.records.tasks import delete_expired_files
from tests.records.background import make_job, now_and

pytestmark = pytest.mark.django_db


As = Callable[[str], Client]


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
