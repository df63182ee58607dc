"""CSV and XLSX, written row by row so that 100,000 rows need no more memory than ten."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, closing
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, get_language_bidi
from xlsxwriter import Workbook
from xlsxwriter.format import Format as CellFormat

from crm.exchange.guard import guard

SEMICOLON_LANGUAGES = ("it", "ro")  # where the comma is in the numbers
LONGEST_CELL = 32_767
MOST_XLSX_ROWS = 1_048_575  # and the header
EXACT_DIGITS = 10**15  # a spreadsheet's number knows no more
FIRST_DAY = dt.date(1900, 3, 1)  # before it, spreadsheets disagree about the calendar
DATE, MOMENT = 14, 22  # built-in formats: shown as the reader's own machine does
WIDTH = 20


class Writer(Protocol):
    has_cut: bool  # was a text too long for a cell?

    def write(self, cells: Iterable[Any]) -> None: ...


class CsvWriter:
    """UTF-8 with a mark at its start; `;` where numbers have a decimal comma. Dates are ISO."""

    has_cut = False

    def __init__(self, path: Path, labels: Sequence[str], title: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        delimiter = ";" if (get_language() or "")[:2] in SEMICOLON_LANGUAGES else ","
        self._out = csv.writer(self._file, delimiter=delimiter)
        self.write(labels)

    def write(self, cells: Iterable[Any]) -> None:
        self._out.writerow([csv_text(cell) for cell in cells])

    def close(self) -> None:
        self._file.close()


def csv_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return guard(str(value))
        case int() | float() | Decimal():
            return str(number_format(value, use_l10n=True, force_grouping=False))
        case dt.datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        case dt.date():
            return value.isoformat()
    return guard(str(value).replace("\0", ""))


class XlsxWriter:
    """Text is always a string cell. One that would be a formula elsewhere carries the spreadsheet's
    own leading apostrophe (quote prefix), so it stays text even after editing."""

    has_cut = False

    def __init__(self, path: Path, labels: Sequence[str], title: str) -> None:
        self._book = Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(path.parent), "in_memory": False}
        )
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._day = self._book.add_format({"num_format": DATE})
        self._moment = self._book.add_format({"num_format": MOMENT})
        self._sheet = self._book.add_worksheet(sheet_name(title))
        self._row = 0
        self._columns = len(labels)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(0, len(labels) - 1), WIDTH)
        if get_language_bidi():
            self._sheet.right_to_left()
        for column, label in enumerate(labels):
            self._sheet.write_string(0, column, label[:LONGEST_CELL], self._bold)

    def write(self, cells: Iterable[Any]) -> None:
        self._row += 1
        for column, value in enumerate(cells):
            self._cell(column, value)

    def _cell(self, column: int, value: Any) -> None:
        sheet, row = self._sheet, self._row
        match value:
            case None | "":
                return
            case dt.datetime() if value.date() >= FIRST_DAY:
                local = timezone.localtime(value).replace(tzinfo=None)
                sheet.write_datetime(row, column, local, self._moment)
            case dt.date() if not isinstance(value, dt.datetime) and value >= FIRST_DAY:
                sheet.write_datetime(row, column, value, self._day)
            case int() | float() | Decimal() if is_exact(value):
                sheet.write_number(row, column, value)
            case _:
                self._text(column, str(value))

    def _text(self, column: int, text: str) -> None:
        if len(text) > LONGEST_CELL:
            self.has_cut = True
            text = text[: LONGEST_CELL - 1] + "…"
        look: CellFormat | None = self._quoted if guard(text) != text else None
        self._sheet.write_string(self._row, column, text, look)

    def close(self) -> None:
        if self._columns:
            self._sheet.autofilter(0, 0, self._row, self._columns - 1)
        self._book.close()


def is_exact(value: Any) -> bool:
    """A number that a spreadsheet's cell holds without losing digits."""
    if isinstance(value, bool):
        return False
    finite = value == value and abs(value) != float("inf")
    return bool(finite and abs(value) < EXACT_DIGITS)


def sheet_name(title: str) -> str:
    """At most 31 characters, none of []:*?/\\, no apostrophe at the ends."""
    bare = "".join(" " if char in "[]:*?/\\" else char for char in title)
    return bare[:31].strip(" '") or "Export"


WRITERS: dict[str, type[CsvWriter] | type[XlsxWriter]] = {"csv": CsvWriter, "xlsx": XlsxWriter}


def writing(
    form: str, path: Path, labels: Sequence[str], title: str
) -> AbstractContextManager[CsvWriter | XlsxWriter]:
    return closing(WRITERS[form](path, labels, title))
