"""What becomes of each row of a chunk. Nothing is stored here: a check ends with this."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.exchange.importing.importer import CODE, Importer
from crm.exchange.importing.matching import Keys, Known, Match, Matcher
from crm.exchange.importing.rows import Made, Row
from crm.exchange.importing.rules import OnMatch
from crm.exchange.models.importing import ImportedRow, Outcome
from crm.records.actions.many import Edit
from crm.records.models import Record

MOST_NAMED = 3  # of several records that a row may be


@dataclass
class Plan:
    row: Row
    outcome: str = Outcome.REJECTED
    reasons: list[str] = field(default_factory=list)
    alike: list[Known] = field(default_factory=list)  # of a new record
    pk: int | None = None
    record: Any = None
    edit: Edit | None = None
    before: dict[str, Any] | None = None


class Planner:
    """`repeated` are codes that the file has more than once, and where first. When nothing is
    stored (`batch` is None), what earlier lines were about is remembered here; else the ledger
    knows."""

    def __init__(
        self, importer: Importer, repeated: Mapping[str, int], *, batch: int | None = None
    ) -> None:
        self.importer, self.repeated, self.batch = importer, repeated, batch
        self.rules = importer.rules
        self.matcher = Matcher(
            [name for name in importer.keys if name in self.rules.keys], importer.strict
        )
        self._met: dict[int, int] = {}
        self._turn: int | None = None
        self._coming: list[Made] = []
        self.meets_others = False

    def get_ready(self, rows: Iterable[Row], *, until: Callable[[], bool]) -> None:
        """Reckon of rows whose turn comes next what needs nobody else, as long as there is time."""
        for row in rows:
            if until():
                break
            row.keys = self.importer.keys_of(row)
            row.filled = self.importer.filled(row)

    def meet(self, rows: Sequence[Row]) -> None:
        """Ask whom these rows, that have their turn together, may be about."""
        if (turn := self.importer.turn_of(rows[0])) != self._turn:
            self._turn = turn
            self.importer.learn_made(self._made())
        self.importer.prepare(rows)
        for row in rows:
            row.keys = row.keys or self.importer.keys_of(row)
        self.matcher.forget(made=self.batch is not None)
        known = list(self.importer.known(rows))
        self._remember(known)
        self.matcher.learn(known)
        self.meets_others = bool(known) or self.importer.points_at_others

    def decide(self, rows: Iterable[Row]) -> Iterator[Plan]:
        """One by one; they do not wait for Postgres."""
        return map(self._decide, rows)

    def plan(self, rows: Sequence[Row]) -> list[Plan]:
        """All that becomes of rows that were met; those that are changed are locked."""
        plans = list(self.decide(rows))
        found = [plan.pk for plan in plans if plan.pk and plan.outcome == Outcome.UPDATED]
        records = self.importer.load(found, lock=self.batch is not None)
        for plan in plans:
            if plan.outcome == Outcome.UPDATED:
                self._change(plan, records)
        return plans

    def _made(self) -> list[Made]:
        if self.batch is None:
            return self._coming
        rows = ImportedRow.objects.filter(batch=self.batch, outcome=Outcome.CREATED)
        return [
            Made((before or {}).get(CODE, ""), pk)
            for pk, before in rows.values_list("record_id", "before")
        ]

    def _remember(self, known: Sequence[Known]) -> None:
        """Which of them an earlier line of this file was about."""
        if self.batch is None:
            for one in known:
                one.line = self._met.get(one.pk or 0, 0)
            return
        rows = ImportedRow.objects.filter(batch=self.batch, record_id__in=[one.pk for one in known])
        lines = {pk: facts for pk, *facts in rows.values_list(*LEDGER)}
        for one in known:
            one.line, outcome, before = lines.get(one.pk or 0, (0, "", None))
            if outcome == Outcome.CREATED:
                one.was_made((before or {}).get(CODE, ""))

    def _decide(self, row: Row) -> Plan:
        plan, keys = Plan(row, reasons=list(row.problems)), row.keys
        if not plan.reasons:
            self._look_at_code(plan, keys)
        if plan.reasons:
            return plan
        marks = self.importer.marks_of(row, keys)
        match = Match()
        if self.rules.on_match != OnMatch.CREATE:
            match = self.matcher.match(keys, marks)
        if len(match.found) > 1:
            plan.reasons.append(self._several(match))
        elif match.one is None:
            self._will_be_new(plan, keys, marks)
        elif match.one.line:
            told = _("Line %(line)s of this file is about the same one.")
            plan.reasons.append(told % {"line": match.one.line})
        else:
            self._has_met(plan, match.one)
        return plan

    def _look_at_code(self, plan: Plan, keys: Keys) -> None:
        """A code that nobody has, or nobody this person may change, is another numbering."""
        row = plan.row
        code = row.values.get(CODE)
        if code is None or CODE not in self.matcher.order:
            return
        first = self.repeated.get(code, row.line)
        if first != row.line:
            told = _("Line %(line)s of this file has the same code %(code)s.")
            plan.reasons.append(told % {"line": first, "code": code})
        elif not (self.rules.keeps_unknown_codes or self.matcher.match(keys, {}).by == CODE):
            told = _("There is no record with the code %(code)s that you may change.")
            plan.reasons.append(told % {"code": code})

    def _several(self, match: Match) -> str:
        codes = [one.told for one in match.found[:MOST_NAMED]]
        if len(match.found) > MOST_NAMED:
            codes.append("…")
        return _("It may be any of these: %(codes)s.") % {"codes": ", ".join(codes)}

    def _will_be_new(self, plan: Plan, keys: Keys, marks: Keys) -> None:
        row = plan.row
        plan.record = self.importer.fresh(row)
        plan.reasons += self.importer.team_refusals(row.values)
        plan.reasons += self.importer.refusals(plan.record, is_new=True)
        if plan.reasons:
            return
        plan.outcome = Outcome.CREATED
        plan.alike = self.matcher.alike(keys, self.importer.by_name)[:MOST_NAMED]
        if CODE in row.values:
            plan.before = {CODE: row.values[CODE]}
        if self.batch is None and self.importer.turns > 1:
            self._coming.append(Made(row.values.get(CODE, ""), name=str(plan.record)))
        words = tuple(word for mine in keys.values() for word in mine)
        self.matcher.learn_made(Known(words, marks, line=row.line))

    def _has_met(self, plan: Plan, one: Known) -> None:
        one.line = plan.row.line
        if one.pk and self.batch is None:
            self._met[one.pk] = plan.row.line
        plan.pk = one.pk
        is_left = self.rules.on_match == OnMatch.SKIP
        plan.outcome = Outcome.SKIPPED if is_left else Outcome.UPDATED

    def _change(self, plan: Plan, records: Mapping[int, Any]) -> None:
        record = records.get(plan.pk or 0)
        if record is None:
            plan.outcome = Outcome.REJECTED
            plan.reasons.append(_("Somebody else changed or removed it meanwhile. Try it again."))
            return
        plan.record = record
        row = plan.row
        wanted = self.importer.filler.wanted(record, row.values)
        more = self.importer.wanted(record, row)
        if not wanted and not more:
            plan.outcome = Outcome.UNCHANGED
            return
        plan.before = raw(record, [*wanted, *more])
        plan.edit = Edit(record)
        self.importer.filler.put(record, wanted)
        self.importer.put(record, more)
        plan.reasons += self.importer.team_refusals(wanted)
        plan.reasons += self.importer.refusals(record, is_new=False)
        if plan.reasons:
            plan.outcome, plan.edit, plan.before = Outcome.REJECTED, None, None


LEDGER = ("record_id", "line", "outcome", "before")


def raw(record: Record, names: Sequence[str]) -> dict[str, Any]:
    """Values of columns, custom fields and relations as JSON, to be put back by `undo`."""
    return {name: raw_value(record, name) for name in names}


def raw_value(record: Any, name: str) -> Any:
    if name.startswith("custom_"):
        return record.custom.get(name.removeprefix("custom_"))
    field = record._meta.get_field(name)
    if not (field.many_to_many or field.one_to_many):
        return getattr(record, field.attname)
    rows = getattr(record, name).all()
    if field.many_to_many:
        return [row.pk for row in rows]
    return [
        {one.attname: _plain(getattr(row, one.attname)) for one in row._meta.concrete_fields}
        for row in rows
    ]


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
