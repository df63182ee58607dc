"""What a person sees of other people's calendars (E12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet

from activities.models import Activity, Grant, Sharing
from crm.accounts.models import Scope, Team, User
from crm.accounts.rights import scope_for

Members = dict[int, set[int]]  # of teams


class Level(IntEnum):
    NONE = 0
    BUSY = 1
    DETAILS = 2
    EDIT = 3

    @property
    def word(self) -> str:
        return self.name.lower()


OF_GRANTS = {
    Grant.Level.BUSY: Level.BUSY,
    Grant.Level.DETAILS: Level.DETAILS,
    Grant.Level.EDIT: Level.EDIT,
}
OF_SHARING = {
    Sharing.PRIVATE: Level.NONE,
    Sharing.BUSY: Level.BUSY,
    Sharing.PUBLIC: Level.DETAILS,
}


@dataclass(frozen=True)
class Levels:
    """`of(key)` of everybody."""

    usual: Level
    known: dict[int, Level]

    def of(self, key: int) -> Level:
        return self.known.get(key, self.usual)


def with_sharing(people: Any, reader: User) -> Any:
    """Each with `sharing` (None: nothing chosen) and `granted`, the levels granted to `reader`."""
    granted = Grant.objects.to(reader).filter(calendar=OuterRef("calendar")).values_list("level")
    return people.annotate(sharing=F("calendar__sharing"), granted=ArraySubquery(granted))


def levels_for(
    user: User, members: Members | None = None, everybody: Iterable[Any] | None = None
) -> Levels:
    """What holds for a whole calendar; single items may be more or less open (see `doors`).
    `members` of all teams and `everybody` with what they share are not read again."""
    view, change = (scope_for(user, action, Activity.kind) for action in ("view", "change"))
    if view is Scope.NONE:
        return Levels(Level.NONE, {})
    usual = _by_scope(view, change, Scope.ALL)
    if everybody is None:
        chosen = with_sharing(User.objects.exclude(calendar=None), user)
        everybody = chosen.values_list("pk", "sharing", "granted", named=True)
    known = {
        one.pk: max(usual, OF_SHARING[one.sharing], *map(OF_GRANTS.__getitem__, one.granted))
        for one in everybody
        if one.sharing is not None
    }
    usual = max(usual, Level.BUSY)
    if by_team := _by_scope(view, change, Scope.TEAM):
        members = members_of_teams() if members is None else members
        for key in set[int]().union(*(members.get(team, ()) for team in user.team_ids)):
            known[key] = max(known.get(key, usual), by_team)
    known[user.pk] = Level.EDIT
    return Levels(usual, known)


def members_of_teams() -> Members:
    found: Members = {}
    for team, user in _memberships().values_list("team_id", "user_id"):
        found.setdefault(team, set()).add(user)
    return found


def teams_and_members() -> tuple[list[Any], Members]:
    """The same with the teams themselves, those without anybody too."""
    of_team = _memberships().filter(team=OuterRef("pk")).values("user_id")
    teams = list(Team.objects.annotate(people=ArraySubquery(of_team)))
    return teams, {team.pk: set(team.people) for team in teams}


def _memberships() -> QuerySet:
    return User.teams.through._default_manager.all()


def _by_scope(view: Scope, change: Scope, least: Scope) -> Level:
    if view < least:
        return Level.NONE
    return Level.EDIT if change >= least else Level.DETAILS
