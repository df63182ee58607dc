"""Mails that are owed, and another worker to send them."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from crm.mail.actions import queue_message
from crm.mail.models import OutboundMessage

State = OutboundMessage.State


def write(*to: str, subject: str = "Hello", **options: Any) -> OutboundMessage:
    row = queue_message(
        EmailMessage(subject, "Text", "crm@example.com", list(to) or ["a@example.com"], **options)
    )
    assert row is not None
    return row


def worker_doing(
    code: str, *, files: tuple[int, ...] = (), **variables: str
) -> "subprocess.Popen[bytes]":
    """Another process of ours, on the database of this test; it has our `files` open, too."""
    start = (
        "import django\nfrom django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "django.setup()\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "crm.settings"} | variables
    return subprocess.Popen([sys.executable, "-c", start + code], env=environment, pass_fds=files)


def make_due() -> None:
    OutboundMessage.objects.update(not_before=timezone.now() - timedelta(seconds=1))


def reread(row: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=row.pk)
