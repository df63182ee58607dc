"""What could not be imported, as a file of its own: every column as it was, and why."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from crm.exchange.guard import guard
from crm.exchange.importing.work import opened
from crm.exchange.models import Import
from crm.exchange.models.importing import Outcome
from crm.exchange.reading import Dialect, Table, read_text
from crm.exchange.reading.dialect import CSV


def error_file(batch: Import) -> tuple[IO[bytes], str]:
    """(open file, name). A text is written as the one that came; workbooks become XLSX."""
    dialect = Dialect.from_dict(batch.dialect)
    reasons = dict(
        batch.rows.filter(outcome=Outcome.REJECTED, part=0).values_list("line", "reason")
    )
    name = _("%(name)s, rejected") % {"name": Path(batch.file_name).stem}
    file: Any = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with opened(batch) as table:
        lines = _lines(table, reasons, dialect)
        if dialect.form == CSV:
            _write_text(file, lines, dialect)
        else:
            _write_book(file, lines)
    file.seek(0)
    return file, f"{name}.{'csv' if dialect.form == CSV else 'xlsx'}"


def _lines(table: Table, reasons: dict[int, str], dialect: Dialect) -> Iterator[list[Any]]:
    if dialect.has_heading:
        yield [*table.headings, _("Why it was rejected")]
    for line, cells in table:
        if line in reasons:
            # What is too much stands behind the reason: where it belongs, a person knows.
            yield [*cells, reasons[line], *table.surplus]


def _write_text(file: IO[bytes], lines: Iterator[list[Any]], dialect: Dialect) -> None:
    encoding = {"utf-8": "utf-8-sig"}.get(dialect.encoding, dialect.encoding)
    # A reason may have letters that the file's own encoding has not.
    out = TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    writer = csv.writer(
        out,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=None if dialect.quote else "\\",
    )
    writer.writerows([guard(read_text(cell)) for cell in cells] for cells in lines)
    out.flush()
    out.detach()


def _write_book(file: IO[bytes], lines: Iterator[list[Any]]) -> None:
    book = Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for row, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            if hasattr(cell, "isoformat"):
                sheet.write_datetime(row, column, cell, day)
            elif cell is not None:
                sheet.write(row, column, cell)
    book.close()
