"""Events and tasks: one table, for both stand in the same calendars and lists (F3.1)."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from activities.models.access import LONG, ActivityQuerySet, are_colleagues, colleagues_of, ties_of
from activities.models.booking import book
from activities.models.catalog import (
    OPEN_CATEGORIES,
    ActivityStatus,
    ActivityType,
    Category,
    catalog,
)
from activities.models.slot import place
from activities.models.timed import DAY, Timed
from activities.recurrence import described_alone
from activities.signals import activity_written
from crm.accounts.models import User
from crm.contacts.models import Chip, CustomerRecord
from crm.contacts.names import norm
from crm.records.models import Record, Tie

LONGEST_DAYS = 366


def card_address(pk: int, on: dt.date | None = None) -> str:
    """`on` is the occurrence of a series that it shows."""
    return f"/activities/{pk}/" + (f"?on={on.isoformat()}" if on else "")


class Activity(Timed, CustomerRecord):
    """An event is a slot from start to end; a task is given at a start date and has to be done by
    its due date. An occurrence of a series that differs from it is a row of its own, which knows
    its `series` and the date that the rule gave it, `occurs_on`.
    """

    kind = "activity"
    number_format = "A-{n:05}"
    icon = "calendar-event"
    open_when = Q(category__in=OPEN_CATEGORIES)
    card_order = 10

    class Priority(models.IntegerChoices):
        HIGH = 1, _("High")
        MEDIUM = 2, _("Medium")
        LOW = 3, _("Low")

    subject = models.CharField(_("subject"), max_length=200)
    type = models.ForeignKey(ActivityType, models.PROTECT, verbose_name=_("type"), related_name="+")
    status = models.ForeignKey(
        ActivityStatus, models.PROTECT, verbose_name=_("status"), related_name="+"
    )
    category = models.CharField(
        max_length=8, choices=Category, default=Category.OPEN, editable=False
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.MEDIUM
    )

    estimate = models.PositiveIntegerField(
        _("estimated duration"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS * 24 * 60)],
        help_text=_("In minutes, whatever start and end say."),
    )

    # Unlike other kinds: what is done for one's own company has none (F2.37).
    customer = models.ForeignKey(  # type: ignore[assignment]  # the others must have one
        "contacts.Contact",
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="activity_set",
        null=True,
        blank=True,
    )
    other_customers = models.ManyToManyField(
        "contacts.Contact",
        verbose_name=_("further customers"),
        related_name="activities_of_others",
        blank=True,
    )
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Attendee",
        verbose_name=_("further people"),
        related_name="activities_taken_part_in",
        blank=True,
    )
    guests = models.ManyToManyField(
        "contacts.Contact",
        through="Attendee",
        verbose_name=_("guests"),
        related_name="activities_as_guest",
        blank=True,
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    about_type = models.ForeignKey(
        ContentType, models.SET_NULL, null=True, related_name="+", editable=False
    )
    about_id = models.BigIntegerField(_("belongs to"), null=True, editable=False)
    about = GenericForeignKey("about_type", "about_id")

    series = models.ForeignKey(
        "self",
        models.CASCADE,
        verbose_name=_("series"),
        related_name="exceptions",
        null=True,
        editable=False,
    )
    occurs_on = models.DateField(null=True, editable=False)
    words = models.TextField(editable=False)  # what the search looks into
    uid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    # The key of the series that the rest of is about to become one of its own.
    cut_from: int | None = None
    # What has become of the dates of those that differ from it, as it is about to be moved.
    moved_dates: Mapping[dt.date, dt.date] = MappingProxyType({})

    objects: ClassVar[Any] = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(fields=["starts_at", "id"], name="activity_by_start"),
            models.Index(fields=["-updated_at", "-id"], name="activity_by_change"),
            models.Index(fields=["owner", "starts_at", "id"], name="activity_of_owner"),
            models.Index(fields=["about_type", "about_id"], name="activity_about"),
            models.Index(
                fields=["ends_at", "id"],
                condition=Q(category__in=OPEN_CATEGORIES, trashed_at__isnull=True),
                name="activity_open_by_end",
            ),
            models.Index(
                fields=["late_at", "id"],
                condition=Q(category__in=OPEN_CATEGORIES, trashed_at__isnull=True),
                name="activity_open_late",
            ),
            models.Index(fields=["starts_at"], condition=~Q(rule=""), name="activity_series"),
            models.Index(fields=["starts_at"], condition=LONG, name="activity_long"),
            GinIndex(fields=["words"], opclasses=["gin_trgm_ops"], name="activity_words"),
            models.Index(
                fields=["ends_at", "id"],
                condition=Q(is_task=True, category__in=OPEN_CATEGORIES, trashed_at__isnull=True),
                name="activity_open_tasks",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="activity_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(is_task=True, start_time__isnull=True)
                | Q(is_task=False, start_time__isnull=True, end_time__isnull=True)
                | Q(is_task=False, start_time__isnull=False, end_time__isnull=False),
                name="activity_has_both_times_or_none",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, occurs_on__isnull=True)
                | Q(series__isnull=False, occurs_on__isnull=False, rule=""),
                name="activity_exception_knows_its_date",
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="activity_category_known"
            ),
            models.UniqueConstraint(fields=["series", "occurs_on"], name="one_exception_a_date"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return card_address(self.pk)

    def compute(self) -> None:
        self.words = norm(f"{self.subject} {self.place}")
        self.category = catalog().statuses[self.status_id].category
        anchor = self.anchor
        if self.is_series:
            anchor = self.next_date(timezone.localdate(timezone=self.tz))
        self.starts_at, self.ends_at = self.instants(anchor)
        self.late_at = self.late_moment(timezone.now())
        self.is_long = self.ends_at - self.starts_at > DAY
        self.last_on = self.last_date if self.is_series else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is None:
            self.zone = self.zone or settings.TIME_ZONE
            self.compute()
        super().save(*args, **kwargs)

    def after_write(self) -> None:
        place(self)
        book(self)
        activity_written.send(sender=Activity, activity=self)

    after_assigning = after_trashing = after_write

    def trashed_along(self) -> list[Record]:
        """The exceptions of a series."""
        return list(self.exceptions.alive())

    def restored_along(self, since: dt.datetime) -> list[Record]:
        return list(self.exceptions.filter(trashed_at__gte=since))

    # --- what it is ---------------------------------------------------------------------------
    @property
    def is_open(self) -> bool:
        return self.category in OPEN_CATEGORIES

    @property
    def takes_time(self) -> bool:
        return catalog().takes_time(self.type_id, self.category, is_task=self.is_task)

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.late_at is not None and self.late_at < timezone.now()

    @property
    def is_unclaimed(self) -> bool:
        """Given to a team, and nobody of it has taken it yet."""
        return self.owner_id is None and self.team_id is not None

    @property
    def symbol(self) -> str:
        kind = catalog().types.get(self.type_id)
        return kind.icon if kind else self.icon

    @property
    def chip(self) -> Chip | None:
        status = catalog().statuses.get(self.status_id)
        return Chip(str(status), status.category) if status else None

    @property
    def moment(self) -> dt.datetime | None:
        return self.starts_at

    @property
    def secondary(self) -> str:
        return self.place

    def extra_snapshot(self) -> dict[str, Any]:
        about = {"kind": self.about_kind, "pk": self.about_id} if self.about_id else None
        return {"about_id": about, "reminders": [str(row) for row in self.rows_of("reminders")]}

    @property
    def about_kind(self) -> str:
        """Of the record that it belongs to; "" if it belongs to none."""
        if self.about_type_id is None:
            return ""
        model: Any = ContentType.objects.get_for_id(self.about_type_id).model_class()
        return model.kind if model else ""

    @classmethod
    def words_of(cls, field: str) -> Callable[[Any], str] | None:
        return described_alone if field == "rule" else None

    def followed(self) -> tuple[str, ...]:
        return ("reminders",)

    # --- who sees it --------------------------------------------------------------------------
    def is_in_team_of(self, user: User) -> bool:
        """Asked for several rights of one page, and found out once."""
        place = (self.owner_id, user.pk)
        if place not in self.known_colleagues:
            self.known_colleagues[place] = are_colleagues(self.owner_id, user)
        return super().is_in_team_of(user) or self.known_colleagues[place]

    @cached_property
    def known_colleagues(self) -> dict[tuple[int | None, int], bool]:
        return {}

    def team_members(self) -> set[int]:
        return super().team_members() | colleagues_of(self.owner_id)

    def ties(self, people: Sequence[User]) -> dict[int, list[Tie]]:
        return ties_of(self, people)
