import uuid
from typing import Any

from django.core.cache import cache
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """How far a right reaches. Ordered: `Scope.OWN < Scope.TEAM < Scope.ALL`."""

    ALL = "all", _("All")
    TEAM = "team", _("Teams and own")
    OWN = "own", _("Own")
    NONE = "none", _("None")

    @property
    def rank(self) -> int:
        return ("none", "own", "team", "all").index(self.value)

    def __lt__(self, other: str) -> bool:
        return self.rank < Scope(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Scope(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Scope(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Scope(other).rank


RIGHTS_KEPT_SECONDS = 24 * 60 * 60
ACTIONS = ("view", "change", "delete", "export")
TABLES_KEPT = 200  # in each process; an old stamp's table is never asked for again
_tables: dict[str, dict[tuple[str, str], str]] = {}


class Role(models.Model):
    """What a person is here; decides through its rights what they may do."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_it = models.CharField(_("name in Italian"), max_length=80, blank=True)
    name_ro = models.CharField(_("name in Romanian"), max_length=80, blank=True)
    name_he = models.CharField(_("name in Hebrew"), max_length=80, blank=True)
    is_administrator = models.BooleanField(
        _("administrator"),
        default=False,
        help_text=_("May do everything, everywhere, and opens the administration."),
    )
    # Part of the cache key of the role's rights: replaced in the transaction that changes them, so
    # a cached answer can never outlive a change, not even across a rollback or a race.
    rights_stamp = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("name_en",)

    def __str__(self) -> str:
        return getattr(self, f"name_{get_language() or 'en'}"[:7], "") or self.name_en

    def rights_table(self) -> dict[tuple[str, str], str]:
        """(kind, action) → scope. No SQL when cached; no question to Redis when this process has
        read it before, which is safe because the stamp is part of the key."""
        key = f"accounts:rights:{self.pk}:{self.rights_stamp.hex}"
        if key in _tables:
            return _tables[key]
        table: dict[tuple[str, str], str] | None = cache.get(key)
        if table is None:
            table = {
                (right.kind, action): getattr(right, f"{action}_scope")
                for right in RoleRight.objects.filter(role=self)
                for action in ACTIONS
            }
            cache.set(key, table, RIGHTS_KEPT_SECONDS)
        if len(_tables) >= TABLES_KEPT:
            _tables.clear()
        _tables[key] = table
        return table

    def forget_rights(self) -> None:
        """Make every process read this role's rights anew once the transaction commits."""
        self.rights_stamp = uuid.uuid4()
        type(self).objects.filter(pk=self.pk).update(rights_stamp=self.rights_stamp)


def _scope_field(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=4, choices=Scope, default=Scope.NONE)


class RoleRight(models.Model):
    """One line of the table of rights: what a role may do with one kind of record."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="rights", verbose_name=_("role"))
    kind = models.SlugField(_("kind of record"), max_length=40)
    view_scope = _scope_field(_("view"))
    change_scope = _scope_field(_("change"))
    delete_scope = _scope_field(_("delete"))
    export_scope = _scope_field(_("export"))

    class Meta:
        verbose_name = _("right")
        verbose_name_plural = _("rights")
        ordering = ("kind",)
        constraints = (
            models.UniqueConstraint(fields=("role", "kind"), name="accounts_right_unique"),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{action}_scope__in", Scope.values)),
                    name=f"accounts_right_{action}_known",
                )
                for action in ACTIONS
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} · {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.role.forget_rights()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        self.role.forget_rights()
        return result
