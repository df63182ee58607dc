"""The dry run: what an import would do, told before anything is stored (D5)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.exchange.importing.planning import Plan
from crm.exchange.importing.work import Work, opened
from crm.exchange.models import Import
from crm.exchange.models.importing import Outcome
from crm.exchange.reading import Cell, UnreadableFile, read_text
from crm.records.errors import ActionRefused
from crm.records.jobs import Run

SAMPLES = 100
MOST_REASONS, LONGEST_CELL, MOST_CELLS = 20, 200, 30
ORDER = (
    *(Outcome.REJECTED, Outcome.UPDATED, Outcome.CREATED),
    *(Outcome.SKIPPED, Outcome.UNCHANGED),
)


class Report:
    """Counts of all rows, and the first of each outcome to look at."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.warned = 0
        self.others: set[int] = set()
        self.samples: dict[str, list[dict[str, Any]]] = {one: [] for one in ORDER}

    def add(self, plans: Iterable[Plan], notes: Any) -> None:
        for plan in plans:
            self.counts[plan.outcome] += 1
            self.warned += bool(plan.alike)
            if plan.outcome == Outcome.REJECTED:
                self.reasons.update(plan.reasons[:1])
            if len(self.samples[plan.outcome]) < SAMPLES:
                self.samples[plan.outcome].append(sample(plan, notes(plan.row)))

    def to_dict(self) -> dict[str, Any]:
        every = [one for outcome in ORDER for one in self.samples[outcome]]
        return {
            "counts": dict(self.counts),
            "reasons": self.reasons.most_common(MOST_REASONS),
            "warned": self.warned,
            "others": len(self.others),
            "samples": every[:SAMPLES],
        }


def sample(plan: Plan, notes: list[str]) -> dict[str, Any]:
    """`record` is the key of one that is there; its name is read when it is shown (E11)."""
    return {
        "line": plan.row.line,
        "outcome": plan.outcome,
        "cells": short(plan.row.cells),
        "record": plan.pk,
        "name": str(plan.record) if plan.record is not None and not plan.pk else "",
        "changes": plan.edit.changes if plan.edit else [],
        "told": [*plan.reasons, *notes],
        "alike": [{"pk": one.pk, "line": one.line} for one in plan.alike],
    }


def short(cells: Sequence[Cell], most: int = MOST_CELLS) -> list[str]:
    return [read_text(cell)[:LONGEST_CELL].replace("\0", "") for cell in cells[:most]]


def check_rows(run: Run) -> str:
    batch = Import.objects.get(pk=run.params["import"])
    work = Work(batch, run.user, stores=False)
    report = Report()
    try:
        report_dict = _check(run, work, report)
    except UnreadableFile as problem:
        raise ActionRefused(str(problem)) from problem
    Import.objects.filter(pk=batch.pk, job=run.job).update(report=report_dict)
    return _("Checked. Nothing has been imported yet.")


def _check(run: Run, work: Work, report: Report) -> dict[str, Any]:
    run.progress(0, count_lines(work.batch))
    fields = work.fields()
    lookups, planner = work.lookups(), work.planner(fields)
    columns = work.columns(fields, lookups)
    done = 0
    for rows in work.rows(columns, planner.importer):
        planner.meet(rows)
        plans = planner.plan(rows)
        report.add(plans, planner.importer.notes)
        report.others |= {id(one) for _line, one in planner.importer.made_besides(plans)}
        done += len(rows)
        run.progress(done)
    new = {key: [str(one) for one in rows.values()][:50] for key, rows in lookups.new.items()}
    return report.to_dict() | {"new": new, "at": timezone.now().isoformat()}


def count_lines(batch: Import) -> int:
    with opened(batch) as table:
        return sum(1 for _line in table)
