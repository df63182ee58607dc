"""Letters to those who take part, with the event itself for their calendars; and to the one
responsible when it went to the trash, where no page shows it any more."""

import datetime as dt
import logging
from email.utils import formataddr, parseaddr
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from activities.ical import calendar_of, in_a_line, organizer_of
from activities.invitations import entries_for, repeat_words, when_words, zone_words
from activities.mailing import wants_mail
from activities.models import Activity, Attendee, Invitee
from activities.models.feed import hashed, new_token
from crm.accounts.models import User
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


def language_for(person: Invitee, activity: Activity) -> str:
    """Their own, else that of the one who asks them."""
    owner = activity.owner
    return person.language or (owner.language if owner else settings.LANGUAGE_CODE)


def zone_for(person: Invitee, activity: Activity) -> ZoneInfo:
    """By whose clocks they read it: guests are where it takes place."""
    return person.tz if isinstance(person, User) else activity.tz


def takes_letters(person: Invitee) -> bool:
    if isinstance(person, User):
        return person.is_active and wants_mail(person)
    return bool(person.email) and not person.is_trashed


def may_read(user: User, activity: Activity) -> bool:
    """In the trash as well: what is there has no page, and they have to know that (E11)."""
    return Activity.objects.permitted(user, "view").filter(pk=activity.pk).exists()


def write_to(activity: Activity, person: Invitee, kind: Kind, on: dt.date | None = None) -> bool:
    """Owe the mail, in the caller's transaction; False to who cannot be written to. An invitation
    and a change have a new link to answer by: the one before is of how it was then.

    That one of ours may see the activity is for the caller to know.
    """
    if not takes_letters(person):
        return False
    is_off = kind is Kind.CANCELLATION
    token = "" if is_off else new_token()
    mail = _letter(activity, person, kind, token, on)
    organizer = organizer_of(activity)
    name = in_a_line(organizer.name)[:LONGEST_NAME]
    message = mail.message_to(person.email)
    message.from_email = formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    if activity.owner and activity.owner.email:
        message.reply_to = [activity.owner.email]
    method = "CANCEL" if is_off else "REQUEST"
    entries = entries_for(activity, person, is_off=is_off, on=on)
    calendar = calendar_of(entries, method=method)
    message.attach_alternative(calendar.decode(), f"text/calendar; method={method}")
    message.attach("invite.ics", calendar, "application/ics")
    user = person if isinstance(person, User) else None
    try:
        queue_message(message, user=user, about=[activity, person])
    except BadMessage:
        log.warning("%s of activity %s has no address that can be", mention_of(person), activity.pk)
        return False
    if token:
        row = Attendee.objects.filter(activity=activity).of(person)
        row.update(token_hash=hashed(token))
    return True


def was_written_to(activity: Activity, person: Invitee) -> bool:
    """Of this, or of the series that it is of: the outbox knows."""
    return _letters_about(activity).filter(mentions__contains=[mention_of(person)]).exists()


def formerly_invited(activity: Activity) -> list[User]:
    """Those of ours who had letters, and have no part in it any more. Other mails to them about it
    do not mention the reader."""
    rows = _letters_about(activity).filter(user__isnull=False).values_list("user", "mentions")
    keys = {key for key, mentions in rows if mention_of(User(pk=key)) in mentions}
    keys -= set(activity.attendees.values_list("user", flat=True)) | {activity.owner_id}
    return list(User.objects.filter(pk__in=keys).order_by("pk"))


def _letters_about(activity: Activity) -> QuerySet[OutboundMessage]:
    about = Q(mentions__contains=[mention_of(activity)])
    if activity.series:
        about |= Q(mentions__contains=[mention_of(activity.series)])
    return OutboundMessage.objects.filter(about)


def write_to_owner(activity: Activity, owner: User) -> None:
    """That it is in the trash, and so not on their calendar any more."""
    if not takes_letters(owner):
        return
    on = activity.next_date(timezone.localdate(timezone=activity.tz))
    more: dict[str, Any] = {"on": on, "user": owner}
    mail = _rendered(activity, Kind.CANCELLATION, owner.language, owner.tz, **more)
    try:
        queue_message(mail.message_to(owner.email), user=owner, about=[activity])
    except BadMessage:
        log.warning("Person %s has no address that can be", owner.pk)


def _letter(
    activity: Activity, person: Invitee, kind: Kind, token: str, on: dt.date | None
) -> Rendered:
    address = settings.SITE_URL + reverse("calendar_answer", args=[token]) if token else ""
    day = on or activity.next_date(timezone.localdate(timezone=activity.tz))
    more: dict[str, Any] = {"on": day, "is_one": on is not None, "address": address}
    if isinstance(person, User):
        card = settings.SITE_URL + activity.get_absolute_url()
        more |= {"user": person, "card": card if token else ""}
    language, zone = language_for(person, activity), zone_for(person, activity)
    return _rendered(activity, kind, language, zone, **more)


def _rendered(
    activity: Activity, kind: Kind, language: str, zone: ZoneInfo, *, on: dt.date, **more: Any
) -> Rendered:
    with translation.override(language):
        context = {
            "kind": kind.value,
            "activity_subject": activity.subject,
            "place": activity.place,
            "organizer": organizer_of(activity).name,
            "when": when_words(activity, on, zone),
            "zone": zone_words(activity, on, zone),
            "repeats": "" if more.get("is_one") else repeat_words(activity),
            **more,
        }
    return render(TEMPLATE, context, language=language, tz=zone)
