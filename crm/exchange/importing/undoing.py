"""Taking an import back: what it made and nobody has touched goes, what it overwrote comes back.
What somebody has worked with since stays as it is, and is told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.exchange.fields import exchange_of
from crm.exchange.importing.importer import importers
from crm.exchange.importing.work import Work, alone
from crm.exchange.models import Import, ImportedRow
from crm.exchange.models.importing import Outcome
from crm.exchange.sentences import CHANGED, IMPORTED, UNDONE
from crm.records.actions.many import Edit, change_many, purge_many
from crm.records.belongings import FLEETING, pointers
from crm.records.held import put
from crm.records.jobs import Run
from crm.records.models import Event, Record

BATCH = 500
SHOWN = 100


def undo_rows(run: Run) -> str:
    """The lines that are undone say so, so a second run goes on with the others."""
    batch = Import.objects.get(pk=run.params["import"])
    todo = _to_undo(batch)
    total = todo.count()
    run.progress(run.done, run.done + total)
    done = run.done
    while True:
        with transaction.atomic():
            alone(batch.kind)
            rows = list(todo.order_by("-line", "part")[:BATCH])
            if not rows:
                break
            _undo(batch, rows, run.user)
            done += len(rows)
            run.progress(done)
    undone = Counter(dict(batch.rows.values_list("is_undone").annotate(n=models.Count("pk"))))
    counts = (batch.counts or batch.outcomes()) | {"undone": undone[True], "stay": undone[False]}
    Import.objects.filter(pk=batch.pk).update(counts=counts)
    return _("The import is undone.")


def _to_undo(batch: Import) -> models.QuerySet[ImportedRow]:
    return batch.rows.filter(outcome__in=(Outcome.CREATED, Outcome.UPDATED), is_undone__isnull=True)


def _undo(batch: Import, rows: Sequence[ImportedRow], actor: User) -> None:
    model = exchange_of(batch.kind).model
    keys = [row.record_id for row in rows]
    list(model._base_manager.filter(pk__in=keys).order_by("pk").select_for_update().values("pk"))
    lines = batch.rows.filter(untouched(batch), pk__in=[row.pk for row in rows])
    free = set(lines.values_list("pk", flat=True))
    going = [row for row in rows if row.pk in free]
    made = [row.record_id for row in going if row.outcome == Outcome.CREATED]
    changed = {row.record_id: row.before for row in going if row.outcome == Outcome.UPDATED}
    _put_back(batch, changed, actor)
    purge_many(model._base_manager.filter(pk__in=made), actor=actor)
    ImportedRow.objects.filter(pk__in=free).update(is_undone=True)
    ImportedRow.objects.filter(pk__in=[row.pk for row in rows if row.pk not in free]).update(
        is_undone=False
    )


def untouched(batch: Import) -> Q:
    """Of a line: its record is as the import left it; of a new record also: nobody wrote anything
    about it, and nothing hangs on it."""
    model: Any = exchange_of(batch.kind).model
    as_left = model._base_manager.filter(
        pk=OuterRef("record_id"), version=OuterRef("version"), trashed_at__isnull=True
    )
    return Q(Exists(as_left)) & ~_is_used(batch, model)


def _is_used(batch: Import, model: type[Record]) -> Q:
    place = {
        "content_type": ContentType.objects.get_for_model(model),
        "object_id": OuterRef("record_id"),
    }
    used = Q(Exists(Event.objects.filter(**place).exclude(verb__in=(IMPORTED, CHANGED))))
    for pointer in pointers():
        if pointer is not Event and not issubclass(pointer, FLEETING):
            used |= Q(Exists(pointer._default_manager.filter(**place)))
    own = {field.related_model for field in map(model._meta.get_field, _own(batch))}
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if other not in own and not other._meta.auto_created:
            at = {relation.field.name: OuterRef("record_id")}
            used |= Q(Exists(other._base_manager.filter(**at)))
    return Q(outcome=Outcome.CREATED) & used


def _own(batch: Import) -> list[str]:
    """Relations whose rows an import writes: a change of them counts the version up."""
    importer = importers()[batch.kind]
    return [*importer.rows, *importer.ties]


def _put_back(batch: Import, changed: Mapping[Any, Any], actor: User) -> None:
    importer = Work(batch, actor, stores=True).importer({})
    edits = []
    rows = importer.model._base_manager.filter(pk__in=changed)
    for pk, record in importer.hold(rows, lock=True).items():
        edit = Edit(record)
        for name, value in changed[pk].items():
            _put_value(record, name, value)
        edits.append(edit)
    change_many(edits, importer.relations, actor=actor, verb=UNDONE, text=batch.file_name)


def _put_value(record: Any, name: str, value: Any) -> None:
    if name.startswith("custom_"):
        key = name.removeprefix("custom_")
        record.custom.pop(key, None)
        if value is not None:
            record.custom[key] = value
        return
    field = record._meta.get_field(name)
    if field.many_to_many:
        put(record, name, field.related_model._default_manager.filter(pk__in=value))
    elif field.one_to_many:
        now = {row.pk: row for row in getattr(record, name).all()}
        put(record, name, [_row_as_it_was(field.related_model, one, now) for one in value])
    else:
        setattr(record, field.attname, value)


def _row_as_it_was(model: Any, facts: Mapping[str, Any], now: Mapping[Any, Any]) -> Any:
    row = model(**facts)
    if row.pk not in now:
        row.pk = None
    return row


def foresee(batch: Import) -> dict[str, Any]:
    """What undoing would do today: {"deleted", "restored", "stay"} and the first that stay. What
    became of the records is looked up once, which is what takes long of a large import."""
    every = _to_undo(batch).order_by()
    found = Counter(dict(every.values_list("outcome").annotate(n=models.Count("pk"))))
    total, first = sum(found.values()), []
    staying = every.exclude(untouched(batch)).values_list("outcome")
    for outcome, keys in staying.annotate(keys=ArrayAgg("pk", order_by="line")):
        found[outcome] -= len(keys)
        first += keys[:SHOWN]
    return {
        "deleted": found[Outcome.CREATED],
        "restored": found[Outcome.UPDATED],
        "stay": total - sum(found.values()),
        "first": list(batch.rows.filter(pk__in=first).order_by("line")[:SHOWN]),
    }
