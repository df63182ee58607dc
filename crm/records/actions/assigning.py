"""Small changes that lists make to many records at once.

They write only what they are about, so a thousand of them stay quick, and what somebody else saved
meanwhile is not overwritten with what the list had read.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from crm.accounts.models import User
from crm.records.actions.saving import tell_saved
from crm.records.models import Record, Tag


@transaction.atomic
def assign_record(record: Record, owner: User | None, *, actor: User | None) -> None:
    stored = _locked(record)
    if stored.owner_id == (owner.pk if owner else None):
        return
    old = str(stored.owner) if stored.owner else None
    stored.owner = record.owner = owner
    new = str(owner) if owner else None
    _count_up(stored, "owner")
    stored.after_assigning()
    tell_saved(stored, "changed", actor, [{"field": "owner", "old": old, "new": new}])


@transaction.atomic
def tag_record(
    record: Record, *, actor: User | None, add: Iterable[Tag] = (), remove: Iterable[Tag] = ()
) -> None:
    stored = _locked(record)
    old = _tag_names(stored)
    stored.tags.add(*add)
    stored.tags.remove(*remove)
    new = _tag_names(stored)
    if old == new:
        return
    _count_up(stored)
    tell_saved(stored, "changed", actor, [{"field": "tags", "old": old, "new": new}])


def _locked(record: Record) -> Any:
    return type(record).objects.select_for_update().get(pk=record.pk)


def _count_up(stored: Record, *fields: str) -> None:
    stored.version += 1
    stored.save(update_fields=[*fields, "version", "updated_at"])


def _tag_names(record: Record) -> list[str]:
    return sorted(record.tags.values_list("name", flat=True))
