"""The outbox: every mail of the house is a row first, written with the change that owes it."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LOST_AFTER = timedelta(minutes=10)  # a claim older than this belongs to a worker that died
LATE_AFTER = timedelta(minutes=10)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
MAX_ATTEMPTS = len(PAUSES) + 1


def _addresses(label: Any) -> "ArrayField[list[str], list[str]]":
    return ArrayField(
        models.CharField(max_length=998), verbose_name=label, default=list, blank=True
    )


class OutboundMessageQuerySet(models.QuerySet):
    def due(self) -> Self:
        """What a worker may take now."""
        State = OutboundMessage.State
        return self.filter(
            state__in=(State.WAITING, State.UNCERTAIN), not_before__lte=timezone.now()
        )

    def lost(self) -> Self:
        """Claimed by a worker that has not been heard of since."""
        limit = timezone.now() - LOST_AFTER
        return self.filter(state=OutboundMessage.State.CLAIMED, claimed_at__lt=limit)

    def late(self) -> Self:
        """Should have left a while ago: the mail server or the workers are away."""
        limit = timezone.now() - LATE_AFTER
        return self.filter(
            state__in=(OutboundMessage.State.WAITING, OutboundMessage.State.UNCERTAIN),
            created_at__lt=limit,
        )


class OutboundMessage(models.Model):
    """One mail. waiting → claimed → sent, with ways back (E3); never sent twice knowingly."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        UNCERTAIN = "uncertain", _("Uncertain")  # handed over, perhaps: tried once more
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Not sent")  # its reader is not active any more

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    from_address = models.CharField(_("from"), max_length=998)
    to = _addresses(_("to"))
    cc = _addresses(_("copy"))
    bcc = _addresses(_("blind copy"))
    reply_to = _addresses(_("reply to"))
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    headers = models.JSONField(_("other headers"), default=dict, blank=True)

    # Bare addresses the server has neither taken nor refused yet, and what it said to the others.
    recipients = _addresses(_("still to reach"))
    refusals = models.JSONField(_("refused"), default=dict, blank=True)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("notified person"),
        help_text=_("Set on notifications: they are not sent to who is not active any more."),
    )
    content_type = models.ForeignKey(ContentType, models.SET_NULL, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    record = GenericForeignKey("content_type", "object_id")
    # "contacts.contact:17" for every record it names, so that a purge finds it (E13).
    mentions = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    doubts = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often it is unknown whether the server took it.")
    )
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("taken at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    emptied_at = models.DateTimeField(_("content removed at"), null=True)

    objects = OutboundMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="outbound_by_age"),
            models.Index(
                fields=("not_before", "id"),
                condition=Q(state__in=("waiting", "uncertain")),
                name="outbound_due",
            ),
            models.Index(
                fields=("claimed_at",), condition=Q(state="claimed"), name="outbound_claimed"
            ),
            models.Index(
                fields=("sent_at",),
                condition=Q(state="sent", emptied_at__isnull=True),
                name="outbound_to_empty",
            ),
            models.Index(
                fields=("content_type", "object_id"),
                condition=Q(object_id__isnull=False),
                name="outbound_of_record",
            ),
            GinIndex(fields=("mentions",), name="outbound_mentions"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=("waiting", "claimed", "sent", "uncertain", "failed", "cancelled")
                ),
                name="outbound_state_known",
            ),
        )

    def __str__(self) -> str:
        return self.subject or self.message_id

    @property
    def ledger_name(self) -> str:
        return self.message_id


class OutboundPart(models.Model):
    """A file, or another form of the text (a calendar invitation), that goes with a message."""

    class Role(models.TextChoices):
        ATTACHMENT = "attachment", _("Attachment")
        ALTERNATIVE = "alternative", _("Other form of the text")
        INLINE = "inline", _("Shown in the text")

    message = models.ForeignKey(OutboundMessage, models.CASCADE, related_name="parts")
    role = models.CharField(max_length=11, choices=Role, default=Role.ATTACHMENT)
    name = models.CharField(_("file name"), max_length=255, blank=True)
    content_type = models.CharField(_("type"), max_length=255)
    content_id = models.CharField(max_length=255, blank=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("part of a message")
        verbose_name_plural = _("parts of messages")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name or self.content_type
