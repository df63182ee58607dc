"""Changing one occurrence of a series, it and those that follow, or all of them (E2, B9).

Every way of changing an activity goes through here: form, calendar, list and later the API.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from activities.models import Activity, Attendee, Wanted, catalog
from activities.models.timed import FIRST_DAY, LAST_DAY
from activities.recurrence import Rule, following, until_before
from activities.shifts import Dates, is_only_moved, moved_rule, renamed
from crm.accounts.models import User
from crm.records.actions import save_record, trash_record
from crm.records.actions.saving import tell_saved
from crm.records.errors import ActionRefused, Outdated
from crm.records.held import release, twin

Change = Callable[[Activity], None]
Beginning = tuple[Rule, dt.date]  # a rule and its first date
# Not taken over by what is made from another activity.
OWN = {
    *("id", "number", "version", "created_at", "created_by", "updated_at"),
    *("trashed_at", "trashed_by", "rule", "left_out", "series", "occurs_on", "uid", "sequence"),
}


class Reach(StrEnum):
    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


@transaction.atomic
def change_activity(
    activity: Activity,
    change: Change,
    *,
    actor: User | None,
    on: dt.date | None = None,
    reach: Reach = Reach.ALL,
    expected_version: int | None = None,
) -> Activity:
    """Do `change` to what `reach` says of the series, to the activity itself if it is none; answers
    what was changed. `change` is given the activity as it is at `on`, and may move it.

    Raises ActionRefused, and Outdated when somebody saved since `expected_version`.
    """
    stored = lock(activity, expected_version)
    if not stored.is_series or on is None:
        was = twin(stored)
        change(stored)
        return save_record(stored, actor=actor, locked=was)
    _must_occur(stored, on)
    if reach is Reach.FOLLOWING and on != stored.next_date(stored.anchor):
        return _change_rest(stored, change, on, actor)
    if reach is Reach.ONE:
        one = exception_of(stored, on)
        change(one)
        save_record(one, actor=actor, write=taking_over(stored))
        leave_out(stored, on, actor=None)
        return one
    was = twin(stored)
    dates = move_all(stored, on, change, stored.exceptions.all())
    rename(stored.exceptions.all(), dates)
    return save_record(stored, actor=actor, locked=was)


def _change_rest(series: Activity, change: Change, on: dt.date, actor: User | None) -> Activity:
    rest, later = rest_of(series, on), series.exceptions.filter(occurs_on__gte=on)
    dates = move_all(rest, on, change, later)
    take_over = taking_over(series)

    def write(made: Activity) -> None:
        take_over(made)
        cut(series, on, made, actor=actor)
        rename(made.exceptions.all(), dates)

    return save_record(rest, actor=actor, write=write)


@transaction.atomic
def remove_activity(
    activity: Activity,
    *,
    actor: User | None,
    on: dt.date | None = None,
    reach: Reach = Reach.ALL,
    expected_version: int | None = None,
) -> None:
    """To the trash; of a series, `reach` of it: what is taken out does not come back by itself."""
    stored = lock(activity, expected_version)
    whole = reach is Reach.ALL or (
        reach is Reach.FOLLOWING and on == stored.next_date(stored.anchor)
    )
    if not stored.is_series or on is None or whole:
        trash_record(stored, actor=actor)
        return
    _must_occur(stored, on)
    if reach is Reach.ONE:
        leave_out(stored, on, actor=actor)
        return
    for later in stored.exceptions.alive().filter(occurs_on__gte=on):
        trash_record(later, actor=actor)
    cut(stored, on, None, actor=actor)


def settle(made: Activity, series: Activity, on: dt.date, *, actor: User | None) -> None:
    """After an exception or the rest of a series was stored by a form: take `on`, or everything
    from it, out of the series. Raises ActionRefused if that was done meanwhile."""
    stored = lock(series, None)
    _must_occur(stored, on)
    copy_reminders(stored, made)
    if made.series_id is None:
        cut(stored, on, made, actor=actor)
        rename(made.exceptions.all(), made.moved_dates)
    else:
        leave_out(stored, on, actor=None)


def lock(activity: Activity, expected_version: int | None) -> Activity:
    stored: Activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if stored.is_trashed:
        raise ActionRefused(_("This is in the trash meanwhile. Restore it first."))
    if expected_version is not None and stored.version != expected_version:
        raise Outdated
    known = catalog()  # at hand: what is saved is compared by their names
    stored.type, stored.status = known.types[stored.type_id], known.statuses[stored.status_id]
    return stored


def _must_occur(series: Activity, on: dt.date) -> None:
    if not series.occurs(on):
        raise ActionRefused(_("This date is not part of the series any more."))


# --- what is made of a series --------------------------------------------------------------------
def made_from(activity: Activity, anchor: dt.date) -> Activity:
    """A new one, not stored yet, with its facts, moved to `anchor`."""
    facts = {
        field.attname: getattr(activity, field.attname)
        for field in Activity._meta.concrete_fields
        if field.name not in OWN
    }
    made = Activity(**facts)
    made.custom = dict(activity.custom)
    move_days(made, anchor - activity.anchor)
    return made


def exception_of(series: Activity, on: dt.date) -> Activity:
    made = made_from(series, on)
    made.series, made.occurs_on, made.uid = series, on, series.uid
    return made


def rest_of(series: Activity, on: dt.date) -> Activity:
    """What is left of a series from `on`: a series of its own, not stored yet."""
    rule = series.repeats
    assert rule is not None
    made = made_from(series, on)
    made.rule = following(rule, series.anchor, on).text(on)
    made.left_out = [day for day in series.left_out if day > on]
    made.uid, made.cut_from = uuid.uuid4(), series.pk
    return made


def taking_over(source: Activity) -> Callable[[Activity], None]:
    """A `write` that gives a copy the same tags, people, customers, readers and wanted reminders.
    Answers to an invitation are not taken over where it is at another time: they were to that one.
    """

    def write(made: Activity) -> None:
        for name in ("tags", "viewers", "other_customers"):
            getattr(made, name).set(getattr(source, name).all())
        is_same = (made.starts_at, made.ends_at) == source.instants(made.occurs_on or made.anchor)
        kept: list[str] = ["user_id", "contact_id"]
        kept += ["answer", "answered_at"] if is_same else []
        Attendee.objects.bulk_create(
            Attendee(activity=made, **{name: getattr(row, name) for name in kept})
            for row in source.attendees.all()
        )
        copy_reminders(source, made)
        release(made)

    return write


def copy_reminders(source: Activity, made: Activity) -> None:
    Wanted.objects.bulk_create(
        Wanted(activity=made, minutes=row.minutes, channel=row.channel)
        for row in source.reminders.all()
    )


def leave_out(series: Activity, on: dt.date, *, actor: User | None) -> None:
    """Take a date out of a series; told in its history unless Bottega does it for an exception."""
    series.left_out = sorted({*series.left_out, on})
    series.version += 1
    series.sequence += 1
    series.save()
    series.after_write()
    if actor is not None:
        change = {"field": "left_out", "old": None, "new": on.isoformat()}
        tell_saved(series, "changed", actor, [change])


def cut(series: Activity, on: dt.date, rest: Activity | None, *, actor: User | None) -> None:
    """End a series before `on`; its exceptions from then on belong to `rest`, of which nobody has
    been told yet: they come along with it, and its time is free for it."""
    rule = series.repeats
    assert rule is not None
    before = until_before(rule, series.anchor, on)
    if rest is not None:
        moved = series.exceptions.filter(occurs_on__gte=on)
        moved.update(series=rest, uid=rest.uid)
    if before is None:  # nothing is left of it
        trash_record(series, actor=actor)
        return
    series.rule = before.text(series.anchor)
    series.left_out = [day for day in series.left_out if day < on]
    save_record(series, actor=actor)


# --- moving --------------------------------------------------------------------------------------
def move_days(activity: Activity, by: dt.timedelta) -> None:
    activity.starts_on += by
    activity.ends_on += by


def move_all(
    series: Activity, on: dt.date, change: Change, exceptions: QuerySet[Activity]
) -> Dates:
    """What `change` does to the occurrence at `on` is done to all: the rule goes along, and each
    date that was left out stays the same one of the row. Answers what the exceptions' dates are
    then."""
    old_rule, old_anchor = series.repeats, series.anchor
    assert old_rule is not None
    move_days(series, on - old_anchor)
    change(series)
    moved = series.anchor - on
    move_days(series, old_anchor - on)
    if not moved:
        return {}
    if not FIRST_DAY <= series.starts_on <= series.ends_on <= LAST_DAY:
        raise ActionRefused(_("This is not a time."))
    rule = moved_rule(old_rule, moved, series.anchor)
    series.rule = rule.text(series.anchor)
    return _move_dates(series, exceptions, (old_rule, old_anchor), (rule, series.anchor))


def _move_dates(
    series: Activity, exceptions: QuerySet[Activity], old: Beginning, new: Beginning
) -> Dates:
    days = {*series.left_out, *(one.occurs_on for one in exceptions if one.occurs_on)}
    dates = renamed(*old, *new, days)
    series.left_out = sorted(dates[day] for day in series.left_out if day in dates)
    return dates


def follow(series: Activity, old: Beginning, new: Beginning) -> None:
    """A form is about to give a series, or the rest of one, another rule. If that only moves it,
    each date that was left out or differs stays the same one of the row."""
    if is_only_moved(*old, *new):
        _rule, first = old
        rows = Activity.objects.filter(series=series.pk or series.cut_from, occurs_on__gte=first)
        series.moved_dates = _move_dates(series, rows, old, new)


def rename(exceptions: QuerySet[Activity], dates: Mapping[dt.date, dt.date]) -> None:
    """In such an order that no two ever have the same date."""
    is_later = any(new > old for old, new in dates.items())
    for exception in exceptions.order_by("-occurs_on" if is_later else "occurs_on"):
        if exception.occurs_on and (new := dates.get(exception.occurs_on)):
            Activity.objects.filter(pk=exception.pk).update(occurs_on=new)
