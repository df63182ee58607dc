"""Mails that are owed once, whoever comes to write them and how often: their Message-ID says what
they are about, and the outbox has each of them once."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction

from crm.accounts.models import MailNotifications, User
from crm.mail.actions import queue_message
from crm.mail.models import OutboundMessage


def message_id(*facts: object) -> str:
    left = ".".join(str(fact) for fact in facts)
    return f"<{left}@{urlsplit(settings.SITE_URL).hostname}>"


def personal_id(what: str, user: User, day: dt.date) -> str:
    """One a day for each person; in a base that is made anew keys come again, moments do not."""
    return message_id(what, user.pk, int(user.date_joined.timestamp()), f"{day:%Y%m%d}")


def wants_mail(user: User) -> bool:
    return user.mail_notifications != MailNotifications.NEVER and bool(user.email)


def owe_once(
    message: EmailMessage, name: str, *, user: User, about: Sequence[models.Model] = ()
) -> bool:
    """Write a mail to the outbox under this Message-ID, unless it is there already. In the
    caller's transaction; raises BadMessage as `queue_message` does."""
    there = OutboundMessage.objects.filter(message_id=name)
    if there.exists():
        return False
    message.extra_headers["Message-ID"] = name
    try:
        with transaction.atomic():
            queue_message(message, user=user, about=about)
    except IntegrityError:
        if there.exists():  # another worker was quicker
            return False
        raise
    return True
