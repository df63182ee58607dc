"""The mail of the morning: what stands in one's own calendar today, and what is overdue."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from activities.mailing import personal_id, wants_mail
from activities.models import Activity, Slot, catalog
from activities.models.activity import card_address
from activities.models.timed import DAY, MIDNIGHT
from activities.reading import Asked, Item, read_calendars
from activities.recurrence import instant_of
from activities.sharing import levels_for
from crm.accounts.models import MailNotifications, User
from crm.mail.actions import queue_once
from crm.mail.compose import render
from crm.records.actions.notifying import DIGEST_AT
from crm.records.fetch import with_rights
from crm.records.models import Heartbeat

ROUND = "agenda"  # a heartbeat: until when everybody's mornings have been looked at
CATCH_UP = dt.timedelta(hours=5)  # after that the day is no longer before one
MOST_OVERDUE = 20


# --- whose morning it is -------------------------------------------------------------------------
def last_round(now: dt.datetime) -> dt.datetime:
    beat = Heartbeat.objects.filter(name=ROUND).first()
    return max(beat.at, now - CATCH_UP) if beat else now - CATCH_UP


def note_round(now: dt.datetime) -> None:
    Heartbeat.objects.update_or_create(name=ROUND, defaults={"at": now})


def people_owed_agenda(now: dt.datetime) -> list[int]:
    """Keys of those where seven o'clock has struck since the last round."""
    since = last_round(now)
    people = User.objects.active().exclude(mail_notifications=MailNotifications.NEVER)
    people = people.exclude(email="").order_by("pk")
    return [user.pk for user in people if since < morning_of(user, now) <= now]


def morning_of(user: User, now: dt.datetime) -> dt.datetime:
    return instant_of(now.astimezone(user.tz).date(), DIGEST_AT, user.tz)


# --- what the day has ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """As on the calendar page; times are on the reader's clock."""

    key: int
    on: dt.date
    title: str
    beside: str = ""
    time: dt.time | None = None  # none: all day, or since before today
    until: dt.time | None = None
    is_task: bool = False
    is_unclaimed: bool = False
    is_of_series: bool = False
    symbol: str = ""
    version: int = 0
    may_change: bool = False

    @property
    def address(self) -> str:
        return card_address(self.key, self.on if self.is_of_series else None)


@dataclass(frozen=True)
class Agenda:
    day: dt.date
    events: list[Line]
    tasks: list[Line]
    overdue: list[Line]
    more: int  # overdue ones that are not listed

    @property
    def is_empty(self) -> bool:
        return not (self.events or self.tasks or self.overdue)

    @property
    def keys(self) -> set[int]:
        return {line.key for line in (*self.events, *self.tasks, *self.overdue)}


def agenda_of(user: User, day: dt.date) -> Agenda:
    """Unfolded and under the same rights as the calendar page."""
    today = _items(user, day, day + DAY)
    overdue, total = _overdue(user, day)
    return Agenda(
        day=day,
        events=[_line(item, day) for item in today if "t" not in item.flags],
        tasks=[_line(item, day) for item in today if "t" in item.flags],
        overdue=overdue,
        more=total - len(overdue),
    )


def _items(user: User, since: dt.date, before: dt.date) -> list[Item]:
    """What is open and not hidden, whole days first."""
    asked = Asked(
        reader=user,
        since=since,
        before=before,
        zone=user.tz,
        people=[user.pk],
        members={team: {user.pk} for team in user.team_ids},
    )
    statuses = catalog().statuses
    return [
        item
        for item in read_calendars(asked, levels_for(user)).items
        if "b" not in item.flags and statuses[item.status].is_open
    ]


def _overdue(user: User, day: dt.date) -> tuple[list[Line], int]:
    """The oldest tasks first, and how many there are; of a series only the last of its dates."""
    slots = Slot.objects.filter(Q(person=user) | Q(team__in=user.team_ids))
    tasks = Activity.objects.visible_to(user).overdue().filter(is_task=True)
    tasks = tasks.filter(
        late_at__lte=instant_of(day, MIDNIGHT, user.tz), pk__in=slots.values("activity")
    )
    listed = with_rights(tasks.order_by("late_at", "pk"), user, "change")[:MOST_OVERDUE]
    return [_line_of_overdue(task) for task in listed], tasks.count()


def _line_of_overdue(task: Any) -> Line:
    return Line(
        key=task.pk,
        on=task.missed_on or task.ends_on,
        title=task.subject,
        beside=task.place,
        time=task.end_time,
        is_task=True,
        is_unclaimed=task.is_unclaimed,
        is_of_series=task.is_series,
        symbol=task.symbol,
        version=task.version,
        may_change=task.may_change,
    )


def _line(item: Item, day: dt.date) -> Line:
    """Times only where they are of this day."""
    key, _slash, date = str(item.key).partition("/")
    start, end = dt.datetime.fromisoformat(item.start), dt.datetime.fromisoformat(item.end)
    is_timed, is_task = "a" not in item.flags, "t" in item.flags
    return Line(
        key=int(key),
        on=dt.date.fromisoformat(date) if date else start.date(),
        title=item.title,
        beside=item.beside,
        time=start.time() if is_timed and (is_task or start.date() == day) else None,
        until=end.time() if is_timed and not is_task and end.date() == day else None,
        is_task=is_task,
        is_unclaimed="u" in item.flags,
        is_of_series="r" in item.flags,
        symbol=catalog().types[item.type].icon,
        version=item.version,
        may_change="e" in item.flags,
    )


# --- the mail ------------------------------------------------------------------------------------
@transaction.atomic
def mail_agenda_to(user_pk: int, now: dt.datetime) -> bool:
    """Owe one mail about today, where today is there; False if there is nothing to say, or if it
    was said. However often this runs, a person has one of each day: its Message-ID says so."""
    user = User.objects.select_related("role").get(pk=user_pk)
    if not (user.is_active and wants_mail(user)):
        return False
    day = now.astimezone(user.tz).date()
    agenda = agenda_of(user, day)
    if agenda.is_empty:
        return False
    context = {"user": user, "agenda": agenda}
    rendered = render("mail/agenda", context, language=user.language, tz=user.tz)
    about = list(Activity.objects.filter(pk__in=agenda.keys))
    letter = rendered.message_to(user.email)
    return queue_once(letter, personal_id("agenda", user, day), user=user, about=about)
