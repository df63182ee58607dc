"""Who sees an activity besides what holds for every record: who takes part, who booked it, and with
whom the calendar of the one responsible is shared (E11, E12)."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models.calendar import Calendar, Grant, Sharing
from activities.models.timed import DAY
from crm.accounts.models import Team, User
from crm.accounts.rights import Scope, scope_for
from crm.contacts.models import Contact
from crm.contacts.models.customer import CustomerRecordQuerySet
from crm.contacts.names import norm
from crm.records.models import Tie
from crm.records.models.base import FREE
from crm.records.models.row_sql import RowWhere

if TYPE_CHECKING:
    from activities.models.activity import Activity

TRIGRAM = 3
LONG = Q(is_long=True)
CODE = re.compile(r"[aA]-[0-9]+")
SEEING = (Grant.Level.DETAILS, Grant.Level.EDIT)
VIEW = frozenset({"view"})
CHANGE = frozenset({"view", "change"})
BOOKED = frozenset({"view", "change", "delete"})
LATEST = 1500
# Whose activities one sees: of one's teams, shared with one, public; and where one takes part.
COLLEAGUES = "SELECT user_id FROM accounts_user_teams WHERE team_id = ANY(%s)"
GRANTING = """SELECT calendar.user_id FROM activities_grant AS given
    JOIN activities_calendar AS calendar ON calendar.id = given.calendar_id
    WHERE (given.user_id = %s OR given.team_id = ANY(%s)) AND given.level = ANY(%s)"""
PUBLIC = "SELECT user_id FROM activities_calendar WHERE sharing = %s"
BOOKED_BY = "{row}.created_by_id = %s"
ATTENDING = "SELECT activity_id FROM activities_attendee WHERE user_id = %s"

OF_CONTACTS = """SELECT id FROM activities_activity WHERE customer_id = ANY(%s)
    UNION ALL
    SELECT activity_id FROM activities_activity_other_customers WHERE contact_id = ANY(%s)
    UNION ALL
    SELECT id FROM activities_activity WHERE contact_person_id = ANY(%s)
    UNION ALL
    SELECT activity_id FROM activities_attendee WHERE contact_id = ANY(%s)"""


class ActivityQuerySet(CustomerRecordQuerySet):
    def doors(self, user: User, action: str) -> list[RowWhere]:
        doors = super().doors(user, action)
        scope = scope_for(user, action, self._record.kind)
        if user.is_administrator or scope is Scope.NONE:
            return doors
        doors += self._parts(user, action)
        if scope is Scope.ALL:
            return doors
        teams: list[int] = list(user.team_ids)
        owners: list[tuple[str, list[Any]]] = []
        if scope is Scope.TEAM:
            owners.append((COLLEAGUES, [teams]))
        if action in CHANGE:
            levels = list(SEEING if action == "view" else (Grant.Level.EDIT,))
            owners.append((GRANTING, [user.pk, teams, levels]))
        if action == "view":
            owners.append((PUBLIC, [Sharing.PUBLIC]))
        if owners:
            sql = " UNION ALL ".join(sql for sql, _params in owners)
            params = [value for _sql, values in owners for value in values]
            doors.append(RowWhere(f"{FREE} AND {{row}}.owner_id IN ({sql})", *params))
        return doors

    def _parts(self, user: User, action: str) -> list[RowWhere]:
        parts = [RowWhere(BOOKED_BY, user.pk)] if action in BOOKED else []
        if action == "view":
            parts.append(RowWhere(f"{{row}}.id IN ({ATTENDING})", user.pk))
        return parts

    def of(self, *contacts: Contact) -> Self:
        """What belongs to any of these customers, further ones included (F1.15), or people. Found
        by keys put together: an OR that asks another table counts as half of all there are."""
        keys = [contact.pk for contact in contacts]
        people = [contact.pk for contact in contacts if contact.is_person]
        return self.filter(RowWhere(f"{{row}}.id IN ({OF_CONTACTS})", keys, keys, people, people))

    def overdue(self) -> Self:
        return self.open().filter(late_at__lt=timezone.now())

    def between(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Those that begin, go on or are due from `start` on and before `end`. Almost all of them
        are over within a day: so the index need not look further back."""
        short = Q(starts_at__gt=start - DAY, starts_at__lt=end, ends_at__gt=start)
        return self.filter(short | (LONG & Q(starts_at__lt=end, ends_at__gt=start)))

    def matching(self, text: str) -> Self:
        """Each word is in the subject or the place, whatever its accents, or all of it is a code.
        Not in the customer's name: who sees an activity need not see whom it is for (E11)."""
        if CODE.fullmatch(text.strip()):
            return self.filter(number__startswith=text.strip().upper())
        rows = self
        for word in norm(text).split():
            rows = rows.filter(words__contains=word)
        return rows

    @classmethod
    def is_vague(cls, text: str) -> bool:
        """Shorter than what the index knows."""
        return any(len(word) < TRIGRAM for word in norm(text).split())

    def best_matches(self, text: str, limit: int) -> list[Any]:
        """The latest first; of words that no index knows, only among so many of the latest."""
        rows = self.order_by("-starts_at", "-pk")
        is_vague = self.is_vague(text) and not CODE.fullmatch(text.strip())
        rows = rows._among_the_latest(text) if is_vague else rows.matching(text)
        return list(rows[:limit])

    def _among_the_latest(self, text: str) -> Self:
        sql, params = self.values("pk", "words")[:LATEST].query.sql_with_params()
        words = [f"%{word}%" for word in norm(text).split()]
        latest = f"{{row}}.id IN (SELECT pk FROM ({sql}) AS latest WHERE words LIKE ALL(%s))"  # noqa: S608  the ORM's own SQL
        rows: Self = self._record._default_manager.filter(RowWhere(latest, *params, words))
        return rows.order_by("-starts_at", "-pk")


def colleagues(user: User) -> QuerySet[User]:
    """Everybody in one of the person's teams."""
    return User.objects.filter(teams__in=user.team_ids).order_by().values("pk")


def are_colleagues(key: int | None, user: User) -> bool:
    if key == user.pk:
        return bool(user.team_ids)
    return key is not None and colleagues(user).filter(pk=key).exists()


def colleagues_of(key: int | None) -> set[int]:
    """The other way round: whose colleague the one with this key is."""
    teams = Team.objects.filter(members=key).values("pk") if key else ()
    return set(User.objects.filter(teams__in=teams).values_list("pk", flat=True))


def ties_of(activity: "Activity", people: Sequence[User]) -> dict[int, list[Tie]]:
    """The same rules asked the other way round; a test holds the two together."""
    ties: dict[int, list[Tie]] = {person.pk: [] for person in people}
    if activity.created_by_id in ties:
        ties[activity.created_by_id].append(Tie(_("Booked it"), BOOKED))
    for key in activity.attendees.filter(user__in=list(ties)).values_list("user", flat=True):
        ties[key].append(Tie(_("Takes part"), VIEW))
    calendar = Calendar.objects.filter(user=activity.owner_id).first()
    if calendar and activity.owner and not activity.is_restricted:
        _add_shared(ties, calendar, activity.owner)
    return ties


def _add_shared(ties: dict[int, list[Tie]], calendar: Calendar, owner: User) -> None:
    if calendar.sharing == Sharing.PUBLIC:
        told = Tie(_("The calendar of %(name)s is public") % {"name": owner}, VIEW)
        for reasons in ties.values():
            reasons.append(told)
    told_shared = _("%(name)s shares the calendar with them") % {"name": owner}
    for grant in calendar.grants.filter(level__in=SEEING):
        may = CHANGE if grant.level == Grant.Level.EDIT else VIEW
        for key in ties.keys() & grant.people():
            ties[key].append(Tie(told_shared, may))
