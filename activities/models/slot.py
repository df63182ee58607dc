"""Where an activity stands in calendars: what a calendar asks, found by person and time."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.attendee import Attendee
from activities.models.spans import span_of
from crm.accounts.models import Team

if TYPE_CHECKING:
    from activities.models.activity import Activity


class Slot(models.Model):
    """A row for each person, or for the team while nobody of it has taken it. Rebuilt with every
    save. Of a series it reaches from its first occurrence to its last, or has no end.

    Whole days are there as in UTC: who asks takes half a day more on both sides.
    """

    activity = models.ForeignKey("Activity", models.CASCADE, related_name="slots")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True
    )
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", null=True)
    span = DateTimeRangeField()

    class Meta:
        verbose_name = _("place in a calendar")
        verbose_name_plural = _("places in calendars")
        indexes = [
            GistIndex(fields=["person", "span"], name="slot_of_person"),
            GistIndex(fields=["team", "span"], name="slot_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} @ {self.person_id or self.team_id}"


def people_on(activity: "Activity") -> set[int]:
    return people_on_each([activity])[activity.pk]


def people_on_each(activities: Iterable["Activity"]) -> dict[int, set[int]]:
    """By activity the keys of those of ours whose time it takes: who is responsible, and who takes
    part and has not declined."""
    found = {row.pk: {row.owner_id} if row.owner_id else set() for row in activities}
    going = Attendee.objects.filter(activity__in=list(found), user__isnull=False)
    going = going.exclude(answer=Attendee.Answer.DECLINED)
    for pk, user in going.values_list("activity", "user"):
        found[pk].add(user)
    return found


def place(activity: "Activity") -> None:
    """Bring the rows of an activity up to date, touching only those that are different."""
    span = span_of(activity)
    wanted: set[tuple[int | None, int | None]] = {(key, None) for key in people_on(activity)}
    if activity.is_unclaimed:
        wanted.add((None, activity.team_id))
    stale = []
    for row in Slot.objects.filter(activity=activity):
        key = (row.person_id, row.team_id)
        if key in wanted and row.span == span:
            wanted.discard(key)
        else:
            stale.append(row.pk)
    if stale:
        Slot.objects.filter(pk__in=stale).delete()
    Slot.objects.bulk_create(
        Slot(activity=activity, person_id=person, team_id=team, span=span)
        for person, team in sorted(wanted, key=str)
    )
