"""Jobs as the tests of background work want them."""

from typing import Any

from django.utils import timezone

from crm.accounts.models import User
from crm.records.models import Job
from crm.records.models.job import LOST_AFTER


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
