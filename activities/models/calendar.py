"""How people share their calendars (E12): what everybody may see, and grants to some."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User


class Sharing(models.TextChoices):
    PRIVATE = "private", _("Private: nobody else sees it")
    BUSY = "busy", _("Busy only: others see when, not what")
    PUBLIC = "public", _("Public: others see everything but what is restricted")


class Calendar(models.Model):
    """Of a person. Who has not chosen has none, and is shown as busy only."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar", verbose_name=_("user")
    )
    sharing = models.CharField(_("everybody"), max_length=7, choices=Sharing, default=Sharing.BUSY)

    # What its owner looked at last: {"view": "week", "who": [7, -2], "group": "date" …}
    shown = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.CheckConstraint(
                condition=Q(sharing__in=Sharing.values), name="calendar_sharing_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class GrantQuerySet(models.QuerySet):
    def to(self, user: User) -> Self:
        return self.filter(Q(user=user) | Q(team__in=user.team_ids))


class Grant(models.Model):
    """What a person, or everybody of a team, may see of a calendar or do in it."""

    class Level(models.TextChoices):
        BUSY = "busy", _("See when it is busy")
        DETAILS = "details", _("See everything")
        EDIT = "edit", _("See and change everything")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="grants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
        null=True,
        blank=True,
    )
    team = models.ForeignKey(
        Team, models.CASCADE, related_name="+", verbose_name=_("team"), null=True, blank=True
    )
    level = models.CharField(_("is allowed to"), max_length=7, choices=Level, default=Level.DETAILS)

    objects: Any = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar grant")
        verbose_name_plural = _("calendar grants")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(team__isnull=True),
                name="grant_is_to_a_user_or_a_team",
            ),
            models.UniqueConstraint(fields=["calendar", "user"], name="one_grant_a_user"),
            models.UniqueConstraint(fields=["calendar", "team"], name="one_grant_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} → {self.user or self.team}"

    def people(self) -> set[int]:
        """Keys of those that it is for."""
        if self.user_id is not None:
            return {self.user_id}
        return set(User.objects.filter(teams=self.team_id).values_list("pk", flat=True))
