"""The lines of a file as typed values, each cell read as its column says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from crm.exchange.reading import Cell

CHUNK = 2000


@dataclass
class Row:
    """A line of the file. `values` are those of its cells that have one."""

    line: int
    cells: Sequence[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


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


def mapped(mapping: Mapping[str, str]) -> dict[int, str]:
    """{column: key of its field} as it is kept in an import, without what is not imported."""
    return {int(column): key for column, key in mapping.items() if key}
