"""Trash with retention, and the purge that leaves only a tombstone (F0.26, E13)."""

from typing import TypeVar

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.actions.timeline import record_event
from crm.records.belongings import place_of, pointers, what_needs
from crm.records.errors import ActionRefused
from crm.records.models import Record, Tombstone
from crm.records.signals import record_trashed, records_purging

R = TypeVar("R", bound=Record)


@transaction.atomic
def trash_record(record: R, *, actor: User | None) -> R:
    stored = type(record).objects.select_for_update().get(pk=record.pk)
    if stored.is_trashed:
        raise ActionRefused(_("This is already in the trash."))
    stored.trashed_at, stored.trashed_by = timezone.now(), actor
    stored.save(update_fields=["trashed_at", "trashed_by", "updated_at"])
    stored.after_trashing()
    record_event(stored, "trashed", actor=actor)
    record_trashed.send(sender=type(stored), record=stored, actor=actor)
    for other in stored.trashed_along():
        trash_record(other, actor=actor)
    return stored


@transaction.atomic
def restore_record(record: R, *, actor: User | None) -> R:
    stored = type(record).objects.select_for_update().get(pk=record.pk)
    if not stored.is_trashed:
        raise ActionRefused(_("This is not in the trash any more."))
    since = stored.trashed_at or timezone.now()
    stored.trashed_at = stored.trashed_by = None
    stored.save(update_fields=["trashed_at", "trashed_by", "updated_at"])
    stored.after_trashing()
    record_event(stored, "restored", actor=actor)
    record_trashed.send(sender=type(stored), record=stored, actor=actor)
    for other in stored.restored_along(since):
        restore_record(other, actor=actor)
    return stored


@transaction.atomic
def purge_record(record: Record, *, actor: User | None) -> Tombstone:
    """End a trashed record and all that hangs on it. Cannot be undone; a tombstone remains.

    Raises ActionRefused, naming what is in the way, while other records need it.
    """
    stored = type(record).objects.select_for_update().get(pk=record.pk)
    if not stored.is_trashed:
        raise ActionRefused(_("Move it to the trash first."))
    in_the_way = what_needs(stored)
    if in_the_way:
        needed = ", ".join(f"{item.label} ({item.count})" for item in in_the_way)
        raise ActionRefused(_("Other records still need this one: %(what)s.") % {"what": needed})
    records_purging.send(sender=type(stored), records=[stored], actor=actor)
    tombstone = Tombstone(
        kind=stored.kind,
        number=stored.number,
        object_id=stored.pk,
        created_at=stored.created_at,
        purged_by=actor,
        counts=_end(stored),
    )
    tombstone.save()
    return tombstone


def _end(record: Record) -> dict[str, int]:
    """Delete the row and everything that points at it: {model: how many}."""
    place = place_of(record)
    counts: dict[str, int] = {}
    for model in pointers():
        removed, _by_model = model._default_manager.filter(**place).delete()
        if removed:
            counts[str(model._meta.model_name)] = removed
    try:
        counts["own"] = record.delete()[0]
    except (ProtectedError, RestrictedError) as problem:  # came between the look and the deed
        raise ActionRefused(_("Other records still need this one.")) from problem
    return counts
