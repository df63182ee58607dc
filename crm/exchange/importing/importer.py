"""How rows find their records and become them. An app declares a subclass in its module
`importer.py`; it is found by autodiscovery, as its Exchange is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from crm.accounts.models import Team, User
from crm.accounts.rights import scope_for
from crm.exchange.fields import Exchange, Field, RecordType
from crm.exchange.importing.filling import Filler
from crm.exchange.importing.lookups import not_your_team
from crm.exchange.importing.matching import CODE, Keys, Known
from crm.exchange.importing.rows import Made, Row
from crm.exchange.importing.rules import OnMatch, Rules
from crm.records.access import Standing
from crm.records.actions.many import Edit
from crm.records.held import hold_all, put
from crm.records.models import Tag
from crm.records.moulds import Mould


class Importer:
    exchange: ClassVar[type[Exchange]]
    # {key: what it is called}, the strongest first, and those that tell two records apart.
    keys: ClassVar[Mapping[str, Any]]
    strict: ClassVar[Sequence[str]] = ()
    # Rows of other tables that are written with a record: those read here, and by the app itself.
    rows: ClassVar[Sequence[str]] = ()
    ties: ClassVar[Sequence[str]] = ()
    by_name: ClassVar[str] = "name"  # the key by which others are told to look alike
    reads: ClassVar[frozenset[str]] = frozenset()  # fields that no attribute of the record has
    others: ClassVar[Any] = ""  # what the offer to make what rows name is called
    points_at_others = False  # does a column of this file name other records?
    turns = 1  # rows of a later turn may name what those of an earlier one are about

    def __init__(
        self,
        user: User,
        type_: RecordType,
        rules: Rules,
        fields: Sequence[Field],
        *,
        stores: bool,
    ) -> None:
        """`fields` are those of the file's columns; `stores`: nothing is only checked."""
        self.user, self.type, self.rules, self.stores = user, type_, rules, stores
        self.fields = {one.key: one for one in fields}
        self.model = self.exchange.model
        many = [field.name for field in self.model._meta.many_to_many]
        self.held = [*many, *self.rows]
        self.relations = [*self.held, *self.ties]
        self.filler = Filler(
            self.model,
            [one for one in fields if one.key != CODE and not self.is_read_here(one)],
            overwrites=rules.on_match == OnMatch.OVERWRITE,
            empties=rules.empties and rules.on_match == OnMatch.OVERWRITE,
        )
        self.owner = User.objects.active().filter(pk=rules.owner or 0).first()
        self.team = Team.objects.filter(pk=rules.team or 0).first()
        self._mould = Mould(self.model, **self.type.preset, owner=self.owner, team=self.team)
        self.tags = list(Tag.objects.filter(pk__in=rules.tags))
        self.required = [one for one in self.exchange.fields(type_) if one.is_required]
        self._kept: dict[tuple[Any, ...], bool] = {}
        self._scopes = {right: scope_for(user, right, self.model.kind) for right in RIGHTS}

    # What an app says

    def is_read_here(self, field: Field) -> bool:
        return field.key in self.reads

    def turn_of(self, row: Row) -> int:
        return 0

    def learn_made(self, made: Sequence[Made]) -> None:
        """At the beginning of a turn: what this file has made so far."""

    def complete(self, row: Row) -> Row:
        """The row, with what its cells say together."""
        return row

    def prepare(self, rows: Sequence[Row]) -> None:
        """Look up what these rows name, in a few statements; add problems to rows."""

    def keys_of(self, row: Row) -> dict[str, frozenset[str]]:
        raise NotImplementedError

    def marks_of(self, row: Row, keys: Keys) -> dict[str, frozenset[str]]:
        """What sets this row apart from others that share a weaker key."""
        return {name: keys[name] for name in self.strict if name in keys}

    def known(self, rows: Sequence[Row]) -> Iterable[Known]:
        """Records that `user` sees and that share a key with one of `rows`."""
        raise NotImplementedError

    def tidy(self, run: Callable[[str], object]) -> None:
        """Have Postgres do, after rows were stored, what finds them sooner."""

    def tie(self, record: Any, row: Row) -> None:
        """Let a new record point at the others that its row names."""

    def problems(self, record: Any) -> list[str]:
        """What the form of a record would refuse, besides required fields."""
        return []

    def hold_ties(self, records: Sequence[Any]) -> None:
        """Let records hold the rows of `ties`, and whatever else their history follows."""

    def wanted(self, record: Any, row: Row) -> dict[str, Any]:
        """Differences that only the app sees; `put` makes them."""
        return {}

    def put(self, record: Any, wanted: Mapping[str, Any]) -> None:
        pass

    def notes(self, row: Row) -> list[str]:
        """What the check should tell besides."""
        return []

    def made_besides(self, plans: Sequence[Any]) -> list[tuple[int, Any]]:
        """(line, record) of new records that the records of `plans` point at."""
        return []

    def store_ties(self, made: Sequence[Any], edits: Sequence[Edit], **told: Any) -> list[int]:
        """Tell other records that these point at them, before new records are stored. The keys of
        those that changed."""
        return []

    @classmethod
    def names_others(cls, type_: str) -> bool:
        """May rows of a file of this type name other records?"""
        fields = cls.exchange.fields(cls.exchange.type_named(type_))
        return any(one.slot and one.slot.relation in cls.ties for one in fields)

    # What every kind has in common

    def fresh(self, row: Row) -> Any:
        record = row.filled or self.filled(row)
        self.tie(record, row)
        if self.tags:
            own = {tag.pk: tag for tag in (*record.held_rows.get("tags", ()), *self.tags)}
            put(record, "tags", own.values())
        return record

    def filled(self, row: Row) -> Any:
        """A new record of what its row says by itself, in the form that its kind has."""
        record = self._mould.new()
        self.filler.new(record, row.values)
        return record

    def load(self, pks: Iterable[int], *, lock: bool) -> dict[int, Any]:
        """Records to change, with all that hangs on them; those that may (still) be changed."""
        rows: Any = self.model.objects.visible_to(self.user).permitted(self.user, "change")
        return self.hold(rows.filter(pk__in=set(pks)), lock=lock)

    def hold(self, rows: Any, *, lock: bool) -> dict[int, Any]:
        """Read `rows`, in the order of their keys, with all that hangs on them."""
        rows = rows.order_by("pk")
        if lock:
            rows = rows.select_for_update(of=("self",))
        records = list(rows.select_related("owner", "team"))
        hold_all(records, self.held)
        self.hold_ties(records)
        return {record.pk: record for record in records}

    def refusals(self, record: Any, *, is_new: bool) -> list[str]:
        """Why a record, as the row makes it, may not be stored."""
        found = [
            _("“%(field)s” is empty.") % {"field": one.label}
            for one in self.required
            if is_new and not self._has(record, one)
        ]
        found += self.problems(record)
        if not self._keeps(record, RIGHTS if is_new else RIGHTS[:1]):
            found.append(_("Saved like this, you could not work with it any more yourself."))
        return found

    def team_refusals(self, given: Mapping[str, Any]) -> list[str]:
        """One gives records to a team of one's own, administrators to any. `given` is what a record
        gets anew: in which team it is already is no question."""
        team = given.get("team")
        if not team or self.user.is_administrator or team.pk in self.user.team_ids:
            return []
        return [not_your_team(team.name)]

    def _has(self, record: Any, field: Field) -> bool:
        if field.key in self.filler.custom:
            return self.filler.custom[field.key].key in record.custom
        return bool(getattr(record, field.key, True))

    def _keeps(self, record: Any, rights: tuple[str, ...]) -> bool:
        """The rule of RecordQuerySet.permission, for a record that is not stored yet."""
        viewers = frozenset(person.pk for person in record.held_rows.get("viewers", ()))
        facts = (record.owner_id, record.team_id, record.is_restricted, viewers, rights)
        if facts not in self._kept:
            keys = (record.owner_id, record.team_id)
            standing = Standing.of(self.user, *keys, is_listed=self.user.pk in viewers)
            self._kept[facts] = all(
                standing.reaches(self._scopes[right], right, record.is_restricted)
                for right in rights
            )
        return self._kept[facts]


RIGHTS = ("view", "change")


def importers() -> dict[str, type[Importer]]:
    return {one.exchange.model.kind: one for one in Importer.__subclasses__()}
