"""Rows of a text with delimiters, one after another: a file of any length needs no more memory."""

import csv
from collections.abc import Generator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from crm.exchange.guard import unguard
from crm.exchange.reading.dialect import Cell, Dialect, UnreadableFile

Row = tuple[int, list[Cell]]
LONGEST_LINE = 2_000_000  # characters
LONGEST_ROW = 4_000_000
SEP = "sep="  # Excel's own first line, which names the delimiter
MARKS = {"utf-8": "utf-8-sig"}  # read with or without the mark at its start


class Lines:
    """The lines of a file, as far as they have been read, and what the row began with."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.count = 0
        self.is_over = False
        self.begin_row()

    def begin_row(self) -> None:
        self.row = self.count + 1
        self.first = ""
        self._length = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        if not line:
            self.is_over = True
            raise StopIteration
        self.count += 1
        self._length += len(line)
        if len(line) == LONGEST_LINE or self._length > LONGEST_ROW:
            raise UnreadableFile(told(_("Line %(line)s is too long for a table."), self.count))
        if "\0" in line:
            raise UnreadableFile(
                told(_("Line %(line)s is not text: save it as CSV anew."), self.count)
            )
        self.first = self.first or line
        return line


def told(sentence: str, line: int) -> str:
    return sentence % {"line": line}


def text_rows(path: Path, dialect: Dialect) -> Generator[Row, None, None]:
    """(the line on which the row begins, its cells). Nothing is a None."""
    encoding = MARKS.get(dialect.encoding, dialect.encoding)
    with path.open(encoding=encoding, newline="") as file:
        lines = Lines(file)
        try:
            yield from _rows(lines, dialect)
        except UnicodeError:
            raise UnreadableFile(
                _("The text is not written in %(encoding)s: choose another encoding.")
                % {"encoding": dialect.encoding}
            ) from None
        except csv.Error:
            sentence = _("In line %(line)s a cell is far too long. Is a quotation mark missing?")
            raise UnreadableFile(told(sentence, lines.row)) from None


def _rows(lines: Lines, dialect: Dialect) -> Generator[Row, None, None]:
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    while True:
        lines.begin_row()
        first = lines.row
        cells = next(reader, None)
        if cells is None:
            return
        if lines.is_over:  # only inside quotes does it look for a line after the last one
            raise UnreadableFile(
                told(_("In line %(line)s a quotation mark is opened that is not closed."), first)
            )
        if first > 1 or not lines.first.lower().startswith(SEP):
            yield first, [unguard(cell) or None for cell in cells]
