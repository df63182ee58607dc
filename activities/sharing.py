"""What a person sees of other people's calendars (E12)."""

from dataclasses import dataclass
from enum import IntEnum

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from activities.models import Activity, Calendar, Grant, Sharing
from crm.accounts.models import Scope, User
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


def levels_for(user: User, members: Members | None = None) -> Levels:
    """What holds for a whole calendar; single items may be more or less open (see `doors`).
    `members` are those of all teams, if they have been read."""
    view, change = (scope_for(user, action, Activity.kind) for action in ("view", "change"))
    if view is Scope.NONE:
        return Levels(Level.NONE, {})
    usual = _by_scope(view, change, Scope.ALL)
    granted = Grant.objects.to(user).filter(calendar=OuterRef("pk")).values_list("level")
    calendars = Calendar.objects.annotate(granted=ArraySubquery(granted))
    known = {}
    for key, sharing, levels in calendars.values_list("user", "sharing", "granted"):
        known[key] = max(usual, OF_SHARING[Sharing(sharing)], *map(OF_GRANTS.__getitem__, levels))
    usual = max(usual, Level.BUSY)
    if by_team := _by_scope(view, change, Scope.TEAM):
        members = members_of_teams() if members is None else members
        for key in set[int]().union(*(members.get(team, ()) for team in user.team_ids)):
            known[key] = max(known.get(key, usual), by_team)
    known[user.pk] = Level.EDIT
    return Levels(usual, known)


def members_of_teams() -> Members:
    found: Members = {}
    rows = User.teams.through._default_manager.values_list("team_id", "user_id")
    for team, user in rows:
        found.setdefault(team, set()).add(user)
    return found


def _by_scope(view: Scope, change: Scope, least: Scope) -> Level:
    if view < least:
        return Level.NONE
    return Level.EDIT if change >= least else Level.DETAILS
