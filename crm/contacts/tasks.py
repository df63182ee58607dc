"""What the alarm clock does for contacts. Every task may run twice, late, or on two workers."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crm.contacts.likeness import find_likenesses
from crm.contacts.merging.undo import end_merge
from crm.contacts.models import Merge
from crm.records.errors import ActionRefused

log = logging.getLogger(__name__)
BATCH = 500


@shared_task
def find_duplicates() -> None:
    """Daily: who looks like one."""
    find_likenesses()


@shared_task
def end_old_merges() -> None:
    """Hourly: what was merged UNDO_DAYS ago stays merged, and what undoing needed ends."""
    limit = timezone.now() - timedelta(days=settings.UNDO_DAYS)
    for merge in Merge.objects.filter(at__lt=limit).order_by("at")[:BATCH]:
        try:
            end_merge(merge)
        except ActionRefused as refusal:
            log.info("Merge %s stays undoable: %s", merge.pk, refusal)
