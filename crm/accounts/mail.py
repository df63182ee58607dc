"""Mail about a person's own account: in their language, as text and as simple HTML."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from crm.accounts.models import User


def account_mail(
    template: str, address: str, context: dict[str, Any], *, user: User | None
) -> EmailMultiAlternatives:
    """Renders `<template>_subject.txt` and `<template>_message.txt`; the HTML follows the text.

    Without a `user` the language and zone of the request stay.
    """
    language = user.language if user else translation.get_language() or settings.LANGUAGE_CODE
    zone = user.tz if user else timezone.get_current_timezone()
    context = {"user": user, "site_url": settings.SITE_URL, **context}
    with translation.override(language), timezone.override(zone):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        text = render_to_string(f"{template}_message.txt", context).strip() + "\n"
        html = render_to_string(
            "accounts/mail/frame.html", {**context, "subject": subject, "text": text}
        )
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    message.attach_alternative(html, "text/html")
    return message
