"""The history of every record: what changed, who did it, what was said (F0.22 – F0.24)."""

import datetime as dt

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.ui.rows import QuickRow

# What Python can say of what Postgres can: a row outside would close the history of its record.
FIRST_MOMENT = dt.datetime.min.replace(tzinfo=dt.UTC)
LAST_MOMENT = dt.datetime.max.replace(tzinfo=dt.UTC)


class Pointer(QuickRow):
    """A row that hangs on any record by generic key."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey("content_type", "object_id")

    class Meta:
        abstract = True


class Event(Pointer):
    class Entry(models.TextChoices):
        SYSTEM = "system", _("Change")
        NOTE = "note", _("Note")
        EMAIL = "email", _("E-mail")
        CALL = "call", _("Phone call")
        APPOINTMENT = "appointment", _("Appointment")

    verb = models.CharField(max_length=40)
    entry = models.CharField(_("type"), max_length=12, choices=Entry, default=Entry.SYSTEM)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: Bottega itself."),
    )
    at = models.DateTimeField(default=timezone.now)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    text = models.TextField(_("description"), blank=True)
    # [{"field": name, "old": value, "new": value}]: JSON; labels are looked up when shown
    changes = models.JSONField(default=list, blank=True)
    informed = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people to inform"), blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("history line")
        verbose_name_plural = _("history lines")
        indexes = [
            models.Index(
                fields=["content_type", "object_id", "-happened_at", "-id"], name="event_of_record"
            ),
            models.Index(
                fields=["-happened_at", "-id"],
                condition=models.Q(entry="email"),
                name="event_of_mail",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(happened_at__range=(FIRST_MOMENT, LAST_MOMENT)),
                name="event_readable_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} #{self.object_id}"
