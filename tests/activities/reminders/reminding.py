"""Activities with reminders, and what is owed of them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from activities.actions import When
from activities.actions.reminding import plan_reminders
from activities.models import Activity, Reminder, Wanted, catalog
from activities.tasks import deliver_due_reminders
from crm.accounts.models import User
from crm.mail.models import OutboundMessage
from crm.records.models import Notification
from tests.activities.conftest import ROME

PENDING, SENT, CANCELLED = "pending", "sent", "off"


def wanting(activity: Activity, *minutes: int, channel: str = "both") -> Activity:
    """The activity with these lines of its form, saved."""
    Wanted.objects.bulk_create(
        Wanted(activity=activity, minutes=offset, channel=channel) for offset in minutes
    )
    plan_reminders(activity)
    return activity


def owed_of(activity: Activity, **facts: Any) -> list[Reminder]:
    rows = Reminder.objects.filter(activity=activity, **facts)
    return list(rows.order_by("due_at", "user", "channel", "occurs_on"))


def states(activity: Activity) -> set[str]:
    return {row.state for row in owed_of(activity)}


def dues(activity: Activity, zone: str = "Europe/Rome", **facts: Any) -> list[str]:
    """Pending moments on the clocks of `zone`: "11-26 09:30", each once."""
    rows = owed_of(activity, state=PENDING, **facts)
    local = [row.due_at.astimezone(ZoneInfo(zone)) for row in rows]
    return list(dict.fromkeys(f"{moment:%m-%d %H:%M}" for moment in local))


def mails(start: str = "<reminder.") -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(message_id__startswith=start).order_by("pk"))


def at(text: str, zone: str = "Europe/Rome") -> dt.datetime:
    """ "2026-11-26 09:30" there."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def when(start: str, end: str) -> When:
    (day, clock), (end_day, end_clock) = (text.split() for text in (start, end))
    date, time = dt.date.fromisoformat, dt.time.fromisoformat
    return When(date(day), time(clock), date(end_day), time(end_clock), ROME)


def ring(clock: Any, text: str) -> None:
    clock.move_to(at(text))
    deliver_due_reminders()


def bells(user: User) -> list[Notification]:
    return list(user.notifications.filter(event__verb="reminded").order_by("pk"))


def status(category: str, *, is_task: bool = False) -> Any:
    return catalog().status_in(category, is_task=is_task)
