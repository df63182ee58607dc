"""What holds for the whole company: one row, edited in the administration."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.accounts.models.user import monday_to_friday, validate_working_days
from crm.ui.kept import Kept

MONDAY, SATURDAY, SUNDAY = 1, 6, 7


class Organisation(models.Model):
    class FirstDay(models.IntegerChoices):
        MONDAY = MONDAY, _("Monday")
        SATURDAY = SATURDAY, _("Saturday")
        SUNDAY = SUNDAY, _("Sunday")

    name = models.CharField(_("name"), max_length=200, blank=True)
    working_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        verbose_name=_("working days"),
        default=monday_to_friday,
        validators=[validate_working_days],
        help_text=_("What calendars show as the work week."),
    )
    first_day = models.PositiveSmallIntegerField(
        _("the week starts on"), choices=FirstDay, default=FirstDay.MONDAY
    )
    holiday_countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries whose holidays are shown"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="accounts_one_organisation"),
            models.CheckConstraint(
                condition=models.Q(working_days__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="accounts_organisation_days_known",
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__in=(MONDAY, SATURDAY, SUNDAY)),
                name="accounts_organisation_first_day_known",
            ),
        )

    def __str__(self) -> str:
        return self.name or str(_("organisation"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
        transaction.on_commit(_kept.forget)

    @classmethod
    def get(cls) -> "Organisation":
        """The one there is; as it comes while nobody has edited it. It is shared: change it not."""
        return _kept.get()


def _read(_key: str) -> Organisation:
    return Organisation._default_manager.first() or Organisation(pk=1)


_kept = Kept("organisation", _read)
