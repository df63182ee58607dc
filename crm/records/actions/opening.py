"""Administrators may open what is restricted; it is written down that they did (E11)."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from crm.accounts.models import User
from crm.records.actions.timeline import record_event
from crm.records.models import Event, Record, RecordQuerySet

OPENED = "opened"
AGAIN_AFTER = timedelta(hours=1)


def note_opening(record: Record, *, actor: User) -> Event | None:
    """A history line when an administrator opens a restricted record that is neither theirs nor
    shared with them; one an hour, so that a morning's work is not a page of lines."""
    if not (record.is_restricted and actor.is_administrator) or record.owner_id == actor.pk:
        return None
    if record.viewers.filter(pk=actor.pk).exists() or _was_noted(record, actor):
        return None
    return record_event(record, OPENED, actor=actor)


def note_openings(rows: RecordQuerySet, *, actor: User) -> None:
    """The same of many, where a page or a file tells what is in them."""
    if not actor.is_administrator:
        return
    place = ContentType.objects.get_for_model(rows.model)
    is_noted = Exists(_noted(actor).filter(content_type=place, object_id=OuterRef("pk")))
    free = rows.read_without_a_note(actor)
    told = rows.exclude(is_noted).exclude(pk__in=free.values("pk")).order_by("pk")
    Event.objects.bulk_create(
        Event(content_type=place, object_id=pk, verb=OPENED, actor=actor)
        for pk in told.values_list("pk", flat=True)
    )


def _was_noted(record: Record, actor: User) -> bool:
    place = ContentType.objects.get_for_model(record)
    return _noted(actor).filter(content_type=place, object_id=record.pk).exists()


def _noted(actor: User) -> QuerySet[Event]:
    lately = timezone.now() - AGAIN_AFTER
    return Event.objects.filter(verb=OPENED, actor=actor, at__gt=lately)
