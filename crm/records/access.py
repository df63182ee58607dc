"""Who sees a record, and why: `visible_to` asked the other way round, for everybody at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from django.utils.translation import gettext as _

from crm.accounts.models import RoleRight, Scope, User
from crm.accounts.rights import ACTIONS
from crm.records.models import Record


@dataclass(frozen=True)
class Access:
    user: User
    reasons: list[str]
    may: frozenset[str]  # of ACTIONS


@dataclass(frozen=True)
class Standing:
    """What ties a person to a record, besides the role."""

    is_administrator: bool
    is_owner: bool
    is_in_team: bool
    is_listed: bool  # counts on restricted records only (F0.8)

    @classmethod
    def of(cls, user: User, owner: int | None, team: int | None, *, is_listed: bool) -> Self:
        """To a record of this owner and this team."""
        return cls(
            is_administrator=user.is_administrator,
            is_owner=owner == user.pk,
            is_in_team=team in user.team_ids,
            is_listed=is_listed,
        )

    @classmethod
    def to(cls, record: Record, user: User, *, is_listed: bool) -> Self:
        stands = cls.of(user, record.owner_id, record.team_id, is_listed=is_listed)
        return replace(stands, is_in_team=record.is_in_team_of(user))

    def reaches(self, scope: Scope, action: str, is_restricted: bool) -> bool:
        """The same rule as RecordQuerySet.permitted; a test holds the two together."""
        if self.is_administrator:
            return True
        listed = self.is_listed and is_restricted
        if is_restricted and not (self.is_owner or listed):
            return False
        shown = listed and action == "view"
        match scope:
            case Scope.ALL:
                return True
            case Scope.TEAM:
                return self.is_owner or self.is_in_team or shown
            case Scope.OWN:
                return self.is_owner or shown
        return False


def people_with_access(record: Record) -> list[Access]:
    """Every active person who sees `record`; a few statements however many there are."""
    scopes = {
        (right.role_id, action): Scope(getattr(right, f"{action}_scope"))
        for right in RoleRight.objects.filter(kind=record.kind)
        for action in ACTIONS
    }
    standing = _standings(record)
    people = list(User.objects.active().select_related("role"))
    ties = record.ties(people)
    found = []
    for user in people:
        stands = standing(user)
        scope = {action: scopes.get((user.role_id, action), Scope.NONE) for action in ACTIONS}
        more = [tie for tie in ties.get(user.pk, ()) if scope["view"] is not Scope.NONE]
        may = {
            action
            for action in ACTIONS
            if stands.reaches(scope[action], action, record.is_restricted)
            or (scope[action] is not Scope.NONE and any(action in tie.may for tie in more))
        }
        if "view" in may:
            reasons = _reasons(record, user, stands, scope["view"])
            reasons += [tie.reason for tie in more]
            found.append(Access(user, reasons, frozenset(may)))
    return found


def _standings(record: Record) -> Callable[[User], Standing]:
    members = record.team_members()
    listed = set(record.viewers.values_list("pk", flat=True)) if record.is_restricted else set()

    def standing(user: User) -> Standing:
        return Standing(
            is_administrator=user.is_administrator,
            is_owner=user.pk == record.owner_id,
            is_in_team=user.pk in members,
            is_listed=user.pk in listed,
        )

    return standing


def _reasons(record: Record, user: User, tie: Standing, scope: Scope) -> list[str]:
    """Each alone would be enough."""
    reasons = []
    if tie.is_administrator:
        reasons.append(_("Administrator: sees everything"))
    if tie.is_owner and scope is not Scope.NONE:
        reasons.append(_("Owner"))
    if tie.is_listed and scope is not Scope.NONE:
        reasons.append(_("Listed on the record"))
    if tie.is_in_team and scope is Scope.TEAM and not record.is_restricted:
        told = _("In the team %(team)s") if record.team else _("In a team of the owner")
        reasons.append(told % {"team": record.team})
    if scope is Scope.ALL and not tie.is_administrator and not record.is_restricted:
        reasons.append(_("The role %(role)s sees all of them") % {"role": user.role})
    return reasons
