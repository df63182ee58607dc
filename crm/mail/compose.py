"""A mail in its reader's language: subject, text and HTML from three templates of one name."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, NamedTuple

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from crm.mail.actions import CONTROL

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
SUBJECT_LENGTH = 200


class Rendered(NamedTuple):
    subject: str
    text: str
    html: str

    def message_to(self, address: str, **options: Any) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(self.subject, self.text, None, [address], **options)
        message.attach_alternative(self.html, "text/html")
        return message


def render(template: str, context: Mapping[str, Any], *, language: str, tz: tzinfo) -> Rendered:
    """`<template>_subject.txt`, `<template>.txt` and `<template>.html`, the last with its styles
    written into the elements, because many mail programs read them only there."""
    with translation.override(language), timezone.override(tz):
        whole = {
            "site_url": settings.SITE_URL,
            "language": language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            **context,
        }
        line = " ".join(render_to_string(f"{template}_subject.txt", whole).split())
        subject = CONTROL.sub("", line)  # names may hold what no header may
        whole["subject"] = subject
        text = render_to_string(f"{template}.txt", whole).strip() + "\n"
        html = render_to_string(f"{template}.html", whole)
    return Rendered(subject[:SUBJECT_LENGTH], text, _inliner.inline(html))
