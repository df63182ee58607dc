"""Trash with retention, and the purge that leaves only a tombstone (F0.26, E13)."""

from typing import TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.actions.timeline import record_event
from crm.records.errors import ActionRefused
from crm.records.models import Pointer, Record, Tombstone
from crm.records.signals import record_purging

R = TypeVar("R", bound=Record)


@transaction.atomic
def trash_record(record: R, *, actor: User | None) -> R:
    stored = type(record).objects.select_for_update().get(pk=record.pk)
    if stored.is_trashed:
        raise ActionRefused(_("This is already in the trash."))
    stored.trashed_at, stored.trashed_by = timezone.now(), actor
    stored.save(update_fields=["trashed_at", "trashed_by", "updated_at"])
    record_event(stored, "trashed", actor=actor)
    return stored


@transaction.atomic
def restore_record(record: R, *, actor: User | None) -> R:
    stored = type(record).objects.select_for_update().get(pk=record.pk)
    if not stored.is_trashed:
        raise ActionRefused(_("This is not in the trash any more."))
    stored.trashed_at = stored.trashed_by = None
    stored.save(update_fields=["trashed_at", "trashed_by", "updated_at"])
    record_event(stored, "restored", actor=actor)
    return stored


@transaction.atomic
def purge_record(record: Record, *, actor: User | None) -> Tombstone:
    """End a trashed record and all that hangs on it. Cannot be undone; a tombstone remains."""
    stored = type(record).objects.select_for_update().get(pk=record.pk)
    if not stored.is_trashed:
        raise ActionRefused(_("Move it to the trash first."))
    record_purging.send(sender=type(stored), record=stored, actor=actor)
    tombstone = Tombstone(
        kind=stored.kind,
        number=stored.number,
        object_id=stored.pk,
        created_at=stored.created_at,
        purged_by=actor,
    )
    try:
        counts = {"own": stored.delete()[0]}
    except ProtectedError as problem:
        raise ActionRefused(_("Other records still need this one.")) from problem
    place = {
        "content_type": ContentType.objects.get_for_model(stored),
        "object_id": tombstone.object_id,
    }
    for model in apps.get_models():
        if issubclass(model, Pointer):
            removed, _by_model = model.objects.filter(**place).delete()
            if removed:
                counts[model._meta.model_name] = removed
    tombstone.counts = counts
    tombstone.save()
    return tombstone
