"""Calendars read by other programs: private addresses (E12)."""

import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team

TOKEN_BYTES = 16  # 128 bit


class FeedQuerySet(models.QuerySet):
    def alive(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def at(self, token: str) -> Self:
        return self.alive().filter(token_hash=hashed(token), user__is_active=True)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


class Feed(models.Model):
    """What `user` may see of their own calendar, or of a team's, at an address that only they know:
    it is shown once, kept as a digest, and ends when they say so."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(_("read last"), null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="one_feed_a_calendar",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.team_id or ''}".strip()
