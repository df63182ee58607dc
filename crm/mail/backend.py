from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from crm.mail.actions import queue_messages
from crm.mail.errors import BadMessage


class OutboxBackend(BaseEmailBackend):
    """What `EmailMessage.send()` of whoever it may be does here: write a row, wake a worker."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        try:
            return queue_messages(email_messages)
        except BadMessage:
            if not self.fail_silently:
                raise
            return 0
