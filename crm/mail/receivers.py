"""What mail does when something happens below."""

from typing import Any

from django.dispatch import receiver

from crm.mail.actions import forget_messages, mention_of
from crm.mail.models import OutboundMessage
from crm.records.models import Record
from crm.records.signals import record_purging


@receiver(record_purging, dispatch_uid="mail_forgets_a_purged_record")
def forget_mail_about(sender: type[Record], record: Record, **_kwargs: Any) -> None:
    """Mail that names a purged record keeps its envelope only, and what has not left stays here
    (E13). A digest that names others too goes with it: their news is still under the bell."""
    forget_messages(OutboundMessage.objects.filter(mentions__contains=[mention_of(record)]))
