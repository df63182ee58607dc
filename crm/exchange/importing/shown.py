"""What was found out about rows, as its reader may see it now: names are read when they are shown,
because rights may have changed since (E11)."""

from collections.abc import Iterable, Sequence
from typing import Any

from crm.accounts.models import User
from crm.exchange.fields import exchange_of
from crm.exchange.models import Import, ImportedRow
from crm.exchange.models.importing import Outcome
from crm.records.actions.opening import note_openings
from crm.records.history import changed_seen_by, changes_in_words
from crm.records.models import Event, Record

LOOKS = {
    Outcome.CREATED: "done",
    Outcome.UPDATED: "active",
    Outcome.UNCHANGED: "off",
    Outcome.SKIPPED: "waiting",
    Outcome.REJECTED: "planned",
}
Seen = dict[int, Record]


def counted(batch: Import) -> dict[str, Any]:
    """{"counts": [(label, look, rows)], "total"} of the check, or of the run once there was one."""
    if batch.step in (batch.Step.RUN, batch.Step.UNDO):
        found = batch.counts or batch.outcomes()  # one that failed has counted nothing
    else:
        found = batch.report.get("counts", {})
    rows = [(one.label, LOOKS[one], found.get(one.value, 0)) for one in Outcome]
    return {
        "counts": [row for row in rows if row[2]],
        "total": sum(row[2] for row in rows),
        "rejected": found.get(Outcome.REJECTED, 0),
        "arrived": found.get(Outcome.CREATED, 0) + found.get(Outcome.UPDATED, 0),
    }


def seen(batch: Import, user: User, pks: Iterable[int | None]) -> Seen:
    model: Any = exchange_of(batch.kind).model
    rows = model.objects.visible_to(user).filter(pk__in={pk for pk in pks if pk})
    return {row.pk: row for row in rows}


def note_reading(user: User, batch: Import, pks: Any) -> None:
    """`pks` may be a query."""
    model: Any = exchange_of(batch.kind).model
    note_openings(model.objects.permitted(user, "view").filter(pk__in=pks), actor=user)


def samples_seen_by(user: User, batch: Import) -> list[dict[str, Any]]:
    """They tell what is in records and what would change: to read it is to open them."""
    samples: Sequence[dict[str, Any]] = batch.report.get("samples", [])
    note_reading(user, batch, [sample["record"] for sample in samples])
    alike = [one["pk"] for sample in samples for one in sample["alike"]]
    known = seen(batch, user, [*(sample["record"] for sample in samples), *alike])
    events = [Event(changes=sample["changes"]) for sample in samples]
    names = changed_seen_by(user, events)
    model = exchange_of(batch.kind).model
    return [
        {
            "line": sample["line"],
            "label": Outcome(sample["outcome"]).label,
            "look": LOOKS[Outcome(sample["outcome"])],
            "record": record,
            "name": sample["name"] or ", ".join(filter(None, sample["cells"][:3])),
            "changes": changes_in_words(model, event, names) if record else [],
            "told": sample["told"],
            "alike": [
                {"record": known.get(one["pk"]), "line": one["line"]}
                for one in sample["alike"]
                if one["pk"] in known or not one["pk"]
            ],
        }
        for sample, event in zip(samples, events, strict=True)
        for record in [known.get(sample["record"])]
    ]


def staying_seen_by(user: User, batch: Import, rows: Sequence[ImportedRow]) -> list[dict[str, Any]]:
    known = seen(batch, user, [row.record_id for row in rows])
    return [{"line": row.line, "record": known.get(row.record_id or 0)} for row in rows]
