"""What mail does when something happens below."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from crm.mail.actions import forget_messages, mention_of
from crm.mail.models import OutboundMessage
from crm.records.models import Record
from crm.records.signals import records_purging


@receiver(records_purging, dispatch_uid="mail_forgets_purged_records")
def forget_mail_about(records: Sequence[Record], **_kwargs: Any) -> None:
    """Mail that names a purged record keeps its envelope only, and what has not left stays here
    (E13). A digest that names others too goes with it: their news is still under the bell."""
    mentions = [mention_of(record) for record in records]
    forget_messages(OutboundMessage.objects.filter(mentions__overlap=mentions))
