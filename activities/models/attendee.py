"""Who takes part in an activity besides the one responsible."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.contacts.models import Contact

Invitee = User | Contact


class AttendeeQuerySet(models.QuerySet):
    def of(self, person: Invitee) -> Self:
        return self.filter(user=person) if isinstance(person, User) else self.filter(contact=person)


class Attendee(models.Model):
    """Who takes part besides the one responsible: one of us or somebody outside, and what they
    answered."""

    class Answer(models.TextChoices):
        PENDING = "pending", _("Not answered yet")
        ACCEPTED = "accepted", _("Accepted")
        TENTATIVE = "tentative", _("Perhaps")
        DECLINED = "declined", _("Declined")

    activity = models.ForeignKey("Activity", models.CASCADE, related_name="attendees")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("user"),
        related_name="+",
        null=True,
    )
    contact = models.ForeignKey(
        "contacts.Contact",
        models.CASCADE,
        verbose_name=_("person"),
        related_name="+",
        null=True,
    )
    answer = models.CharField(
        pgettext_lazy("invitation", "answer"), max_length=9, choices=Answer, default=Answer.PENDING
    )
    answered_at = models.DateTimeField(null=True)
    # Of the link in an invitation, by which one answers without signing in.
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    # Up to which change of the activity they were told; None: not invited yet.
    told_sequence = models.PositiveIntegerField(null=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(contact__isnull=True),
                name="attendee_is_a_user_or_a_contact",
            ),
            models.UniqueConstraint(fields=["activity", "user"], name="a_user_attends_once"),
            models.UniqueConstraint(fields=["activity", "contact"], name="a_contact_attends_once"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def person(self) -> Invitee:
        person = self.user or self.contact
        assert person is not None  # the first constraint
        return person
