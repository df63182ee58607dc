"""Reminders: what an activity asks for, and what is owed to whom and when (E3, B1 – B5)."""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LATE_AFTER = dt.timedelta(minutes=10)  # of what the health page calls unsent
FOUR_WEEKS = 4 * 7 * 24 * 60


class Wanted(models.Model):
    """A line of the form: "30 minutes before". Of a task, before it is due; minus is after."""

    class Channel(models.TextChoices):
        BOTH = "both", _("In the page and by e-mail")
        BELL = "bell", _("In the page")
        MAIL = "mail", _("By e-mail")

    activity = models.ForeignKey("Activity", models.CASCADE, related_name="reminders")
    minutes = models.IntegerField(
        _("minutes before"),
        validators=[MinValueValidator(-FOUR_WEEKS), MaxValueValidator(FOUR_WEEKS)],
    )
    channel = models.CharField(_("how"), max_length=4, choices=Channel, default=Channel.BOTH)

    class Meta:
        verbose_name = _("wanted reminder")
        verbose_name_plural = _("wanted reminders")
        ordering = ["-minutes", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "minutes"], name="one_reminder_a_time")
        ]

    def __str__(self) -> str:
        return f"−{self.minutes} min" if self.minutes >= 0 else f"+{-self.minutes} min"


class ReminderQuerySet(models.QuerySet):
    def pending(self) -> Self:
        return self.filter(state=Reminder.State.PENDING)

    def due(self) -> Self:
        return self.pending().filter(due_at__lte=timezone.now())

    def unsent(self) -> Self:
        """Should have been sent a while ago: the scheduler or the workers are away (B4)."""
        return self.pending().filter(due_at__lt=timezone.now() - LATE_AFTER)


class Reminder(models.Model):
    """One for each occurrence × person × channel × offset; the key says so (B1). What is not owed
    any more (moved, done, declined …) is cancelled, never deleted while it may be on its way."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Sent")
        CANCELLED = "off", _("Not owed any more")

    class Channel(models.TextChoices):
        BELL = "bell", _("In the page")
        MAIL = "mail", _("By e-mail")

    activity = models.ForeignKey("Activity", models.CASCADE, related_name="owed_reminders")
    occurs_on = models.DateField()  # the anchor of the occurrence, as Activity.anchor
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=4, choices=Channel)
    minutes = models.IntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.PENDING)
    settled_at = models.DateTimeField(null=True)  # sent, or found not to be owed

    objects: Any = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="pending"), name="reminder_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "occurs_on", "user", "channel", "minutes"],
                name="one_reminder_each",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "sent", "off")), name="reminder_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}/{self.occurs_on} → {self.user_id}"
