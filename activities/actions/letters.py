"""Mails to those who take part: to guests with the event itself for their calendar, and to ours
when it went to the trash, where no page shows it any more."""

import datetime as dt
import logging
from email.utils import formataddr, parseaddr
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from activities.ical import calendar_of, in_a_line, organizer_of
from activities.invitations import entries_for, repeat_words, when_words, zone_words
from activities.mailing import wants_mail
from activities.models import Activity, Attendee
from activities.models.feed import hashed, new_token
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.mail.actions import mention_of, queue_message
from crm.mail.compose import Rendered, render
from crm.mail.errors import BadMessage
from crm.mail.models import OutboundMessage

log = logging.getLogger(__name__)
TEMPLATE = "mail/invitation"
LONGEST_NAME = 60  # of a sender


class Kind(StrEnum):
    INVITATION = "invitation"
    CHANGE = "change"
    CANCELLATION = "cancellation"


def language_for(guest: Contact, activity: Activity) -> str:
    """Their own, else that of the one who asks them."""
    owner = activity.owner
    return guest.language or (owner.language if owner else settings.LANGUAGE_CODE)


def write_to_guest(
    activity: Activity, guest: Contact, kind: Kind, on: dt.date | None = None
) -> bool:
    """Owe the mail, in the caller's transaction; False to who cannot be written to. An invitation
    and a change have a new link to answer by: the one before is of how it was then."""
    if not guest.email or guest.is_trashed:
        return False
    is_off = kind is Kind.CANCELLATION
    token = "" if is_off else new_token()
    mail = _letter(activity, guest, kind, token, on)
    organizer = organizer_of(activity)
    name = in_a_line(organizer.name)[:LONGEST_NAME]
    message = mail.message_to(guest.email)
    message.from_email = formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    if activity.owner and activity.owner.email:
        message.reply_to = [activity.owner.email]
    method = "CANCEL" if is_off else "REQUEST"
    entries = entries_for(activity, guest, is_off=is_off, on=on)
    calendar = calendar_of(entries, method=method)
    message.attach_alternative(calendar.decode(), f"text/calendar; method={method}")
    message.attach("invite.ics", calendar, "application/ics")
    try:
        queue_message(message, about=[activity, guest])
    except BadMessage:
        log.warning("Guest %s of activity %s has no address that can be", guest.pk, activity.pk)
        return False
    if token:
        row = Attendee.objects.filter(activity=activity, contact=guest)
        row.update(token_hash=hashed(token))
    return True


def was_written_to(activity: Activity, guest: Contact) -> bool:
    """Of this, or of the series that it is of: the outbox knows."""
    sent = OutboundMessage.objects.filter(mentions__contains=[mention_of(guest)])
    about = Q(mentions__contains=[mention_of(activity)])
    if activity.series:
        about |= Q(mentions__contains=[mention_of(activity.series)])
    return sent.filter(about).exists()


def write_to_user(activity: Activity, user: User) -> None:
    """That it is in the trash, and so not on their calendar any more."""
    if not (user.is_active and wants_mail(user)):
        return
    on = activity.next_date(timezone.localdate(timezone=activity.tz))
    mail = _rendered(activity, Kind.CANCELLATION, user.language, activity.tz, on=on)
    try:
        queue_message(mail.message_to(user.email), user=user, about=[activity])
    except BadMessage:
        log.warning("Person %s has no address that can be", user.pk)


def _letter(
    activity: Activity, guest: Contact, kind: Kind, token: str, on: dt.date | None
) -> Rendered:
    address = settings.SITE_URL + reverse("calendar_answer", args=[token]) if token else ""
    day = on or activity.next_date(timezone.localdate(timezone=activity.tz))
    more: dict[str, Any] = {"on": day, "is_one": on is not None, "address": address, "guest": guest}
    return _rendered(activity, kind, language_for(guest, activity), activity.tz, **more)


def _rendered(
    activity: Activity, kind: Kind, language: str, zone: ZoneInfo, *, on: dt.date, **more: Any
) -> Rendered:
    with translation.override(language):
        context = {
            "kind": kind.value,
            "activity_subject": activity.subject,
            "place": activity.place,
            "organizer": organizer_of(activity).name,
            "when": when_words(activity, on),
            "zone": zone_words(activity, on),
            "repeats": "" if more.get("is_one") else repeat_words(activity),
            **more,
        }
    return render(TEMPLATE, context, language=language, tz=zone)
