"""Telling those who take part: ours by the bell, guests by mail (B14, B16). Everything that is owed
is written in the transaction of the change; a change that matters to nobody tells nobody."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from activities.actions.letters import Kind, was_written_to, write_to_guest, write_to_user
from activities.ical import sequence_of
from activities.invitations import has_been, is_over
from activities.models import Activity, Attendee, Category
from activities.news import Changes, News, before, news_of, news_of_exception
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions import notify, record_event


class Told(StrEnum):
    """What history says of it, and the bell."""

    INVITED = "invited"
    CHANGED = "rescheduled"
    CALLED_OFF = "called_off"
    DATE_CALLED_OFF = "date_called_off"


KINDS = {
    Told.INVITED: Kind.INVITATION,
    Told.CHANGED: Kind.CHANGE,
    Told.CALLED_OFF: Kind.CANCELLATION,
    Told.DATE_CALLED_OFF: Kind.CANCELLATION,
}


def tell_of_save(activity: Activity, *, actor: User | None, is_new: bool, changes: Changes) -> None:
    """After every save, before the calendars are brought up to date."""
    if activity.is_trashed:
        return
    news = news_of_exception(activity) if is_new else news_of(activity, changes)
    if news.matters and not is_new:
        _count_up(activity)
    attendees = _attendees(activity)
    if not (attendees or news.is_any) or _has_been(activity, changes):
        return
    told = _told(activity, attendees, is_new=is_new)
    if is_new:
        _mark(activity, told)
    elif news.when:
        _ask_again(activity, actor)
    _tell_news(activity, attendees, told, news, actor)


def _has_been(activity: Activity, changes: Changes) -> bool:
    """And had before, too: what ends earlier than was said is news."""
    return is_over(activity) and is_over(before(activity, changes))


def _tell_news(
    activity: Activity,
    attendees: list[Attendee],
    told: list[Attendee],
    news: News,
    actor: User | None,
) -> None:
    if news.out:
        _tell_of_date(activity, told, news.out, actor)
        return
    if activity.category != Category.CANCELLED:
        _tell_change(activity, told, news, actor)
        if not is_over(activity):
            _invite(activity, [row for row in attendees if row not in told], actor)
    elif news.status:
        _tell(activity, _coming(told), Told.CALLED_OFF, actor, _responsible(activity, news))
    else:
        return  # who was told that it is off need not hear of it again
    _dismiss(activity, news.gone)


def invite(activity: Activity, *, actor: User | None) -> None:
    """Tell those who were put on it otherwise than by saving it."""
    if activity.is_trashed or activity.category == Category.CANCELLED or is_over(activity):
        return
    _invite(activity, [row for row in _attendees(activity) if row.told_sequence is None], actor)


def tell_of_trash(activity: Activity, *, actor: User | None) -> None:
    """It went to the trash, or came back. What goes along with its series is told with that."""
    _count_up(activity)
    is_along = bool(activity.series and activity.series.is_trashed)
    if is_along or is_over(activity) or activity.category == Category.CANCELLED:
        return
    attendees = _attendees(activity)
    if not activity.is_trashed:
        _invite(activity, attendees, actor)
        return
    coming = _coming(attendees)
    # No bell: what is in the trash has no page that it could lead to.
    for person in {row.user for row in coming} | {activity.owner}:
        if person is not None and person != actor:
            write_to_user(activity, person)
    for row in coming:
        if row.contact and row.told_sequence is not None:
            write_to_guest(activity, row.contact, Kind.CANCELLATION)


def _attendees(activity: Activity) -> list[Attendee]:
    return list(activity.attendees.select_related("user__role", "contact"))


def _coming(rows: Iterable[Attendee]) -> list[Attendee]:
    return [row for row in rows if row.answer != Attendee.Answer.DECLINED]


def _count_up(activity: Activity) -> None:
    activity.sequence += 1
    Activity.objects.filter(pk=activity.pk).update(sequence=activity.sequence)


# --- whom it is told -----------------------------------------------------------------------------
def _told(activity: Activity, attendees: list[Attendee], *, is_new: bool) -> list[Attendee]:
    """Those who know of it; of a new one that differs from its series, who knows of that."""
    if not is_new or activity.series is None:
        return [row for row in attendees if row.told_sequence is not None]
    known = activity.series.attendees.filter(told_sequence__isnull=False)
    keys = set(known.values_list("user", "contact"))
    return [row for row in attendees if (row.user_id, row.contact_id) in keys]


def _invite(activity: Activity, rows: list[Attendee], actor: User | None) -> None:
    _tell(activity, rows, Told.INVITED, actor)


def _tell_change(activity: Activity, rows: list[Attendee], news: News, actor: User | None) -> None:
    """Ours see a new subject in their calendars; guests have to be told it, too."""
    if not news.matters:
        return
    rows = rows if news.when else _coming(rows)
    if news.matters_to_us:
        _tell(activity, rows, Told.CHANGED, actor, _responsible(activity, news))
    else:
        _tell(activity, [row for row in rows if row.contact], Told.CHANGED, actor)


def _tell_of_date(
    activity: Activity, rows: list[Attendee], on: dt.date, actor: User | None
) -> None:
    if not has_been(activity, on):
        people = _responsible(activity, News())
        _tell(activity, _coming(rows), Told.DATE_CALLED_OFF, actor, people, on=on)


def _responsible(activity: Activity, news: News) -> list[User]:
    """Who became it just now is told that."""
    return [activity.owner] if activity.owner and not news.owner else []


def _tell(
    activity: Activity,
    rows: list[Attendee],
    what: Told,
    actor: User | None,
    people: Iterable[User] = (),
    *,
    on: dt.date | None = None,
) -> None:
    """Guests by mail, ours by the bell, and in the history if that was anybody."""
    written = [
        row
        for row in rows
        if row.contact and write_to_guest(activity, row.contact, KINDS[what], on)
    ]
    ours = [row for row in rows if row.user]
    told = {row.user for row in ours if row.user} | set(people)
    told = {person for person in told if person.is_active and person != actor}
    if written or told:
        event = record_event(activity, what, actor=actor)
        notify(told, activity, event=event, actor=actor)
    _mark(activity, [*written, *ours])


def _mark(activity: Activity, rows: Iterable[Attendee]) -> None:
    known = activity.attendees.filter(pk__in=[row.pk for row in rows])
    known.update(told_sequence=sequence_of(activity))


def _dismiss(activity: Activity, keys: Iterable[int]) -> None:
    """Guests who were taken off it; from now on no link of theirs leads here."""
    for guest in Contact.objects.filter(pk__in=keys):
        if was_written_to(activity, guest):
            write_to_guest(activity, guest, Kind.CANCELLATION)


def _ask_again(activity: Activity, actor: User | None) -> None:
    """Answers were to another time. Who moves it says by that when they can."""
    rows = activity.attendees.exclude(answer=Attendee.Answer.PENDING)
    if actor is not None:
        rows = rows.exclude(user=actor)
    rows.update(answer=Attendee.Answer.PENDING, answered_at=None)
