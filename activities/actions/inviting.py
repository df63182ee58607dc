"""Telling those who take part: all by mail with the event for their calendars, ours by the bell as
well (B14, B16). Everything that is owed is written in the transaction of the change; a change that
matters to nobody tells nobody."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from activities.actions.letters import (
    Kind,
    formerly_invited,
    may_read,
    takes_letters,
    was_written_to,
    write_to,
    write_to_owner,
)
from activities.ical import sequence_of
from activities.invitations import has_been, is_over
from activities.models import Activity, Attendee, Category, Invitee
from activities.news import Changes, News, before, before_exception, news_of, news_of_exception
from activities.sentences import Told
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions import notify, record_event

KINDS = {
    Told.INVITED: Kind.INVITATION,
    Told.CALLED_OFF: Kind.CANCELLATION,
    Told.DATE_CALLED_OFF: Kind.CANCELLATION,
}  # everything else is a change


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
    elif news.when and any(row.answer != Attendee.Answer.PENDING for row in attendees):
        _ask_again(activity, actor)
    _tell_news(activity, attendees, told, news, actor)
    was = before_exception(activity) if is_new else before(activity, changes)
    _dismiss_gone(was, news, actor)


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
        people = _responsible(activity, news)
        _tell(activity, _coming(told), Told.CALLED_OFF, actor, people)


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
    if activity.owner and activity.owner != actor:
        write_to_owner(activity, activity.owner)
    told = [row for row in coming if row.told_sequence is not None]
    _write(activity, told, Kind.CANCELLATION, actor)


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
    """A new subject has to be in everybody's calendar, and is nothing to ring for."""
    if not news.matters:
        return
    rows = rows if news.when else _coming(rows)
    if news.matters_to_us:
        people = _responsible(activity, news)
        _tell(activity, rows, _told_of(news), actor, people, about=news.back)
    else:
        _tell(activity, rows, Told.RENAMED, actor, rings=False)


def _told_of(news: News) -> Told:
    if news.when:
        return Told.MOVED
    if news.back:
        return Told.DATE_BACK
    return Told.STATUS if news.status else Told.PLACE


def _tell_of_date(
    activity: Activity, rows: list[Attendee], on: dt.date, actor: User | None
) -> None:
    if not has_been(activity, on):
        people = _responsible(activity, News())
        _tell(activity, _coming(rows), Told.DATE_CALLED_OFF, actor, people, about=on)


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
    about: dt.date | None = None,
    rings: bool = True,
) -> None:
    """All of `rows` by mail, ours and `people` by the bell, and in the history if that was anybody.
    Who has a letter has no other mail about the same (B1). `about` is a date of a series."""
    kind = KINDS.get(what, Kind.CHANGE)
    written = _write(activity, rows, kind, actor, about if kind is Kind.CANCELLATION else None)
    ours = {row.user for row in rows if row.user}
    told = {person for person in ours | set(people) if person.is_active and person != actor}
    told = told if rings else set()
    if written or told:
        change = {"field": "left_out", "old": None, "new": about and about.isoformat()}
        if what is Told.DATE_BACK:
            change |= {"old": change["new"], "new": None}
        event = record_event(activity, what, actor=actor, changes=[change] if about else [])
        mailed = {row.user for row in written if row.user}
        notify(told, activity, event=event, actor=actor, mailed=mailed)
    _mark(activity, [*written, *(row for row in rows if row.user)])


def _write(
    activity: Activity,
    rows: Iterable[Attendee],
    kind: Kind,
    actor: User | None,
    on: dt.date | None = None,
) -> list[Attendee]:
    """Those of `rows` who were written to. Nobody about what they did themselves; and one of ours
    who is among the guests as well has one letter (B1)."""
    rows = list(rows)
    ours = _addresses_of_ours(activity) if any(row.contact for row in rows) else set()

    def is_reached(row: Attendee) -> bool:
        if row.contact and row.contact.email.casefold() in ours:
            return True
        return _may_be_told(activity, row, actor) and write_to(activity, row.person, kind, on)

    return [row for row in rows if is_reached(row)]


def _addresses_of_ours(activity: Activity) -> set[str]:
    users = [row.user for row in _attendees(activity) if row.user]
    return {user.email.casefold() for user in users if takes_letters(user)}


def _may_be_told(activity: Activity, row: Attendee, actor: User | None) -> bool:
    return row.user is None or (row.user != actor and may_read(row.user, activity))


def _mark(activity: Activity, rows: Iterable[Attendee]) -> None:
    if keys := [row.pk for row in rows]:
        activity.attendees.filter(pk__in=keys).update(told_sequence=sequence_of(activity))


def _dismiss_gone(activity: Activity, news: News, actor: User | None) -> None:
    """Who was told that it is off need not hear of it again."""
    if not (news.left or news.gone) or news.out:
        return
    if activity.category == Category.CANCELLED and not news.status:
        return
    ours = formerly_invited(activity) if news.left else []
    names = Counter(map(str, ours))  # of two with one name, nobody knows which of them it was
    gone = [user for user in ours if str(user) in news.left and names[str(user)] == 1]
    dismiss(activity, [*Contact.objects.filter(pk__in=news.gone), *gone], actor)


def dismiss(activity: Activity, people: Iterable[Invitee], actor: User | None) -> None:
    """People who were taken off it; from now on no link of theirs leads here. Ours may see it no
    more: `activity` has to be as they knew it."""
    for person in people:
        if person != actor and was_written_to(activity, person):
            write_to(activity, person, Kind.CANCELLATION)


def _ask_again(activity: Activity, actor: User | None) -> None:
    """Answers were to another time. Who moves it says by that when they can."""
    rows = activity.attendees.exclude(answer=Attendee.Answer.PENDING)
    if actor is not None:
        rows = rows.exclude(user=actor)
    rows.update(answer=Attendee.Answer.PENDING, answered_at=None)
