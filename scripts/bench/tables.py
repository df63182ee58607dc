"""Filling tables by COPY with their indexes and constraints put aside meanwhile."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Row = tuple[object, ...]
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f')
      AND (conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]))
    ORDER BY array_position(ARRAY['f', 'u', 'p'], contype::text)
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%s::regclass[])
      AND NOT EXISTS (
          SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')
      )
"""


class Stream(io.TextIOBase):
    """What COPY reads from: rows become lines when they are asked for."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.lines = ("\t".join(map(_text, row)) + "\n" for row in rows)
        self.rest = ""

    def read(self, size: int | None = -1) -> str:
        parts, length = [self.rest], len(self.rest)
        for line in self.lines:
            parts.append(line)
            length += len(line)
            if size is not None and 0 <= size <= length:
                break
        text = "".join(parts)
        if size is None or size < 0:
            self.rest = ""
            return text
        self.rest = text[size:]
        return text[:size]


def _text(value: object) -> str:
    if value is None:
        return r"\N"
    return value.translate(ESCAPES) if type(value) is str else str(value)


@contextmanager
def bare(cursor: Any, tables: list[str], tell: Callable[[str], None]) -> Iterator[None]:
    """The tables without indexes and constraints; they are back, and built at once, afterwards."""
    cursor.execute(CONSTRAINTS, [tables, tables])
    constraints = cursor.fetchall()
    cursor.execute(INDEXES, [tables])
    indexes = cursor.fetchall()
    for table, name, _definition, _type in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX IF EXISTS {name}")
    yield
    tell("indexes")
    for table, name, definition, _type in reversed(constraints):
        if _type != "f":
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for _name, definition in indexes:
        cursor.execute(definition)
    tell("foreign keys")
    for table, name, definition, type_ in constraints:
        if type_ == "f":
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def copy(cursor: Any, table: str, columns: list[str], rows: Iterator[Row]) -> None:
    cursor.copy_expert(
        f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FREEZE)", Stream(rows), 1 << 20
    )
