"""What the alarm clock does for records. Every task may run twice, late, or on two workers."""

import logging
import sys
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.records.actions import custom, purge_record
from crm.records.errors import ActionRefused
from crm.records.heartbeat import heard
from crm.records.jobs import Cancelled, Run, work_named
from crm.records.models import Heartbeat, Job, Notification, RecentView, record_kinds
from crm.records.models.job import MAX_ATTEMPTS
from crm.ui.wake import wake

log = logging.getLogger(__name__)
PURGE_BATCH = 500
LONGEST_ERROR = 500
TRACES_KEPT = timedelta(days=90)


@shared_task
def note_heartbeat() -> None:
    """Every 30 seconds: the scheduler rings and a worker answers."""
    Heartbeat.objects.update_or_create(name="scheduler", defaults={"at": timezone.now()})


@shared_task
def run_waiting_jobs() -> None:
    """Every 30 seconds: wakes whatever no worker has taken, or whose worker has died."""
    for pk in Job.objects.claimable().order_by("created_at").values_list("pk", flat=True)[:20]:
        wake(run_job.name, pk)


@shared_task
def run_job(pk: int) -> None:
    job = _claim(pk)
    if job is None:
        return
    with override(job.user.language), timezone.override(job.user.tz), heard(job):
        # What nobody foresaw ends the job for its person, is kept for administrators, and goes on
        # to Celery's log.
        state, message = Job.State.FAILED, _("Something went wrong. It has been noted.")
        try:
            message = work_named(job.task)(Run(job))
            state = Job.State.DONE
        except Cancelled:
            return  # its row says so already, or belongs to another run
        except ActionRefused as refusal:
            message = str(refusal)
        finally:
            _finish(job, state, message, sys.exception())


def _claim(pk: int) -> Job | None:
    with transaction.atomic():
        claimable = Job.objects.claimable().select_for_update(skip_locked=True, of=("self",))
        job = claimable.select_related("user").filter(pk=pk).first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.finished_at = Job.State.FAILED, timezone.now()
            with override(job.user.language):
                job.message = _("It was tried several times and never finished.")
            job.save(update_fields=["state", "message", "finished_at"])
            return None
        job.state, job.attempts = Job.State.RUNNING, job.attempts + 1
        job.heard_at = timezone.now()
        job.started_at = job.started_at or job.heard_at
        job.save(update_fields=["state", "attempts", "started_at", "heard_at"])
    return job


def _finish(job: Job, state: str, message: str, problem: BaseException | None) -> None:
    """Only the run that holds the job ends it: a cancelled or taken over one is left alone."""
    now = timezone.now()
    Job.objects.run_of(job).update(
        state=state,
        message=message,
        error=_in_short(problem),
        finished_at=now,
        expires_at=now + timedelta(days=settings.EXPORT_DAYS),
    )


def _in_short(problem: BaseException | None) -> str:
    """Its first line: what Postgres adds below it may be the content of a record."""
    if problem is None:
        return ""
    told = str(problem).partition("\n")[0]
    return f"{type(problem).__name__}: {told}"[:LONGEST_ERROR]


@shared_task
def delete_expired_files() -> None:
    """Hourly: a generated file lives EXPORT_DAYS; the line that it existed stays."""
    for job in Job.objects.filter(expires_at__lt=timezone.now()).exclude(file="")[:PURGE_BATCH]:
        job.file.delete(save=False)
        Job.objects.filter(pk=job.pk).update(file="")
    # A cancelled or failed run may have attached a file before it ended.
    ended = Job.objects.filter(state__in=(Job.State.CANCELLED, Job.State.FAILED)).exclude(file="")
    for job in ended[:PURGE_BATCH]:
        job.file.delete(save=False)
        Job.objects.filter(pk=job.pk).update(file="", file_name="")


@shared_task
def purge_expired_trash() -> None:
    """Hourly: what has been in the trash for TRASH_DAYS ends."""
    limit = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    for model in record_kinds().values():
        for record in model.objects.trashed().filter(trashed_at__lt=limit)[:PURGE_BATCH]:
            try:
                purge_record(record, actor=None)
            except ActionRefused as refusal:
                log.info("%s %s stays in the trash: %s", model.kind, record.pk, refusal)


@shared_task
def keep_custom_indexes() -> None:
    """After every change of a custom field, and hourly: each has its index and no other is left."""
    custom.keep_indexes()


@shared_task
def clear_removed_fields() -> None:
    """When a custom field is deleted, and every minute until nothing of it is left."""
    custom.clear_removed_fields()


@shared_task
def forget_old_traces() -> None:
    """Daily: what only says that somebody looked is forgotten after TRACES_KEPT; dead sessions
    too. News nobody has read stays."""
    limit = timezone.now() - TRACES_KEPT
    RecentView.objects.filter(at__lt=limit).delete()
    Notification.objects.filter(read_at__lt=limit).delete()
    call_command("clearsessions")
