"""A table: headings, and rows as wide as they are, by the line on which a person sees them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext as _

from crm.exchange.reading.dialect import CSV, Cell, Dialect, UnreadableFile
from crm.exchange.reading.text import Row, text_rows
from crm.exchange.reading.workbook import sheet_rows

MOST_COLUMNS = 2000
MOST_EMPTY_ROWS = 200_000  # one after another
LOOKED_AT = 100  # rows, to see how wide the table is where the headings do not say it all


class Table:
    """Iterating gives (line, cells), as many cells as there are headings; rows without anything
    are left out. `problem` says what is wrong with the row just given: "" or a sentence; `surplus`
    are the cells that it has besides.
    `sheets` are those that one may choose from, `sheet` the one that this is.
    """

    def __init__(
        self, rows: Iterator[Row], dialect: Dialect, sheets: Sequence[str] = (), sheet: str = ""
    ) -> None:
        rows = full_rows(rows)
        for _title in range(dialect.skipped):
            next(rows, None)
        self.sheets, self.sheet, self.problem = list(sheets), sheet, ""
        self.surplus: list[Cell] = []
        first = next(rows, None)
        if first is None:
            raise UnreadableFile(_("There is nothing in this file."))
        self.heading_line = first[0] if dialect.has_heading else 0
        rows = rows if dialect.has_heading else chain([first], rows)
        begin = list(islice(rows, LOOKED_AT))
        named = [heading_text(cell) for cell in first[1]] if dialect.has_heading else []
        width = max(len(named), _usual_width(begin) if named else max(map(_width, begin)))
        refuse_too_wide(width)
        named += [""] * (width - len(named))
        self.headings = [
            name or _("Column %(letter)s") % {"letter": letter(number)}
            for number, name in enumerate(named)
        ]
        self._rows = chain(begin, rows)

    def __iter__(self) -> Iterator[Row]:
        width = len(self.headings)
        for line, cells in self._rows:
            self.problem, self.surplus = "", cells[width:]
            if self.surplus:
                self.problem = _("There are more cells in this row than there are headings.")
            yield line, cells[:width] + [None] * (width - len(cells))


def refuse_too_wide(width: int) -> None:
    if width > MOST_COLUMNS:
        raise UnreadableFile(
            _("This table has %(count)s columns; %(most)s can be read. Is the delimiter right?")
            % {"count": width, "most": MOST_COLUMNS}
        )


def heading_text(cell: Cell) -> str:
    return " ".join(str(cell).split())[:200] if cell is not None else ""


def letter(column: int) -> str:
    """0 → "A", as spreadsheets call it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def full_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Those that have something, without the empty cells at their ends."""
    empty = 0
    for line, cells in rows:
        width = _width((line, cells))
        empty = 0 if width else empty + 1
        if width:
            yield line, cells[:width]
        elif empty > MOST_EMPTY_ROWS:
            raise UnreadableFile(
                _("From line %(line)s on there are only empty rows. Remove them.")
                % {"line": line - empty + 1}
            )


def _width(row: Row) -> int:
    cells = row[1]
    width = len(cells)
    while width and (cells[width - 1] is None or is_blank(cells[width - 1])):
        width -= 1
    return width


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _usual_width(rows: Sequence[Row]) -> int:
    """That of more than half of them."""
    widths = sorted(map(_width, rows))
    return widths[(len(widths) - 1) // 2] if widths else 0


@contextmanager
def reading(path: Path, dialect: Dialect) -> Iterator[Table]:
    """Raises UnreadableFile, also while the rows are read."""
    if dialect.form == CSV:
        yield Table(text_rows(path, dialect), dialect)
        return
    with sheet_rows(path, dialect) as (facts, rows):
        yield Table(rows, dialect, facts["sheets"], facts["sheet"])
