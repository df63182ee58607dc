"""What the alarm clock does for records. Every task may run twice, late, or on two workers."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.records.actions import purge_record
from crm.records.errors import ActionRefused
from crm.records.jobs import Cancelled, Run, work_named
from crm.records.models import Heartbeat, Job, record_kinds
from crm.records.models.job import MAX_ATTEMPTS
from crm.ui.wake import wake

log = logging.getLogger(__name__)
PURGE_BATCH = 500


@shared_task
def note_heartbeat() -> None:
    """Every 30 seconds: the scheduler rings and a worker answers."""
    Heartbeat.objects.update_or_create(name="scheduler", defaults={"at": timezone.now()})


@shared_task
def run_waiting_jobs() -> None:
    """Every 30 seconds: wakes whatever no worker has taken, or whose worker has died."""
    for pk in Job.objects.claimable().values_list("pk", flat=True)[:20]:
        wake(run_job.name, pk)


@shared_task
def run_job(pk: int) -> None:
    job = _claim(pk)
    if job is None:
        return
    with override(job.user.language), timezone.override(job.user.tz):
        try:
            message = work_named(job.task)(Run(job))
        except Cancelled:
            _finish(job, Job.State.CANCELLED, _("Stopped."))
        except ActionRefused as refusal:
            _finish(job, Job.State.FAILED, str(refusal))
        except Exception:  # whatever it was, the person who waits must be told
            log.exception("Job %s failed", job.pk)
            _finish(job, Job.State.FAILED, _("Something went wrong; nothing was left half done."))
        else:
            _finish(job, Job.State.DONE, message)


def _claim(pk: int) -> Job | None:
    with transaction.atomic():
        claimable = Job.objects.claimable().select_for_update(skip_locked=True, of=("self",))
        job = claimable.select_related("user").filter(pk=pk).first()
        if job is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            _finish(job, Job.State.FAILED, _("It was tried several times and never finished."))
            return None
        job.state, job.attempts = Job.State.RUNNING, job.attempts + 1
        job.started_at = job.heard_at = timezone.now()
        job.save(update_fields=["state", "attempts", "started_at", "heard_at"])
    return job


def _finish(job: Job, state: str, message: str) -> None:
    now = timezone.now()
    job.state, job.message, job.finished_at = state, message, now
    job.expires_at = now + timedelta(days=settings.EXPORT_DAYS)
    job.save(
        update_fields=["state", "message", "finished_at", "expires_at", "file", "file_name"]
    )


@shared_task
def delete_expired_files() -> None:
    """Hourly: a generated file lives EXPORT_DAYS; the line that it existed stays."""
    for job in Job.objects.filter(expires_at__lt=timezone.now()).exclude(file="")[:PURGE_BATCH]:
        job.file.delete(save=False)
        job.save(update_fields=["file"])


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
