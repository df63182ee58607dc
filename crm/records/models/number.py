"""Gapless numbers (E8): a counter row per kind, series and period, locked until commit.

PostgreSQL sequences lose numbers on rollback, so none is used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.records.models.base import Record


class NumberSeries(models.Model):
    kind = models.CharField(_("kind"), max_length=40)
    series = models.CharField(_("series"), max_length=20, blank=True)
    period = models.CharField(_("period"), max_length=10, blank=True)
    next_value = models.PositiveBigIntegerField(_("next number"), default=1)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "series", "period"], name="one_counter_a_series"
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.series, self.period) if part)


class VoidNumber(models.Model):
    """A number whose draft was deleted: no gap without a reason, no reuse."""

    kind = models.CharField(_("kind"), max_length=40)
    number = models.CharField(_("code"), max_length=40)
    voided_at = models.DateTimeField(_("voided"), default=timezone.now)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("voided by"),
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("void number")
        verbose_name_plural = _("void numbers")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="a_number_is_void_once")
        ]

    def __str__(self) -> str:
        return self.number


def take_number(record: Record, *, series: str = "", period: str = "") -> str:
    """Give `record` the next number of its series and store it.

    Must be the last step of the transaction that saves the record: the counter row stays locked
    until commit, so nothing slow (mail, PDF, HTTP) may follow. A record keeps the number it has.
    """
    if not record.number:
        (record.number,) = next_numbers(record, 1, series=series, period=period)
        type(record).objects.filter(pk=record.pk).update(number=record.number)
    return record.number


def next_numbers(
    kind_of: type[Record] | Record, count: int, *, series: str = "", period: str = ""
) -> list[str]:
    """The next numbers of a series, for records of a kind that are about to be stored; see
    `take_number`."""
    with numbering(kind_of, series=series, period=period) as numbers:
        return list(islice(numbers, count))


@contextmanager
def numbering(
    kind_of: type[Record] | Record, *, series: str = "", period: str = ""
) -> Iterator[Iterator[str]]:
    """As many numbers as are taken. The counter is locked by the first of them, and stored when
    they are left."""
    place: dict[str, Any] = {"kind": kind_of.kind, "series": series, "period": period}
    locked: list[NumberSeries] = []

    def following() -> Iterator[str]:
        NumberSeries.objects.get_or_create(**place)
        counter = NumberSeries.objects.select_for_update().get(**place)
        locked.append(counter)
        while True:
            n, counter.next_value = counter.next_value, counter.next_value + 1
            yield kind_of.number_format.format(n=n, series=series, period=period)

    yield following()
    for counter in locked:
        counter.save(update_fields=["next_value"])
