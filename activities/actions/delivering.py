"""Sending the reminders that are due: under the bell and by mail, in one transaction with the mark
that it was done. Who dies in between has done nothing, or all that was owed (E3)."""

import datetime as dt
import logging
from collections.abc import Iterable
from itertools import groupby

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from activities.actions.reminding import plan_reminders
from activities.mailing import message_id, wants_mail
from activities.models import Activity, Reminder
from activities.occasions import Occasion
from crm.contacts.models import Contact
from crm.mail.actions import queue_once
from crm.mail.compose import render
from crm.mail.errors import BadMessage
from crm.records.actions import notify, record_event
from crm.records.actions.notifying import may_see

log = logging.getLogger(__name__)
BATCH = 200  # activities
TOO_LATE = dt.timedelta(minutes=60)
State, Channel = Reminder.State, Reminder.Channel


def activities_with_due() -> list[int]:
    """Keys, those first that have waited longest."""
    due = Reminder.objects.due().values("activity").annotate(first=Min("due_at"))
    return list(due.order_by("first", "activity").values_list("activity", flat=True)[:BATCH])


@transaction.atomic
def deliver_reminders_of(pk: int) -> int:
    """Settle what is due of one activity; how many reminders that were.

    While somebody else has its row, a worker as quick as this one or somebody who changes it, there
    is nothing to do: the clock rings again within a minute.
    """
    rows = Activity.objects.select_for_update(skip_locked=True, no_key=True)
    activity = rows.filter(pk=pk).first()
    if activity is None:
        return 0
    plan_reminders(activity)  # what is not owed any more is found now at the latest
    due = Reminder.objects.due().filter(activity=activity).select_related("user__role")
    due = due.select_for_update(skip_locked=True, of=("self",))
    reminders = list(due.order_by("due_at", "occurs_on", "minutes", "user", "channel"))
    now = timezone.now()
    owed = _still_owed(activity, reminders, now)
    for (on, _minutes), group in groupby(owed, key=lambda row: (row.occurs_on, row.minutes)):
        _remind(Occasion(activity, on, now), list(group))
    settled = Reminder.objects.filter(pk__in=[row.pk for row in reminders])
    settled.update(state=State.CANCELLED, settled_at=now)
    settled.filter(pk__in=[row.pk for row in owed]).update(state=State.SENT)
    return len(reminders)


def _still_owed(
    activity: Activity, reminders: Iterable[Reminder], now: dt.datetime
) -> list[Reminder]:
    """Rights may have changed since (E11), and a long time may have passed."""
    users = {row.user_id: row.user for row in reminders}
    seeing = {key for key, user in users.items() if may_see(user, activity)}
    return [
        row
        for row in reminders
        if row.user_id in seeing and not _comes_too_late(activity, row, now)
    ]


def _comes_too_late(activity: Activity, row: Reminder, now: dt.datetime) -> bool:
    """Of an event that is over meanwhile. A task stays to be done; and what was to come after an
    event is no worse for being late."""
    if activity.is_task or now - row.due_at <= TOO_LATE:
        return False
    end = activity.instants(row.occurs_on)[1]
    return row.due_at < end <= now


def _remind(occasion: Occasion, rows: list[Reminder]) -> None:
    """All who are owed one of the same occurrence and moment: one line of history."""
    mailed = {
        row.user_id
        for row in rows
        if row.channel == Channel.MAIL and wants_mail(row.user) and _mail(occasion, row)
    }
    # Who wants no mail, or cannot be written to, has the bell whatever the activity says.
    ringing = {
        row.user_id: row.user
        for row in rows
        if row.channel == Channel.BELL or row.user_id not in mailed
    }
    field = "ends_on" if occasion.activity.is_task else "starts_on"
    when = occasion.days[1 if occasion.activity.is_task else 0] if occasion.days else None
    moment = (when or occasion.start.astimezone(dt.UTC)).isoformat()
    change = {"field": field, "old": None, "new": moment}
    event = record_event(occasion.activity, "reminded", actor=None, changes=[change])
    # The mail about it has its own row, channel and words.
    notify(ringing.values(), occasion.activity, event=event, actor=None, by_bell_alone=True)


def _mail(occasion: Occasion, row: Reminder) -> bool:
    """False if the address cannot be one."""
    activity, user = occasion.activity, row.user
    seen = Contact.objects.visible_to(user)
    customer = seen.filter(pk=activity.customer_id).first() if activity.customer_id else None
    context = {"user": user, "occasion": occasion, "activity": activity, "customer": customer}
    rendered = render("mail/reminder", context, language=user.language, tz=user.tz)
    about = [activity, customer] if customer else [activity]
    try:
        queue_once(rendered.message_to(user.email), name_of(row, activity), user=user, about=about)
    except BadMessage:
        log.exception("No reminder can be mailed to person %s", user.pk)
        return False
    return True


def name_of(row: Reminder, activity: Activity) -> str:
    """The Message-ID: what the row is one of, and its moment, for one that is owed again after a
    move is another mail. The key of a base that is made anew comes again, the UID does not."""
    place = (activity.pk, activity.uid.hex[:8], f"{row.occurs_on:%Y%m%d}", row.user_id, row.minutes)
    return message_id("reminder", *place, int(row.due_at.timestamp()))
