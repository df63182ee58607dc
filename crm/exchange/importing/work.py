"""An import as it is worked on: its file opened, its columns and its importer made."""

from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.exchange.fields import Exchange, Field, exchange_of
from crm.exchange.importing.columns import Columns
from crm.exchange.importing.importer import Importer, importers
from crm.exchange.importing.lookups import Lookups
from crm.exchange.importing.matching import CODE
from crm.exchange.importing.planning import Planner
from crm.exchange.importing.rows import CHUNK, Row, chunks, mapped
from crm.exchange.importing.rules import Rules
from crm.exchange.models import Import
from crm.exchange.reading import Dialect, Table, read_text, reading
from crm.records.errors import ActionRefused

LOCK = 0x1312  # of Postgres's advisory locks, with the kind


@contextmanager
def local_file(name: str) -> Iterator[Path]:
    """A stored file as one of this machine, wherever the storage keeps it."""
    try:
        own: Path | None = Path(default_storage.path(name))
    except NotImplementedError:  # a storage elsewhere
        own = None
    if own:
        yield own
    else:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "import"
            with default_storage.open(name) as source, path.open("wb") as copy:
                for chunk in source.chunks():
                    copy.write(chunk)
            yield path


@contextmanager
def opened(one: Import) -> Iterator[Table]:
    """Raises UnreadableFile, or ActionRefused when the file is not kept any more."""
    if not one.file:
        raise ActionRefused(_("The file of this import is not kept any more."))
    with (
        local_file(str(one.file.name)) as path,
        reading(path, Dialect.from_dict(one.dialect)) as table,
    ):
        yield table


def alone(kind: str) -> None:
    """One chunk of one import into a kind, or of its undoing, at a time: two files with the same
    company make one, and no two lock the same rows crosswise. Nobody else waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, kind])


def commit_later() -> None:
    """Not wait until this transaction is on the disk. If the machine dies at this moment its rows
    and their lines in the ledger are lost together, and whoever goes on makes them again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


@dataclass
class Work:
    """`user` is who imports; what they may do is asked anew."""

    batch: Import
    user: User
    stores: bool

    def __post_init__(self) -> None:
        if not can(self.user, "change", self.batch.kind):
            raise ActionRefused(_("You may not import these records."))
        self.rules = Rules.kept(self.batch.rules)

    @cached_property
    def exchange(self) -> type[Exchange]:
        return exchange_of(self.batch.kind)

    def fields(self) -> dict[int, Field]:
        """{column: its field} of the columns that are imported."""
        type_ = self.exchange.type_named(self.batch.type)
        headings = self.batch.head["headings"]
        known = {one.key: one for one in self.exchange.fields_for(type_, headings)}
        chosen = mapped(self.batch.mapping)
        return {column: known[key] for column, key in chosen.items() if key in known}

    def importer(self, fields: dict[int, Field]) -> Importer:
        type_ = self.exchange.type_named(self.batch.type)
        made: Any = importers()[self.batch.kind]
        importer: Importer = made(
            self.user, type_, self.rules, list(fields.values()), stores=self.stores
        )
        return importer

    def planner(self, fields: dict[int, Field]) -> Planner:
        batch = self.batch.pk if self.stores else None
        return Planner(self.importer(fields), self._repeated(fields), batch=batch)

    def lookups(self) -> Lookups:
        return Lookups(
            self.user, self.exchange.model, adds=self.rules.adds_choices, stores=self.stores
        )

    def columns(self, fields: dict[int, Field], lookups: Lookups) -> Columns:
        return Columns(self.exchange.model, fields, Dialect.from_dict(self.batch.dialect), lookups)

    def rows(
        self, columns: Columns, importer: Importer, *, done: Collection[int] = ()
    ) -> Generator[list[Row], None, None]:
        """Rows by the thousand, those of a turn together, without the lines that are done."""
        for turn in range(importer.turns):
            with opened(self.batch) as table:
                rows = (
                    columns.row(line, cells, table.problem)
                    for line, cells in table
                    if line not in done
                )
                mine = (row for row in rows if importer.turn_of(row) == turn)
                yield from chunks(map(importer.complete, mine), CHUNK)

    def _repeated(self, fields: dict[int, Field]) -> dict[str, int]:
        """{code: the line where it is first} of codes that are on several lines."""
        column = next((place for place, one in fields.items() if one.key == CODE), None)
        if column is None:
            return {}
        first: dict[str, int] = {}
        repeated: dict[str, int] = {}
        with opened(self.batch) as table:
            for line, cells in table:
                code = read_text(cells[column]).strip()
                if code and first.setdefault(code, line) != line:
                    repeated[code] = first[code]
        return repeated
