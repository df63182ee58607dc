"""Types and statuses of events and tasks: lists that an administrator edits (F1.7, F1.8)."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.records.models import ListItem
from crm.records.models.choices import ListItemQuerySet
from crm.ui.kept import Kept


class Category(models.TextChoices):
    """What a status means to the product: colour and logic hang on it (F2.38)."""

    OPEN = "planned", pgettext_lazy("status", "Open")
    ACTIVE = "active", _("In progress")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    NOT_DONE = "not-done", _("Not done")
    CANCELLED = "off", _("Cancelled")


OPEN_CATEGORIES = (Category.OPEN, Category.ACTIVE, Category.WAITING)
TAKES_NO_TIME = (Category.CANCELLED, Category.NOT_DONE)


class Nature(models.TextChoices):
    BOTH = "both", _("Events and tasks")
    EVENT = "event", _("Events")
    TASK = "task", _("Tasks")


class CatalogQuerySet(ListItemQuerySet):
    def of(self, *, is_task: bool) -> Self:
        nature = Nature.TASK if is_task else Nature.EVENT
        return self.filter(nature__in=(Nature.BOTH, nature))


class CatalogItem(ListItem):
    nature = models.CharField(_("for"), max_length=5, choices=Nature, default=Nature.BOTH)

    objects: ClassVar[Any] = CatalogQuerySet.as_manager()

    class Meta(ListItem.Meta):
        abstract = True

    def fits(self, *, is_task: bool) -> bool:
        return self.nature in (Nature.BOTH, Nature.TASK if is_task else Nature.EVENT)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        transaction.on_commit(forget_catalog)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        transaction.on_commit(forget_catalog)
        return result


class ActivityType(CatalogItem):
    class Icon(models.TextChoices):
        EVENT = "calendar-event", _("Calendar")
        PEOPLE = "people", _("People")
        PHONE = "telephone", _("Telephone")
        MAIL = "envelope", _("Envelope")
        CASE = "briefcase", _("Briefcase")
        TRUCK = "truck", _("Van")
        TOOLS = "tools", _("Tools")
        SCREEN = "megaphone", _("Presentation")
        FLAG = "flag", _("Flag")
        CHECK = "check-circle", _("Check mark")
        PAPER = "receipt", _("Paper")

    class Overlap(models.TextChoices):
        FREE = "free", _("Nothing is said: the person counts as free")
        WARN = "warn", _("Asks before it is saved")
        BLOCK = "block", _("Refused where it meets another one that is refused")

    icon = models.CharField(_("symbol"), max_length=20, choices=Icon, default=Icon.EVENT)
    overlap = models.CharField(
        _("double booking"), max_length=5, choices=Overlap, default=Overlap.WARN
    )
    minutes = models.PositiveSmallIntegerField(
        _("usual length in minutes"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
    )

    class Meta(CatalogItem.Meta):
        verbose_name = _("activity type")
        verbose_name_plural = _("activity types")


class ActivityStatus(CatalogItem):
    category = models.CharField(_("means"), max_length=8, choices=Category, default=Category.OPEN)

    class Meta(CatalogItem.Meta):
        verbose_name = _("activity status")
        verbose_name_plural = _("activity statuses")

    @property
    def is_open(self) -> bool:
        return self.category in OPEN_CATEGORIES


@dataclass(frozen=True)
class Catalog:
    """All types and statuses, by key and in their order, those not active any more too."""

    types: dict[int, ActivityType]
    statuses: dict[int, ActivityStatus]

    def first_type(self, *, is_task: bool) -> ActivityType | None:
        rows = (row for row in self.types.values() if row.is_active and row.fits(is_task=is_task))
        return next(rows, None)

    def status_in(self, category: str, *, is_task: bool) -> ActivityStatus | None:
        """The first active status of this meaning."""
        for row in self.statuses.values():
            if row.is_active and row.category == category and row.fits(is_task=is_task):
                return row
        return None

    def takes_time(self, type_pk: int, category: str, *, is_task: bool) -> bool:
        """Is somebody busy who has one of this type and meaning? (B13, E7)"""
        is_free = self.types[type_pk].overlap == ActivityType.Overlap.FREE
        return not (is_task or is_free or category in TAKES_NO_TIME)


def _read_catalog(_key: str) -> Catalog:
    return Catalog(
        types={row.pk: row for row in ActivityType.objects.all()},
        statuses={row.pk: row for row in ActivityStatus.objects.all()},
    )


_kept = Kept("activity-catalog", _read_catalog)


def catalog() -> Catalog:
    """The rows are shared: change none."""
    return _kept.get()


def forget_catalog() -> None:
    _kept.forget()
