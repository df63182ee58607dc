"""Contacts that may be the same one, and those that were made one (F2.14, B38, B39)."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.contacts.models.contact import Contact
from crm.records.models import RecordQuerySet


class Reason(models.TextChoices):
    """Why two contacts may be the same, the surest first."""

    TAX = "tax", _("Same VAT id or tax code")
    MAIL = "mail", _("Same e-mail")
    NAME = "name", _("Same name")
    PHONE = "phone", _("Same phone")
    SIMILAR = "similar", _("Similar name")


STRONG = frozenset({Reason.TAX, Reason.MAIL, Reason.NAME})


def in_words(reasons: Iterable[str], *names: str) -> list[str]:
    """For the two contacts with these names."""
    told = {str(reason): str(Reason(reason).label) for reason in reasons}
    if Reason.NAME in told and len(set(names)) > 1:
        told[Reason.NAME] = gettext("Same name but for its spelling or legal form")
    return list(told.values())


class LikenessQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Nobody has said that they are not the same."""
        return self.filter(parted_at__isnull=True, score__gt=0)

    def parted(self) -> Self:
        return self.filter(parted_at__isnull=False)

    def visible_to(self, user: User) -> Self:
        """Who sees only one of the two learns nothing of the other (E11)."""
        seen: RecordQuerySet = Contact.objects.visible_to(user)
        return self.filter(
            Exists(seen.filter(pk=OuterRef("one_id"))), Exists(seen.filter(pk=OuterRef("other_id")))
        )

    def of_pair(self, one: int, other: int) -> Self:
        return self.alias(least=LEAST, greatest=GREATEST).filter(
            least=min(one, other), greatest=max(one, other)
        )


LEAST, GREATEST = Least("one_id", "other_id"), Greatest("one_id", "other_id")


class Likeness(models.Model):
    """Two contacts that look like one. `parted_at`: somebody said that they are not the same,
    which is remembered however often they are found again."""

    # By this name the history calls it; hidden, so that no warning counts pairs.
    one = models.ForeignKey(
        Contact, models.CASCADE, related_name="+", related_query_name="not_same"
    )
    other = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    type = models.CharField(max_length=8, choices=Contact.Type)
    reasons = ArrayField(models.CharField(max_length=8, choices=Reason), default=list)
    score = models.PositiveSmallIntegerField(default=0, help_text=_("Of 100; 0: not alike (now)."))
    parted_at = models.DateTimeField(null=True)
    parted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name = _("not the same as")
        verbose_name_plural = _("not the same as")
        constraints = [
            models.UniqueConstraint(LEAST, GREATEST, name="two_contacts_are_one_pair"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="nobody_is_like_themselves"),
        ]
        indexes = [
            models.Index(
                fields=["score", "id"],
                condition=Q(parted_at__isnull=True),
                name="likeness_best_first",
            ),
            models.Index(
                fields=["parted_at", "id"],
                condition=Q(parted_at__isnull=False),
                name="likeness_parted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"


class Merge(models.Model):
    """Some contacts were made one. `snapshot` is what undoing needs; it lasts UNDO_DAYS:
    {before: {column: value}, after: …, viewers: {before, after}, moved: {key: {place: [rows]}},
    positions: {place: [[row, position]]}, ties: [{row, before, after}]}."""

    survivor = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    snapshot = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [models.Index(fields=["at", "id"], name="merge_by_moment")]

    def __str__(self) -> str:
        return f"→ {self.survivor_id}"


class FormerContact(models.Model):
    """The key of a contact that was merged into another leads there, for ever. Its own row
    (`contact`) waits out of sight, as long as the merge can be undone."""

    key = models.BigIntegerField(primary_key=True)
    contact = models.OneToOneField(
        Contact, models.SET_NULL, null=True, related_name="merged_as", editable=False
    )
    survivor = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    merge = models.ForeignKey(Merge, models.SET_NULL, null=True, related_name="former")

    class Meta:
        verbose_name = _("merged contact")
        verbose_name_plural = _("merged contacts")

    def __str__(self) -> str:
        return f"{self.key} → {self.survivor_id}"
