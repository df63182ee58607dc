"""What has left the house, and who took it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.records.models import Job


class Format(models.TextChoices):
    XLSX = "xlsx", _("Excel (XLSX)")
    CSV = "csv", _("Plain table (CSV)")


class ExportLog(models.Model):
    """One file made of records. Kept after the file is gone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+"
    )
    kind = models.CharField(_("kind of record"), max_length=40)
    query = models.TextField(_("filters"), blank=True)
    columns = ArrayField(models.CharField(max_length=60), verbose_name=_("columns"), default=list)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    rows = models.PositiveIntegerField(_("rows"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="+", editable=False)
    # Whether its user may still fetch the file is asked of each of these at every download.
    record_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at"]
        indexes = [models.Index(fields=["-at"], name="exports_newest")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.rows}"
