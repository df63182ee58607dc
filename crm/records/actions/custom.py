"""What follows from a change of custom fields (F3.8): caches, values, indexes."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models, transaction
from django.db.models import F, Func, Value
from django.utils import timezone

from crm.accounts.ledger import note_deletion
from crm.accounts.models import User
from crm.records.models import CustomField, Record, record_kinds
from crm.records.models.custom import forget_custom_fields
from crm.ui.wake import wake

log = logging.getLogger(__name__)

TASK = "crm.records.tasks.keep_custom_indexes"
CLEAR = "crm.records.tasks.clear_removed_fields"
BATCH = 500
SETTLED = timedelta(minutes=2)  # longer than any request
LOCK = 0x0C0FFEE  # of Postgres's advisory locks
Type = CustomField.Type
# Choices are found by containment, which the index on the whole column serves.
SORTED = (Type.TEXT, Type.NUMBER, Type.MONEY, Type.DATE, Type.YESNO)
SEARCHED = (Type.TEXT, Type.LINK)


def custom_field_changed(field: CustomField) -> None:
    """To be called in the transaction that creates or changes `field` or its answers."""
    transaction.on_commit(partial(forget_custom_fields, field.kind))
    wake(TASK)


def is_used(field: CustomField) -> bool:
    return _holding(field).exists()


@transaction.atomic
def delete_custom_field(field: CustomField, *, actor: User | None) -> None:
    """The field is nowhere any more; a worker takes its values out of every record, so that a
    later field of the same key starts empty."""
    going = CustomField.objects.kept().filter(pk=field.pk)
    if going.update(removed_at=timezone.now()):
        note_deletion([field], actor=actor)
        custom_field_changed(field)
        wake(CLEAR)


def clear_removed_fields() -> None:
    """Take the values of fields on their way out of their records, and then the fields.

    In batches that commit, so nobody waits for long; safe twice, on two workers at once, and
    when killed: whatever is left over is found again.
    """
    for field in CustomField.objects.filter(removed_at__isnull=False).order_by("removed_at"):
        if field.kind in record_kinds():
            _clear(field)
            if _holding(field).exists():
                continue  # somebody is saving one of them: the next time
        # Who had a form open when the field went may still be saving what it had read.
        if field.removed_at and field.removed_at < timezone.now() - SETTLED:
            field.delete()


def _clear(field: CustomField) -> None:
    without = Func(
        F("custom"), Value(field.key), arg_joiner=" - ", template="%(expressions)s"
    )  # Postgres's own: a JSON object less one key
    last: int | None = 0
    while last is not None:
        with transaction.atomic():
            rows = _holding(field).filter(pk__gt=last).order_by("pk")
            rows = rows.select_for_update(skip_locked=True, of=("self",))
            pks = list(rows.values_list("pk", flat=True)[:BATCH])
            rows.model._base_manager.filter(pk__in=pks).update(custom=without)
        last = pks[-1] if pks else None


def _holding(field: CustomField) -> models.QuerySet[Record]:
    model = record_kinds()[field.kind]
    return model._base_manager.filter(custom__has_key=field.key)


def keep_indexes() -> None:
    """Make every indexed field have its index and no other one be left.

    Safe twice, late and on two workers at once. CREATE INDEX CONCURRENTLY lets everybody work on,
    and refuses to run inside a transaction.
    """
    with _alone() as alone:
        if not alone:
            return
        wanted = {index.name: (kind, index) for kind, index in _indexes_wanted()}
        there = _indexes_there()
        for name, is_valid in there.items():
            if name not in wanted or not is_valid:
                with connection.cursor() as cursor:
                    quoted = connection.ops.quote_name(name)
                    cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted}")
        for name, (kind, index) in wanted.items():
            if not there.get(name):
                _create(kind, index)


def _indexes_wanted() -> Iterator[tuple[str, models.Index]]:
    for field in CustomField.objects.kept().filter(kind__in=record_kinds()):
        if field.type in SORTED:
            yield (
                field.kind,
                models.Index(field.value_expression(), F("id"), name=field.index_name),
            )
        if field.type in SEARCHED:
            words = OpClass(field.words_expression(), name="gin_trgm_ops")
            yield field.kind, GinIndex(words, name=field.words_index_name)


def _create(kind: str, index: models.Index) -> None:
    editor: Any  # Postgres's own knows how to do it concurrently
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(record_kinds()[kind], index, concurrently=True)
    log.info("Made %s on %s", index.name, kind)


def _indexes_there() -> dict[str, bool]:
    """Our indexes by name; False for one whose building was interrupted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relname ~ '^custom_field_[0-9]+_(words_)?idx$'"
            " AND c.relnamespace = current_schema()::regnamespace"
        )
        return dict(cursor.fetchall())


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (got,) = cursor.fetchone()
    try:
        yield bool(got)
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
