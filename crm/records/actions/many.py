"""Many records of one kind at once, as imports make and change them: what `save_record` does, in a
few statements for a thousand.

The records hold (crm/records/held.py) the rows of `relations`, which are written with them. Who
becomes an owner is not told here: one piece of news a record would be a storm.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.records.actions.saving import difference, snapshot
from crm.records.belongings import pointers
from crm.records.copying import Aside, Store, at_once, copy_alike, copy_in, copy_over
from crm.records.models import Event, Record, Tombstone
from crm.records.signals import record_saved, records_purging

COUNTED = ("version", "updated_at")
IN_TURN = 250


class Edit:
    """A change of one record that is in the making. To be made before the record is touched."""

    def __init__(self, record: Any) -> None:
        self.record = record
        self._before = snapshot(record)
        self._columns = _columns(record)
        self._rows = {name: list(rows) for name, rows in record.held_rows.items()}

    @property
    def changes(self) -> list[dict[str, Any]]:
        """As the timeline keeps them; empty when nothing is different."""
        return difference(self._before, snapshot(self.record))

    def other_columns(self) -> set[str]:
        now = _columns(self.record)
        return {name for name, value in self._columns.items() if now[name] != value}

    def rows_before(self, relation: str) -> list[Any]:
        return self._rows.get(relation, [])


def create_many(
    made: Iterable[Any],
    relations: Iterable[str],
    *,
    actor: User | None,
    verb: str,
    text: str,
    numbers: Iterator[str],
    store: Aside,
) -> None:
    """Store new records, which have keys already, with their rows and history, each as soon as it
    is `made`. They are there when `store` is left, which is of the caller's transaction."""
    coming, records, maker = iter(made), list[Any](), actor.pk if actor else None
    while some := list(islice(coming, IN_TURN)):
        for record in some:
            record.number, record.created_by_id = next(numbers), maker
            record.compute()
        copy_in(some, store)
        records += some
    if not records:
        return
    model = type(records[0])
    with store.looking_at_keys():
        for name in relations:
            _store_rows(model, name, records, store)
        _tell([(record, []) for record in records], verb, actor, text, store)
    for record in records:
        record._state.adding = False
        record_saved.send(sender=model, record=record, actor=actor, is_new=True, changes=[])


@transaction.atomic
def change_many(
    edits: Sequence[Edit], relations: Iterable[str], *, actor: User | None, verb: str, text: str
) -> None:
    """Store what was changed about locked records. Without a change, nothing is."""
    told = [(edit.record, changes) for edit in edits if (changes := edit.changes)]
    if not told:
        return
    model, now = type(told[0][0]), timezone.now()
    changed = {record.pk for record, _changes in told}
    edits = [edit for edit in edits if edit.record.pk in changed]
    for name in relations:
        _replace_rows(model, name, edits)
    names = set(COUNTED)
    for edit in edits:
        edit.record.version += 1
        edit.record.updated_at = now
        edit.record.compute()
        names |= edit.other_columns()
    copy_over([edit.record for edit in edits], names)
    _tell(told, verb, actor, text)
    for record, changes in told:
        record_saved.send(sender=model, record=record, actor=actor, is_new=False, changes=changes)


@transaction.atomic
def purge_many(rows: models.QuerySet[Any], *, actor: User | None) -> None:
    """End locked records and all that hangs on them; a tombstone each remains."""
    records = list(rows)
    if not records:
        return
    model, now = type(records[0]), timezone.now()
    records_purging.send(sender=model, records=records, actor=actor)
    place = {
        "content_type": ContentType.objects.get_for_model(model),
        "object_id__in": [record.pk for record in records],
    }
    for pointer in pointers():
        pointer._default_manager.filter(**place).delete()
    Tombstone.objects.bulk_create(
        Tombstone(
            kind=model.kind,
            number=record.number,
            object_id=record.pk,
            created_at=record.created_at,
            purged_at=now,
            purged_by=actor,
            counts={"own": 1},
        )
        for record in records
    )
    model._base_manager.filter(pk__in=place["object_id__in"]).delete()


def _tell(
    told: Sequence[tuple[Record, list[dict[str, Any]]]],
    verb: str,
    actor: User | None,
    text: str,
    store: Store = at_once,
) -> None:
    place, now = ContentType.objects.get_for_model(told[0][0]), timezone.now()
    event = Event(content_type=place, verb=verb, actor=actor, at=now, happened_at=now, text=text)
    rows = [(record.pk, changes) for record, changes in told]
    copy_alike(event, ("object_id", "changes"), rows, store)


def _columns(record: Record) -> dict[str, Any]:
    columns = {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields}
    return columns | {"custom": dict(record.custom)}


def _store_rows(model: Any, name: str, records: Sequence[Record], store: Store) -> None:
    field = model._meta.get_field(name)
    if field.many_to_many:
        links = [(one.pk, row.pk) for one in records for row in one.held_rows.get(name, ())]
        _add_links(field, links, store)
    else:
        copy_in([row for record in records for row in _placed(field, record, name)], store)


def _replace_rows(model: Any, name: str, edits: Sequence[Edit]) -> None:
    """Bring the stored rows of a relation to what the records hold. A row that was changed is
    another object with the same key."""
    field = model._meta.get_field(name)
    if field.many_to_many:
        _replace_links(field, name, edits)
        return
    new: list[Any] = []
    changed: list[Any] = []
    gone: set[int] = set()
    for edit in edits:
        before = {row.pk: row for row in edit.rows_before(name)}
        places = {row.pk: _place(row) for row in before.values()}
        rows = _placed(field, edit.record, name)
        new += [row for row in rows if row.pk is None]
        changed += [
            row
            for row in rows
            if row.pk and (row is not before[row.pk] or places[row.pk] != _place(row))
        ]
        gone |= before.keys() - {row.pk for row in rows}
    field.related_model._default_manager.filter(pk__in=gone).delete()
    copy_over(changed, [one.name for one in field.related_model._meta.concrete_fields[1:]])
    copy_in(new)


def _placed(field: Any, record: Record, name: str) -> list[Any]:
    rows = list(record.held_rows.get(name, ()))
    for position, row in enumerate(rows):
        setattr(row, field.field.attname, record.pk)
        if hasattr(row, "position"):
            row.position = position
    return rows


def _place(row: Any) -> int:
    return int(getattr(row, "position", 0))


def _replace_links(field: Any, name: str, edits: Sequence[Edit]) -> None:
    through = field.remote_field.through._default_manager
    new: list[tuple[int, int]] = []
    for edit in edits:
        pk = edit.record.pk
        before = {row.pk for row in edit.rows_before(name)}
        now = {row.pk for row in edit.record.held_rows.get(name, ())}
        new += [(pk, other) for other in now - before]
        if gone := before - now:
            own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
            through.filter(**{own: pk, f"{other}__in": gone}).delete()
    _add_links(field, new)


def _add_links(field: Any, links: Sequence[tuple[int, int]], store: Store = at_once) -> None:
    through = field.remote_field.through
    own = through._meta.get_field(field.m2m_field_name()).attname
    other = through._meta.get_field(field.m2m_reverse_field_name()).attname
    copy_in([through(**{own: one, other: two}) for one, two in links], store)
