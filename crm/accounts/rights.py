"""Who may do what with which kind of record: the one table, asked by everything else."""

from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.contrib.auth.models import AnonymousUser

from crm.accounts.models.role import ACTIONS, Role, RoleRight, Scope
from crm.accounts.models.user import User

__all__ = [
    "ACTIONS",
    "Scope",
    "can",
    "kinds",
    "scope_for",
    "seed_rights",
    "set_right",
]


def scope_for(user: User | AnonymousUser, action: str, kind: str) -> Scope:
    """How far `user` may go; raises ValueError on an action nobody defined."""
    if action not in ACTIONS:
        raise ValueError(f"There is no right called {action!r}.")
    if not isinstance(user, User) or not user.is_active:
        return Scope.NONE
    if user.is_administrator:
        return Scope.ALL
    return Scope(user.rights.get((kind, action), Scope.NONE))


def can(user: User | AnonymousUser, action: str, kind: str) -> bool:
    return scope_for(user, action, kind) is not Scope.NONE


def set_right(role: Role, kind: str, **scopes: str) -> RoleRight:
    """`set_right(agent, "contact", view="all", delete="none")`; what is not named stays."""
    right, _created = RoleRight.objects.get_or_create(role=role, kind=kind)
    for action, scope in scopes.items():
        setattr(right, f"{action}_scope", Scope(scope))
    right.role = role
    right.save()
    return right


def seed_rights(state: Apps, kind: str, defaults: dict[str, tuple[str, str, str, str]]) -> None:
    """For data migrations: role code → (view, change, delete, export). Keeps what is there."""
    role_model: Any = state.get_model("accounts", "Role")
    right_model: Any = state.get_model("accounts", "RoleRight")
    fields = [f"{action}_scope" for action in ACTIONS]
    for role in role_model.objects.filter(code__in=defaults):
        scopes = dict(zip(fields, defaults[role.code], strict=True))
        right_model.objects.get_or_create(role=role, kind=kind, defaults=scopes)


def kinds() -> dict[str, str]:
    """Kind → its name in the plural: every model that says `kind = "…"` is a kind of record."""
    named = ((getattr(m, "kind", None), m._meta.verbose_name_plural) for m in apps.get_models())
    return {kind: str(name) for kind, name in named if isinstance(kind, str)}
