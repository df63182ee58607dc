"""The calendar page and what it asks for while it is open (F1.6, F2.29, F2.30)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from activities.hours import holidays_of
from activities.models import Activity, Calendar, catalog
from activities.models.timed import FIRST_DAY, LAST_DAY
from activities.periods import shown_period
from activities.reading import Asked, read_calendars
from activities.sharing import (
    Level,
    Levels,
    Members,
    levels_for,
    members_of_teams,
    teams_and_members,
    with_sharing,
)
from activities.summary import MANY, groups_of, summed_up
from activities.views.asked import day_in, keys_in
from crm.accounts.http import UserRequest
from crm.accounts.models import Organisation, User
from crm.accounts.rights import can

VIEWS = ("day", "work-week", "week", "month", "list")
GROUPS = ("date", "people")
# What calendar.js imports: fetched while the page is still being read.
SCRIPTS = settings.BASE_DIR / "static" / "js"
MODULES = sorted(f"js/calendar/{path.name}" for path in (SCRIPTS / "calendar").glob("*.js"))
USUAL: dict[str, Any] = {"view": "week", "group": "date", "who": [], "types": [], "tasks": True}


class Shown:
    """What a request asks to see, where it says nothing what its person looked at last."""

    def __init__(self, user: User, asked: QueryDict, kept: dict[str, Any]) -> None:
        self.user = user
        self.view = _one_of(asked.get("view"), kept.get("view"), VIEWS, "week")
        self.group = _one_of(asked.get("group"), kept.get("group"), GROUPS, "date")
        day = day_in(asked.get("date", "")) or timezone.localdate()
        self.day = max(FIRST_DAY, min(LAST_DAY, day))
        self.types = (
            keys_in(asked.get("types", "")) if "types" in asked else kept.get("types") or []
        )
        who = keys_in(asked.get("who", "")) if "who" in asked else kept.get("who") or []
        self.who: list[int] = who or [user.pk]
        tasks = asked.get("tasks") if "tasks" in asked else kept.get("tasks", True)
        self.with_tasks = tasks not in ("0", False)

    @property
    def kept(self) -> dict[str, Any]:
        return {
            "view": self.view,
            "group": self.group,
            "who": self.who,
            "types": self.types,
            "tasks": self.with_tasks,
        }


def _one_of(asked: str | None, kept: Any, known: tuple[str, ...], usual: str) -> str:
    return next((one for one in (asked, kept) if one in known), usual)


@dataclass(frozen=True)
class Room:
    """What holds for whatever is asked."""

    organisation: Organisation
    members: Members
    levels: Levels


def asked_of(shown: Shown, room: Room) -> Asked:
    """Without the calendars that are private to their owner."""
    since, before = shown_period(shown.view, shown.day, room.organisation.first_day)
    people = [key for key in shown.who if key > 0 and room.levels.of(key) > Level.NONE]
    teams = [-key for key in shown.who if key < 0]
    return Asked(
        reader=shown.user,
        since=since,
        before=before,
        zone=shown.user.tz,
        people=people,
        teams=teams,
        members=room.members,
        types=shown.types,
        with_tasks=shown.with_tasks,
    )


def answer(shown: Shown, room: Room) -> dict[str, Any]:
    asked = asked_of(shown, room)
    found = read_calendars(asked, room.levels)
    is_summed_up = shown.view == "month" and len(asked.people) > MANY
    groups = groups_of(asked.people, asked.members) if is_summed_up else {}
    return {
        "stamp": found.stamp,
        "from": asked.since.isoformat(),
        "to": asked.before.isoformat(),
        "items": [] if is_summed_up else found.items,
        "holidays": holidays(room.organisation, asked.since, asked.before),
        "days": summed_up(found.items, groups, asked.since, asked.before) if is_summed_up else None,
    }


def holidays(organisation: Organisation, since: dt.date, before: dt.date) -> dict[str, list[str]]:
    found = holidays_of(organisation.holiday_countries, since, before, get_language() or "en")
    return {day.isoformat(): names for day, names in found.items()}


@require_safe
def calendar(request: UserRequest) -> HttpResponse:
    user = request.user
    people: Any = User.objects.annotate(shown=F("calendar__shown"))
    everybody = list(with_sharing(people, user))
    teams, members = teams_and_members()
    kept = next((one.shown for one in everybody if one.pk == user.pk), None)
    shown = Shown(user, request.GET, kept or USUAL)
    room = Room(Organisation.get(), members, levels_for(user, members, everybody))
    context = {
        "calendar_settings": settings_of(shown, room)
        | {"people": people_for(user, everybody, room.levels), "teams": teams_for(teams)},
        "calendar_data": answer(shown, room),
        "calendar_modules": MODULES,
    }
    return render(request, "activities/calendar.html", context)


@never_cache
@require_safe
def calendar_feed(request: UserRequest) -> HttpResponse:
    """As JSON; 204 if nothing there is another since `?stamp=`."""
    shown = Shown(request.user, request.GET, USUAL)
    members, known = members_of_teams(), request.GET.get("stamp", "")
    room = Room(Organisation.get(), members, levels_for(request.user, members))
    if known and asked_of(shown, room).stamp() == known:
        return HttpResponse(status=204)
    return JsonResponse(answer(shown, room), json_dumps_params=COMPACT)


COMPACT = {"ensure_ascii": False, "separators": (",", ":")}


@require_POST
def calendar_remember(request: UserRequest) -> HttpResponse:
    """What to open the calendar with the next time."""
    shown = Shown(request.user, request.POST, USUAL).kept
    Calendar.objects.update_or_create(user=request.user, defaults={"shown": shown})
    return HttpResponse(status=204)


def settings_of(shown: Shown, room: Room) -> dict[str, Any]:
    now, user = timezone.localtime(), shown.user
    return {
        "view": shown.view,
        "date": shown.day.isoformat(),
        "today": now.date().isoformat(),
        "now": now.isoformat()[:16],
        "zone": user.time_zone,
        "language": get_language() or "en",
        "first_day": room.organisation.first_day,
        "work_days": room.organisation.working_days,
        "group": shown.group,
        "who": shown.who,
        "me": user.pk,
        "types_chosen": shown.types,
        "tasks": shown.with_tasks,
        "may_create": can(user, "change", Activity.kind),
        "statuses": [
            {"id": row.pk, "label": str(row), "category": row.category, "of": row.nature}
            for row in catalog().statuses.values()
            if row.is_active
        ],
        "types": [
            {"id": row.pk, "label": str(row), "icon": row.icon}
            for row in catalog().types.values()
            if row.is_active
        ],
        "urls": urls(),
    }


def people_for(user: User, everybody: Iterable[User], levels: Levels) -> list[dict[str, Any]]:
    """Oneself first."""
    active = (one for one in everybody if one.is_active)
    people = sorted(active, key=lambda one: one.pk != user.pk)
    return [
        {
            "id": one.pk,
            "name": one.name,
            "initials": one.initials,
            "color": one.color,
            "level": levels.of(one.pk).word,
            "days": one.working_days,
            "start": one.work_starts_at.isoformat("minutes"),
            "end": one.work_ends_at.isoformat("minutes"),
        }
        for one in people
    ]


def teams_for(teams: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": -team.pk,
            "name": team.name,
            "color": team.color,
            "members": sorted(team.people),
        }
        for team in teams
    ]


def urls() -> dict[str, str]:
    names = {
        "page": "calendar",
        "feed": "calendar_feed",
        "remember": "calendar_remember",
        "create": "activity_create",
    }
    plain = {key: reverse(name) for key, name in names.items()}
    deeds = ("edit", "move", "copy", "status", "take", "remove")
    of_one = {key: reverse(f"activity_{key}", args=[0]) for key in deeds}
    return plain | of_one | {"card": reverse("activity_detail", args=[0])}
