"""Writing down which reminders are owed, in the transaction of the change that makes them so."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from activities.models import Activity, Reminder, Wanted
from activities.reminders import Key, key_of, owed, people_of

PAGE = 200
State = Reminder.State


@transaction.atomic(savepoint=False)
def plan_reminders(activity: Activity) -> None:
    """Bring the reminders of an activity up to date. Its row is locked by the caller, as it is by
    who sends them: of the two, the second sees what the first has done.

    What has passed already is not written down (B2), but what was and is still unsent stays owed.
    """
    lines = list(Wanted.objects.filter(activity=activity))
    mine, now = Reminder.objects.filter(activity=activity), timezone.now()
    if not lines:
        mine.pending().update(state=State.CANCELLED, settled_at=now)
        return
    waiting = mine.pending().values_list("occurs_on", flat=True).distinct()
    kept = list(waiting) if activity.is_series else []
    wanted = owed(activity, lines, people_of([activity])[activity.pk], now, kept)
    known = {key_of(row): row for row in _of_interest(mine, wanted)}
    changed = [row for key, row in known.items() if _settle(row, wanted.get(key), now)]
    Reminder.objects.bulk_update(changed, ["state", "due_at", "settled_at"])
    Reminder.objects.bulk_create(
        (
            Reminder(activity=activity, due_at=due, **key._asdict())
            for key, due in wanted.items()
            if key not in known and due > now
        ),
        ignore_conflicts=True,
    )


def _of_interest(mine: QuerySet, wanted: dict[Key, dt.datetime]) -> QuerySet:
    """Of a series that runs for years, not those of all its past."""
    dates = {key.occurs_on for key in wanted}
    rows = mine.filter(Q(state=State.PENDING) | Q(occurs_on__in=dates))
    return rows.select_for_update().order_by("pk")


def _settle(row: Reminder, due: dt.datetime | None, now: dt.datetime) -> bool:
    """What has become of it; True if that is another than it was.

    One that was sent is owed again when its occurrence was moved to another time of the same date
    that is still to come: what it said is not so any more. The row starts over, for there is one of
    each; its mail gets a Message-ID of its own, because the moment is part of that.
    """
    before = (row.state, row.due_at)
    if due is None:
        if row.state == State.PENDING:
            row.state = State.CANCELLED
    elif due != row.due_at:
        if due > now:
            row.state, row.due_at = State.PENDING, due
        elif row.state == State.PENDING:  # moved to where it would have been too late
            row.state, row.due_at = State.CANCELLED, due
    elif row.state == State.CANCELLED and due > now:
        row.state = State.PENDING
    if before == (row.state, row.due_at):
        return False
    row.settled_at = None if row.state == State.PENDING else now
    return True


# --- series ---------------------------------------------------------------------------------------
def plan_next_of_series() -> int:
    """Write down what has come within reach since; of how many series. Repeatable."""
    return sum(_plan(pk) for pk in _series_lacking(timezone.now()))


@transaction.atomic
def _plan(pk: int) -> int:
    series = Activity.objects.alive().select_for_update(no_key=True).filter(pk=pk).first()
    if series is not None:
        plan_reminders(series)
    return 1 if series else 0


def _series_lacking(now: dt.datetime) -> Iterator[int]:
    """A page of them costs a few statements; most lack nothing."""
    for page in _pages_of_series():
        people, written = people_of(page), _written(page, now)
        for series in page:
            wanted = owed(series, list(series.reminders.all()), people[series.pk], now)
            coming = {key: due for key, due in wanted.items() if due > now}
            if not coming.items() <= written.get(series.pk, {}).items():
                yield series.pk


def _written(page: list[Activity], now: dt.datetime) -> dict[int, dict[Key, dt.datetime]]:
    rows = Reminder.objects.filter(activity__in=[series.pk for series in page], due_at__gt=now)
    found: dict[int, dict[Key, dt.datetime]] = {}
    for row in rows.exclude(state=State.CANCELLED):
        found.setdefault(row.activity_id, {})[key_of(row)] = row.due_at
    return found


def _pages_of_series() -> Iterator[list[Activity]]:
    """Along the index of series."""
    wanting = Wanted.objects.filter(activity=OuterRef("pk"))
    rows = Activity.objects.alive().open().exclude(rule="").filter(Exists(wanting))
    rows = rows.order_by("starts_at", "pk").prefetch_related("reminders")
    page = list(rows[:PAGE])
    while page:
        yield page
        last = page[-1]
        later = Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, pk__gt=last.pk)
        page = list(rows.filter(starts_at__gte=last.starts_at).filter(later)[:PAGE])
