"""What mails about activities are called, so that the outbox has each of them once, and who wants
any."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings

from crm.accounts.models import MailNotifications, User


def message_id(*facts: object) -> str:
    left = ".".join(str(fact) for fact in facts)
    return f"<{left}@{urlsplit(settings.SITE_URL).hostname}>"


def personal_id(what: str, user: User, day: dt.date) -> str:
    """One a day for each person; in a base that is made anew keys come again, moments do not."""
    return message_id(what, user.pk, int(user.date_joined.timestamp()), f"{day:%Y%m%d}")


def wants_mail(user: User) -> bool:
    return user.mail_notifications != MailNotifications.NEVER and bool(user.email)
