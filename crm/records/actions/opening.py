"""Administrators may open what is restricted; it is written down that they did (E11)."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from crm.accounts.models import User
from crm.records.actions.timeline import record_event
from crm.records.models import Event, Record

AGAIN_AFTER = timedelta(hours=1)


def note_opening(record: Record, *, actor: User) -> Event | None:
    """A history line when an administrator opens a restricted record that is neither theirs nor
    shared with them; one an hour, so that a morning's work is not a page of lines."""
    if not (record.is_restricted and actor.is_administrator) or record.owner_id == actor.pk:
        return None
    if record.viewers.filter(pk=actor.pk).exists() or _was_noted(record, actor):
        return None
    return record_event(record, "opened", actor=actor)


def _was_noted(record: Record, actor: User) -> bool:
    place = {
        "content_type": ContentType.objects.get_for_model(record),
        "object_id": record.pk,
    }
    lately = timezone.now() - AGAIN_AFTER
    return Event.objects.filter(**place, verb="opened", actor=actor, at__gt=lately).exists()
