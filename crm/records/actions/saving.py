"""Saving a record: lock, compare, write, count the version up, tell, number. In that order."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.actions.notifying import notify
from crm.records.actions.timeline import record_event
from crm.records.errors import ActionRefused, Outdated
from crm.records.held import hold, lend, lend_owner, lend_people, release
from crm.records.models import Record, custom_fields, take_number
from crm.records.signals import record_saved

R = TypeVar("R", bound=Record)

SILENT = {"id", "number", "version", "custom", "created_at", "created_by", "updated_at"} | {
    "trashed_at",
    "trashed_by",
}


@transaction.atomic
def save_record(
    record: R,
    *,
    actor: User | None,
    write: Callable[[R], None] | None = None,
    expected_version: int | None = None,
    locked: R | None = None,
) -> R:
    """Store a new or changed record with everything that belongs to it.

    `write(record)` stores rows of other tables (many-to-many, addresses …) after the row itself,
    and releases those of them that `record` holds. `locked` is the row as it is stored, from
    whoever has locked it already and looked whether it may be changed.
    Raises Outdated when `expected_version` is given and somebody saved in between.
    """
    if record._state.adding:
        _insert(record, actor, write)
    else:
        stored = locked or _lock(record, expected_version)
        is_read_now = locked is not None or record.version == expected_version
        _update(record, stored, actor, write, is_read_now=is_read_now)
    record.after_write()
    return record


def _insert(record: R, actor: User | None, write: Callable[[R], None] | None) -> None:
    record.created_by = actor
    record.save()
    if write:
        write(record)
    tell_saved(record, "created", actor, [])
    take_number(record)


def _lock(record: R, expected: int | None) -> R:
    stored: R = type(record).objects.select_for_update().get(pk=record.pk)
    if stored.is_trashed:  # else what was read before would bring it back without a word
        raise ActionRefused(_("This is in the trash meanwhile. Restore it first."))
    if expected is not None and stored.version != expected:
        raise Outdated
    return stored


def _update(
    record: R,
    stored: R,
    actor: User | None,
    write: Callable[[R], None] | None,
    *,
    is_read_now: bool,
) -> None:
    """`is_read_now`: nobody saved since `record` was read, so what it holds is what is stored."""
    lend_people(record, stored)
    if actor is not None:
        lend_owner(actor, stored)
    if is_read_now:
        lend(record, stored)
    else:
        release(record)
    _hold_followed(stored)
    before = snapshot(stored)
    lend_people(stored, record)
    if write is None:
        lend(stored, record)
    record.version = stored.version + 1
    record.save()
    if write:
        write(record)
        if not is_read_now:
            release(record)
        _hold_followed(record)
    if changes := difference(before, snapshot(record)):
        tell_saved(record, "changed", actor, changes)
    else:  # a save that changed nothing is no change: nobody else's form is out of date for it
        record.version, record.updated_at = stored.version, stored.updated_at
        kept = {"version": record.version, "updated_at": record.updated_at}
        type(record).objects.filter(pk=record.pk).update(**kept)


def _hold_followed(record: Record) -> None:
    """All that the snapshot reads of other tables, in as few statements as can be."""
    hold(record, [many.name for many in record._meta.many_to_many])
    for name in record.followed():
        record.held_rows.setdefault(name, record.rows_of(name))


def tell_saved(
    record: Record, verb: str, actor: User | None, changes: list[dict[str, Any]]
) -> None:
    """The line in the timeline, the news to a new owner, the signal."""
    event = record_event(record, verb, actor=actor, changes=changes)
    assigned = verb == "created" or any(change["field"] == "owner" for change in changes)
    if assigned and record.owner:
        notify([record.owner], record, event=event, actor=actor)
    record_saved.send(
        sender=type(record), record=record, actor=actor, is_new=verb == "created", changes=changes
    )


def snapshot(record: Record) -> dict[str, Any]:
    """{field: JSON value} of all that the timeline follows. Choices stay codes, people names, and
    other records keys (see Record.extra_snapshot)."""
    facts: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.name not in SILENT and field.editable:
            facts[field.name] = _fact(record, field)
    for many in record._meta.many_to_many:
        items = getattr(record, many.name).all()
        facts[many.name] = sorted(map(_plain, items), key=str)
    for definition in custom_fields(record.kind):
        facts[definition.form_name] = record.custom.get(definition.key)
    return facts | record.extra_snapshot()


def _fact(record: Record, field: Any) -> Any:
    """What is told of another record is its key: it need not be read."""
    if field.is_relation and issubclass(field.related_model, Record):
        key = getattr(record, field.attname)
        return None if key is None else {"kind": field.related_model.kind, "pk": key}
    return _plain(getattr(record, field.name))


def _plain(value: Any) -> Any:
    match value:
        case Record():
            return {"kind": value.kind, "pk": value.pk}
        case models.Model():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case list() | str() | int() | float() | bool() | None:
            return value
        case _:
            return str(value)


def difference(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    names = list(new) + [name for name in old if name not in new]
    return [
        {"field": name, "old": old.get(name), "new": new.get(name)}
        for name in names
        if (old.get(name) or None) != (new.get(name) or None)
    ]
