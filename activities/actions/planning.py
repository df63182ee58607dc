"""What calendars do with an activity: move, copy, show as, take."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.inviting import dismiss, invite
from activities.actions.series import Reach, change_activity, made_from, taking_over
from activities.models import Activity, ActivityStatus, Attendee, catalog
from activities.models.timed import FIRST_DAY, LAST_DAY
from activities.recurrence import instant_of, local_of
from crm.accounts.models import User
from crm.accounts.rights import can
from crm.records.actions import record_event, save_record
from crm.records.actions.notifying import notify
from crm.records.errors import ActionRefused

LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class When:
    """A start and an end as somebody put them: wall-clock in `zone`. Without times, whole days,
    the last one included; of a task only the end counts."""

    start_day: dt.date
    start_time: dt.time | None
    end_day: dt.date
    end_time: dt.time | None
    zone: ZoneInfo

    def put(self, activity: Activity) -> None:
        """Raises ActionRefused for an end before the start and the like."""
        start, start_time = self._in(activity.tz, self.start_day, self.start_time)
        end, end_time = self._in(activity.tz, self.end_day, self.end_time)
        if (end, end_time or dt.time.max) < (start, start_time or dt.time.min):
            raise ActionRefused(_("The end is before the start."))
        if not FIRST_DAY <= start <= end <= LAST_DAY:
            raise ActionRefused(_("This is not a time."))
        if end - start > LONGEST:
            raise ActionRefused(_("An activity lasts a year at most."))
        if activity.is_task:
            kept = activity.ends_on - activity.starts_on
            activity.ends_on, activity.end_time = end, end_time
            activity.starts_on = end - kept
            return
        activity.starts_on, activity.start_time = start, start_time
        activity.ends_on, activity.end_time = end, end_time

    def _in(
        self, zone: ZoneInfo, day: dt.date, time: dt.time | None
    ) -> tuple[dt.date, dt.time | None]:
        """As the clock of the activity's own zone says it; whole days are in none (B11)."""
        if time is None or zone == self.zone:
            return day, time
        return local_of(instant_of(day, time, self.zone), zone)


def planned_at(activity: Activity, when: When, on: dt.date | None) -> Activity:
    """As it would be, to be looked at only: it is not stored, and keeps the key of what it is."""
    planned = made_from(activity, on or activity.anchor)
    when.put(planned)
    planned.pk, planned.series_id = activity.pk, activity.series_id
    return planned


@transaction.atomic
def move_activity(
    activity: Activity,
    when: When,
    *,
    actor: User,
    on: dt.date | None = None,
    reach: Reach = Reach.ALL,
    people: tuple[User | None, User] | None = None,
    expected_version: int | None = None,
) -> Activity:
    """To another time, and with `people` (from, to) to another calendar."""

    def change(one: Activity) -> None:
        if people and people[0] and not one._state.adding:
            # Before others are told of the new time, which is nothing to who has no part in it.
            _take_off(one, people[0], actor)
        when.put(one)
        if people:
            _hand_over_owner(one, *people)

    moved = change_activity(
        activity, change, actor=actor, on=on, reach=reach, expected_version=expected_version
    )
    if people:
        _hand_over_place(moved, *people, actor)
    return moved


def _hand_over_owner(activity: Activity, giver: User | None, taker: User) -> None:
    if not (taker.is_active and can(taker, "view", activity.kind)):
        raise ActionRefused(_("%(name)s cannot be given this.") % {"name": taker.name})
    if activity.owner_id == (giver.pk if giver else None):
        activity.owner = taker


def _take_off(activity: Activity, giver: User, actor: User) -> None:
    gone, _rows = activity.attendees.filter(user=giver).delete()
    if gone and giver.pk != activity.owner_id:
        dismiss(activity, [giver], actor)


def _hand_over_place(activity: Activity, giver: User | None, taker: User, actor: User) -> None:
    """Who becomes responsible need not take part besides; who took part is replaced."""
    if activity.owner_id != taker.pk:
        Attendee.objects.get_or_create(activity=activity, user=taker)
    activity.attendees.filter(user=activity.owner_id).delete()
    if giver:
        _take_off(activity, giver, actor)
    activity.after_write()
    invite(activity, actor=actor)


@transaction.atomic
def copy_activity(
    activity: Activity, when: When, *, actor: User, on: dt.date | None, owner: User | None = None
) -> Activity:
    """A single one, with everything but what happened: its own identity, no outcome, no answers,
    open again (B2)."""
    made = made_from(activity, on or activity.anchor)
    when.put(made)
    made.outcome = ""
    status = catalog().status_in("planned", is_task=made.is_task)
    made.status_id = status.pk if status else made.status_id
    if owner is not None:
        made.owner, made.team = owner, None if activity.is_unclaimed else activity.team
    take_over = taking_over(activity)

    def write(copy: Activity) -> None:
        take_over(copy)
        copy.attendees.filter(user=copy.owner_id).delete()
        copy.attendees.update(answer=Attendee.Answer.PENDING, answered_at=None)

    save_record(made, actor=actor, write=write)
    return made


def set_status(
    activity: Activity,
    status: ActivityStatus,
    *,
    actor: User,
    on: dt.date | None = None,
    reach: Reach = Reach.ONE,
    expected_version: int | None = None,
) -> Activity:
    """Raises ActionRefused for a status of the other kind or one that is not offered any more."""
    if not (status.is_active and status.fits(is_task=activity.is_task)):
        raise ActionRefused(_("This status is not offered here."))

    def change(one: Activity) -> None:
        one.status = status

    return change_activity(
        activity, change, actor=actor, on=on, reach=reach, expected_version=expected_version
    )


@transaction.atomic
def take_activity(activity: Activity, *, actor: User) -> Activity:
    """One of the team makes it theirs; the second to try is told who was first."""
    stored = Activity.objects.select_for_update().get(pk=activity.pk)
    if stored.owner_id is not None:
        raise ActionRefused(_("%(name)s has taken this already.") % {"name": stored.owner})
    if stored.team_id not in actor.team_ids and not actor.is_administrator:
        raise ActionRefused(_("Only somebody of the team can take this."))
    stored.owner = actor
    stored.version += 1
    stored.save(update_fields=["owner", "version", "updated_at"])
    stored.after_write()
    changes: list[dict[str, Any]] = [{"field": "owner", "old": None, "new": str(actor)}]
    event = record_event(stored, "taken", actor=actor, changes=changes)
    if stored.created_by and stored.created_by != actor:
        notify([stored.created_by], stored, event=event, actor=actor)
    return stored
