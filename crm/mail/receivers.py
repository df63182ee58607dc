"""What mail does when something happens below."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.dispatch import receiver

from crm.mail.actions import forget_messages
from crm.mail.models import OutboundMessage
from crm.records.models import Record
from crm.records.signals import record_purging


@receiver(record_purging, dispatch_uid="mail_forgets_a_purged_record")
def forget_mail_about(sender: type[Record], record: Record, **_kwargs: Any) -> None:
    """Mail about a purged record keeps its envelope only, and what has not left stays here (E13).

    A digest tells of several records at once, so it is found by the name it would mention.
    """
    about = Q(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)
    name = str(record)
    named = Q(text__contains=name) | Q(subject__contains=name)
    notices = Q(user__isnull=False, emptied_at__isnull=True) & named
    forget_messages(OutboundMessage.objects.filter(about | notices))
