"""The import itself, two thousand rows at a time, each chunk in a transaction of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Min
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.exchange.fields import exchange_of
from crm.exchange.importing.error_file import keep_error_file
from crm.exchange.importing.importer import Importer
from crm.exchange.importing.planning import Plan, Planner
from crm.exchange.importing.rows import Ahead, Row
from crm.exchange.importing.work import Work, alone, commit_later
from crm.exchange.models import Import, ImportedRow
from crm.exchange.models.importing import Outcome
from crm.exchange.reading import UnreadableFile
from crm.exchange.sentences import CHANGED, IMPORTED
from crm.records.actions import notify
from crm.records.actions.many import change_many, create_many
from crm.records.copying import Aside, copy_alike, new_keys
from crm.records.errors import ActionRefused
from crm.records.jobs import Cancelled, Run
from crm.records.models import Event, Job
from crm.records.models.number import numbering


def import_rows(run: Run) -> str:
    """Begun again after a worker died, it goes on without the lines of the ledger: the rows of
    a thousand are stored with their lines there, or neither is."""
    batch = Import.objects.get(pk=run.params["import"])
    work = Work(batch, run.user, stores=True)
    try:
        _import(run, work)
    except Cancelled:
        if Job.objects.filter(pk=run.job.pk, state=Job.State.CANCELLED).exists():
            _end(batch, actor=run.user)  # what is in stays in, and is told
        raise
    except UnreadableFile as problem:
        raise ActionRefused(str(problem)) from problem
    _end(batch, actor=run.user)
    return _("The import is complete.")


def _end(batch: Import, *, actor: User) -> None:
    close(batch, actor=actor)
    keep_error_file(batch)


def _import(run: Run, work: Work) -> None:
    batch = work.batch
    lines = frozenset(batch.rows.filter(part=0).values_list("line", flat=True))
    done = len(lines)
    run.progress(done, sum(batch.report["counts"].values()))  # as the check has counted them
    fields = work.fields()
    lookups, planner = work.lookups(), work.planner(fields)
    columns = work.columns(fields, lookups)
    with closing(work.rows(columns, planner.importer, done=lines)) as chunks:
        ahead = Ahead(chunks)
        while True:
            with transaction.atomic():
                # Before rows are read: what their cells name anew is stored with them, or with
                # those before.
                alone(batch.kind)
                commit_later()
                rows = ahead.take()
                if not rows:
                    break
                done += len(rows)
                _store(run, work, planner, rows, done, ahead)


def _store(
    run: Run, work: Work, planner: Planner, rows: Sequence[Row], done: int, ahead: Ahead
) -> None:
    batch, importer, model = work.batch, planner.importer, planner.importer.model
    told: dict[str, Any] = {"actor": run.user, "text": batch.file_name}
    planner.meet(rows)
    plans: list[Plan] = []
    besides: list[tuple[int, Any]] = []
    if planner.meets_others:
        plans += planner.plan(rows)
        besides, new = _change(batch, importer, plans, **told)
        fresh = iter(new)
    else:  # then there is nobody to lock before the counter of numbers
        fresh = _fresh(planner.decide(rows), iter(new_keys(model, len(rows))), plans)
    with numbering(model) as numbers, Aside() as store:
        create_many(fresh, importer.relations, verb=IMPORTED, numbers=numbers, store=store, **told)
        with store.looking_at_keys():
            lines = [*map(_line_of, plans), *_lines_besides(besides)]
            copy_alike(ImportedRow(batch=batch), LINE, lines, store)
        importer.tidy(store.run)
        planner.get_ready(ahead.read(), until=lambda: not store.is_busy)
    run.progress(done)  # the last word of whoever stopped it, or took it over


def _change(
    batch: Import, importer: Importer, plans: Sequence[Plan], **told: Any
) -> tuple[list[tuple[int, Any]], list[Any]]:
    """Store what `plans` change. The new records they need besides (with lines), and all that are
    new, with keys."""
    made = [plan for plan in plans if plan.outcome == Outcome.CREATED]
    edits = [plan.edit for plan in plans if plan.edit]
    besides = importer.made_besides([*made, *(plan for plan in plans if plan.edit)])
    fresh = [*(record for _line, record in besides), *(plan.record for plan in made)]
    for record, pk in zip(fresh, new_keys(importer.model, len(fresh)), strict=True):
        record.pk = pk
    change_many(edits, importer.relations, verb=CHANGED, **told)
    counted = importer.store_ties([plan.record for plan in made], edits, verb=CHANGED, **told)
    batch.rows.filter(record_id__in=counted).update(version=F("version") + 1)
    return besides, fresh


def _fresh(plans: Iterable[Plan], keys: Iterator[int], kept: list[Plan]) -> Iterator[Any]:
    """The new records of `plans`, which are `kept` as they come."""
    for plan in plans:
        kept.append(plan)
        if plan.outcome == Outcome.CREATED:
            plan.record.pk = next(keys)
            yield plan.record


LINE = ("line", "part", "outcome", "record_id", "version", "before", "reason")


def _line_of(plan: Plan) -> tuple[Any, ...]:
    record = plan.record if plan.outcome != Outcome.REJECTED else None
    pk, version = (plan.pk, None) if record is None else (record.pk, record.version)
    reason = " ".join(plan.reasons)
    return plan.row.line, 0, plan.outcome, pk, version, plan.before, reason


def _lines_besides(besides: Sequence[tuple[int, Any]]) -> list[tuple[Any, ...]]:
    parts: Counter[int] = Counter()
    rows: list[tuple[Any, ...]] = []
    for line, record in besides:
        parts[line] += 1
        rows.append((line, parts[line], Outcome.CREATED, record.pk, record.version, None, ""))
    return rows


@transaction.atomic
def close(batch: Import, *, actor: User) -> None:
    """Count what became of the rows, and tell owners once of all that is theirs now."""
    batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.counts:
        return
    others = batch.rows.filter(part__gt=0).count()
    batch.counts = batch.outcomes() | {"others": others, "over": 1}
    batch.save(update_fields=["counts"])
    _tell_owners(batch, actor)


def _tell_owners(batch: Import, actor: User) -> None:
    model: Any = exchange_of(batch.kind).model
    made = batch.rows.filter(outcome=Outcome.CREATED).values("record_id")
    owners = model.objects.filter(pk__in=made).exclude(owner=actor).exclude(owner=None)
    firsts = owners.order_by().values_list("owner").annotate(first=Min("pk"))
    for owner, pk in firsts:
        record = model.objects.get(pk=pk)
        event = Event.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id=pk, verb=IMPORTED
        ).first()
        if event:
            notify([User.objects.get(pk=owner)], record, event=event, actor=actor)
