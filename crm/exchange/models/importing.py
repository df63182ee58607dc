"""What came into the house: the file, how it was read, and what became of each of its rows."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.records.models import Job


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own; administrators see all."""
        return self.all() if user.is_administrator else self.filter(user=user)

    def kept(self) -> Self:
        """Their files, and what became of each row, are still there."""
        return self.exclude(file="")

    def kept_too_long(self) -> Self:
        """Nothing of them can be undone any more: see `undo_until`."""
        limit = timezone.now() - timedelta(days=settings.UNDO_DAYS)
        old = self.kept().alias(since=Coalesce("run_at", "created_at")).filter(since__lt=limit)
        return old.exclude(job__in=Job.objects.unfinished())


class Import(models.Model):
    """`step` is how far its person has come; how that step goes is told by `job`."""

    class Step(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        CHECK = "check", _("Checked")
        RUN = "run", _("Imported")
        UNDO = "undo", _("Undone")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+"
    )
    kind = models.CharField(_("kind of record"), max_length=40)
    type = models.CharField(_("type"), max_length=20, blank=True)
    # In the private storage, under a name of its own: documents/storage.py.
    file = models.FileField(blank=True, max_length=100)
    errors = models.FileField(blank=True, max_length=100)  # the rejected rows, once a run is over
    file_name = models.CharField(_("file"), max_length=200)
    dialect = models.JSONField(default=dict)
    head = models.JSONField(default=dict)  # {"headings", "lines"}: the first ones, as it was read
    mapping = models.JSONField(default=dict)  # {column: key of its field, "" for none}
    rules = models.JSONField(default=dict)
    step = models.CharField(_("state"), max_length=5, choices=Step, default=Step.DRAFT)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", editable=False)
    report = models.JSONField(default=dict)  # of the check: counts, reasons, samples
    counts = models.JSONField(default=dict)  # {outcome: rows} of the run; "undone", "stay"
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    run_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["user", "-created_at"], name="imports_of_user")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_detail", args=[self.pk])

    @property
    def is_busy(self) -> bool:
        return self.job is not None and not self.job.is_over

    def outcomes(self) -> dict[str, int]:
        """{outcome: rows}, as the ledger has them."""
        lines = self.rows.filter(part=0).values_list("outcome")
        return dict(lines.annotate(n=models.Count("pk")))

    def rejected(self) -> models.QuerySet["ImportedRow"]:
        return self.rows.filter(part=0, outcome=Outcome.REJECTED)

    @property
    def can_be_undone(self) -> bool:
        over = self.step == self.Step.RUN and not self.is_busy
        return over and self.undo_until > timezone.now()

    @property
    def undo_until(self) -> Any:
        return (self.run_at or self.created_at) + timedelta(days=settings.UNDO_DAYS)


class Outcome(models.TextChoices):
    CREATED = "c", _("Created")
    UPDATED = "u", _("Updated")
    UNCHANGED = "n", _("Unchanged")
    SKIPPED = "s", _("Skipped")
    REJECTED = "r", _("Rejected")


class ImportedRow(models.Model):
    """What became of a line. `part` 0 is what the line is about, 1 another record made for it."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=1, choices=Outcome)
    record_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)  # of the record, as the import left it
    # {"code": as the file had it} of what was created; {name: raw value} of what was overwritten
    before = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    is_undone = models.BooleanField(null=True)  # False: it was touched since, and stays

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "line", "part"], name="a_line_is_imported_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["record_id", "batch"],
                condition=models.Q(record_id__isnull=False),
                name="imports_of_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.outcome}"


class MappingProfile(models.Model):
    """Which column was what, remembered for the next file of the same person and headings."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    type = models.CharField(max_length=20)
    headings = models.CharField(max_length=64)  # a digest of them
    mapping = models.JSONField(default=dict)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "type", "headings"], name="one_mapping_for_headings"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.type}"
