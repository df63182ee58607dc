"""What the alarm clock does for mail. Every task may run twice, late, or on two workers."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.mail.delivery import BATCH, deliver_due
from crm.mail.errors import BadMessage
from crm.mail.models import OutboundMessage, OutboundPart
from crm.mail.notices import mail_notices_to, people_owed_mail
from crm.ui.wake import wake

log = logging.getLogger(__name__)
EMPTY_BATCH = 1000


@shared_task
def deliver_outbox() -> None:
    """On every new mail, and every 30 seconds for what was missed or is due again."""
    if deliver_due() == BATCH:
        wake(deliver_outbox.name)


@shared_task
def mail_owed_notifications() -> None:
    """Every minute: one mail to each person with news that is due."""
    for pk in people_owed_mail():
        try:
            mail_notices_to(pk)
        except BadMessage:  # an address that cannot be keeps nobody else's mail back
            log.exception("News cannot be mailed to person %s", pk)


@shared_task
def empty_old_messages() -> None:
    """Hourly: of a mail sent MAIL_KEEP_DAYS ago only the envelope stays."""
    limit = timezone.now() - timedelta(days=settings.MAIL_KEEP_DAYS)
    old = OutboundMessage.objects.filter(
        state=OutboundMessage.State.SENT, emptied_at__isnull=True, sent_at__lt=limit
    )
    pks = list(old.values_list("pk", flat=True)[:EMPTY_BATCH])
    OutboundPart.objects.filter(message__in=pks).delete()
    OutboundMessage.objects.filter(pk__in=pks).update(
        text="", html="", headers={}, emptied_at=timezone.now()
    )
