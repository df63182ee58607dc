"""How each person keeps order: saved views, favourites, what was opened lately."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.records.models.timeline import Pointer


class SavedViewQuerySet(models.QuerySet):
    def for_user(self, user: User, kind: str) -> Self:
        return self.filter(Q(owner=user) | Q(team__in=user.team_ids), kind=kind)


class SavedView(models.Model):
    """A named set of filters, sort order and columns. The one without a name remembers the columns
    that its owner chose last."""

    kind = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("owner"), related_name="+"
    )
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        verbose_name=_("shared with team"),
        related_name="+",
        null=True,
        blank=True,
    )
    is_default = models.BooleanField(_("open the list with this view"), default=False)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "name"], name="one_view_a_name"),
            models.UniqueConstraint(
                fields=["owner", "kind"],
                condition=Q(is_default=True),
                name="one_default_view_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OwnPointer(Pointer):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Favourite(OwnPointer):
    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "content_type", "object_id"], name="one_favourite_a_record"
            )
        ]


class RecentView(OwnPointer):
    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "content_type", "object_id"], name="one_recent_view_a_record"
            )
        ]
        indexes = [models.Index(fields=["user", "-at"], name="recent_views_of_user")]


class Tombstone(models.Model):
    """What remains of a purged record: that it was there, and who ended it. No data (E13)."""

    kind = models.CharField(_("kind"), max_length=40)
    number = models.CharField(_("code"), max_length=40, null=True)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(_("created"))
    purged_at = models.DateTimeField(_("purged"), default=timezone.now)
    purged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("purged by"),
        null=True,
        related_name="+",
    )
    counts = models.JSONField(_("what went with it"), default=dict)

    class Meta:
        verbose_name = _("purged record")
        verbose_name_plural = _("purged records")
        ordering = ["-purged_at"]

    def __str__(self) -> str:
        return self.number or f"#{self.object_id}"


class Heartbeat(models.Model):
    """Proof that a clockwork is alive; /readyz reads it."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
