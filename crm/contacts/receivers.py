"""What contacts do when something happens below."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from crm.accounts.models import User
from crm.contacts.merging.undo import end_former
from crm.contacts.models import Contact, FormerContact
from crm.records.signals import records_purging


@receiver(records_purging, sender=Contact, dispatch_uid="merged_contacts_follow_the_survivor")
def end_merged_contacts(records: Sequence[Contact], actor: User | None, **_kwargs: Any) -> None:
    """Who is erased is erased whole (E13); the snapshots go with the survivor's row."""
    end_former(FormerContact.objects.filter(survivor__in=records), actor=actor)
