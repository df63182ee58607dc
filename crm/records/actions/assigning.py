"""Small changes that lists make to many records at once."""

from collections.abc import Iterable

from django.db import transaction

from crm.accounts.models import User
from crm.records.actions.saving import save_record
from crm.records.models import Record, Tag


@transaction.atomic
def assign_record(record: Record, owner: User | None, *, actor: User | None) -> None:
    if record.owner_id != (owner.pk if owner else None):
        record.owner = owner
        save_record(record, actor=actor)


@transaction.atomic
def tag_record(
    record: Record, *, actor: User | None, add: Iterable[Tag] = (), remove: Iterable[Tag] = ()
) -> None:
    def write(stored: Record) -> None:
        stored.tags.add(*add)
        stored.tags.remove(*remove)

    save_record(record, actor=actor, write=write)
