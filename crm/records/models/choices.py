"""Lists that an administrator edits: names in four languages, order, colour, active."""

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Color
from crm.ui.rows import QuickRow

NAME_FIELDS = ("name_en", "name_it", "name_ro", "name_he")


def name_in(item: models.Model, language: str | None = None, field: str = "name") -> str:
    """The item's name in `language` (default: the active one), else in any that has one."""
    code = (language or get_language() or "en")[:2]
    languages = (code, "en", "it", "ro", "he")
    return next((name for key in languages if (name := getattr(item, f"{field}_{key}", ""))), "")


class ListItemQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)


class ListItem(QuickRow):
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    name_it = models.CharField(_("name in Italian"), max_length=80, blank=True)
    name_ro = models.CharField(_("name in Romanian"), max_length=80, blank=True)
    name_he = models.CharField(_("name in Hebrew"), max_length=80, blank=True)
    color = models.CharField(_("colour"), max_length=2, choices=Color, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ListItemQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "name_en", "pk"]

    def __str__(self) -> str:
        return name_in(self)
