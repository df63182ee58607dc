"""Are reminders sent (B4)? What the health page shows, and the mail to administrators."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone

from activities.mailing import personal_id
from activities.models import Reminder
from crm.accounts.models import User
from crm.mail.actions import queue_once
from crm.mail.compose import render
from crm.mail.errors import BadMessage
from crm.mail.models import OutboundMessage
from crm.records.models import Heartbeat

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Health:
    beat_at: dt.datetime | None  # when the clockwork was heard of last
    unsent: int
    oldest_at: dt.datetime | None  # since when the oldest of them has been due
    late_mails: int


def unsent_count() -> int:
    """Reminders that should have been sent a while ago."""
    count: int = Reminder.objects.unsent().count()
    return count


def health() -> Health:
    beat = Heartbeat.objects.filter(name="scheduler").first()
    return Health(
        beat_at=beat.at if beat else None,
        unsent=unsent_count(),
        oldest_at=Reminder.objects.unsent().aggregate(oldest=Min("due_at"))["oldest"],
        late_mails=OutboundMessage.objects.late().count(),
    )


def tell_administrators() -> int:
    """Owe each of them a mail if reminders are unsent; one a day, whatever news they want by mail,
    for this is none. How many were written."""
    found = health()
    if not found.unsent:
        return 0
    people = User.objects.active().administrators().exclude(email="").order_by("pk")
    return sum(_tell(user, found) for user in people)


def _tell(user: User, found: Health) -> bool:
    context = {"user": user, "health": found}
    rendered = render("mail/unsent", context, language=user.language, tz=user.tz)
    day = timezone.localdate()
    try:
        return queue_once(
            rendered.message_to(user.email), personal_id("unsent", user, day), user=user
        )
    except BadMessage:
        log.exception("Administrator %s cannot be told of unsent reminders", user.pk)
        return False
