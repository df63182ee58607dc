"""Tags: made on the fly, shared by every kind of record (F0.7)."""

import unicodedata
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Color

UNSEEN = ("Mn", "Me", "Cf", "Cc")  # accents, and what prints nothing or turns the line around


def tag_key(name: str) -> str:
    """The spelling under which two tags are the same: case, accents and spaces do not count."""
    if name.isascii() and name.isprintable():  # most of them, and ten times as quick
        return " ".join(name.lower().split())
    decomposed = unicodedata.normalize("NFKD", name)
    bare = "".join(char for char in decomposed if unicodedata.category(char) not in UNSEEN)
    return " ".join(bare.casefold().split())


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)
    color = models.CharField(_("colour"), max_length=2, choices=Color, blank=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = tag_key(self.name)[:60]
        super().save(*args, **kwargs)
