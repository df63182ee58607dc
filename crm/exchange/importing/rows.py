"""The lines of a file as typed values, each cell read as its column says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from crm.exchange.importing.matching import Keys
from crm.exchange.reading import Cell, UnreadableFile

CHUNK = 2000


@dataclass
class Row:
    """A line of the file. `values` are those of its cells that have one."""

    line: int
    cells: Sequence[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    # What it needs nobody else for, if there was time to reckon it ahead.
    keys: Keys = field(default_factory=dict)
    filled: Any = None  # a new record with these values


class Made(NamedTuple):
    """A record that an earlier line made, under its `code` in the file; in a check it has no key
    yet, and is known by its name."""

    code: str
    pk: int | None = None
    name: str = ""


def chunks(lines: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    found = iter(lines)
    while chunk := list(islice(found, size)):
        yield chunk


class Ahead:
    """Chunks of which the next can be read before it is asked for."""

    def __init__(self, chunks: Iterator[list[Row]]) -> None:
        self._chunks = chunks
        self._read: list[list[Row] | UnreadableFile] = []

    def read(self) -> Sequence[Row]:
        """A file that cannot be read on is no reason to lose what was read before."""
        if not self._read:
            try:
                self._read.append(next(self._chunks, []))
            except UnreadableFile as problem:
                self._read.append(problem)
        return [] if isinstance(self._read[0], UnreadableFile) else self._read[0]

    def take(self) -> list[Row]:
        self.read()
        chunk = self._read.pop()
        if isinstance(chunk, UnreadableFile):
            raise chunk
        return chunk


def mapped(mapping: Mapping[str, str]) -> dict[int, str]:
    """{column: key of its field} as it is kept in an import, without what is not imported."""
    return {int(column): key for column, key in mapping.items() if key}
