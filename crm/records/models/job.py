"""Work done behind the page's back, with progress to look at and a file to fetch."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

BEAT = timedelta(seconds=10)  # a thread of its own says so, however long one step takes
QUIET_AFTER = 3 * BEAT
LOST_AFTER = 6 * BEAT
MAX_ATTEMPTS = 3


class JobQuerySet(models.QuerySet):
    def claimable(self) -> Self:
        """Waiting, or running on a worker that has not been heard of for LOST_AFTER."""
        lost = Q(state=Job.State.RUNNING, heard_at__lt=timezone.now() - LOST_AFTER)
        return self.filter(Q(state=Job.State.WAITING) | lost)

    def unfinished(self) -> Self:
        return self.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))

    def run_of(self, job: "Job") -> Self:
        """The row as long as it belongs to the run that claimed `job`: `attempts` is the fence
        that keeps a worker believed dead from writing over its successor."""
        return self.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    task = models.CharField(max_length=60, help_text=_("Name in crm.records.jobs."))
    title = models.CharField(_("title"), max_length=200)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    params = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(blank=True)
    error = models.TextField(blank=True)  # what nobody foresaw, for administrators
    file = models.FileField(upload_to="jobs/%Y/%m", blank=True, max_length=200)
    file_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["state", "created_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_to_do",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def is_quiet(self) -> bool:
        """Its worker is late with being heard of, and most likely dead: another will take over."""
        heard = self.heard_at if self.state == self.State.RUNNING else None
        return heard is not None and heard < timezone.now() - QUIET_AFTER

    @property
    def is_expired(self) -> bool:
        """There was a file, and it is gone or should be."""
        past = self.expires_at is not None and self.expires_at <= timezone.now()
        return bool(self.file_name) and (past or not self.file)

    @property
    def has_file(self) -> bool:
        """There is one to be fetched, by whoever may."""
        return self.state == self.State.DONE and bool(self.file) and not self.is_expired

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
