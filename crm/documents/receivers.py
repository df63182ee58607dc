"""What documents do when something happens below."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from crm.documents.actions import disown_files_of
from crm.documents.models import Document
from crm.records.models import Record
from crm.records.signals import records_purging


@receiver(records_purging, dispatch_uid="documents_follow_their_records")
def take_files_along(records: Sequence[Record], **_kwargs: Any) -> None:
    """The rows go with the record (they are Pointers); their files once that has committed."""
    disown_files_of(Document.objects.of(*records))
