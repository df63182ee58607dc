"""What could not be imported, as a file of its own: every column as it was, and why."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from crm.documents.storage import claim, stored
from crm.exchange.guard import guard
from crm.exchange.importing.work import opened
from crm.exchange.models import Import
from crm.exchange.reading import Dialect, Table, read_text
from crm.exchange.reading.dialect import CSV


def error_file(batch: Import) -> tuple[IO[bytes], str]:
    """(open file, name). Written now where a run of it did not come to its end, or none has kept
    one yet. Raises UnreadableFile and ActionRefused."""
    name = _("%(name)s, rejected") % {"name": Path(batch.file_name).stem}
    ending = "csv" if Dialect.from_dict(batch.dialect).form == CSV else "xlsx"
    content = batch.errors.open("rb") if batch.errors else _written(batch, _reasons(batch))
    return content, f"{name}.{ending}"


def keep_error_file(batch: Import) -> None:
    """For whoever asks for it later: reading a long file again takes longer than a page may."""
    reasons = _reasons(batch)
    if batch.errors or not reasons:
        return
    with (
        _written(batch, reasons) as content,
        stored(File(content)) as name,
        transaction.atomic(),
    ):
        if Import.objects.kept().filter(pk=batch.pk, errors="").update(errors=name):
            claim(name)


def _reasons(batch: Import) -> dict[int, str]:
    return dict(batch.rejected().values_list("line", "reason"))


def _written(batch: Import, reasons: dict[int, str]) -> IO[bytes]:
    """A text is written as the one that came; workbooks become XLSX."""
    dialect = Dialect.from_dict(batch.dialect)
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with opened(batch) as table:
        lines = _lines(table, reasons, dialect)
        if dialect.form == CSV:
            _write_text(file, lines, dialect)
        else:
            _write_book(file, lines)
    file.seek(0)
    return file


def _lines(table: Table, reasons: dict[int, str], dialect: Dialect) -> Iterator[list[Any]]:
    if dialect.has_heading:
        yield [*table.headings, _("Why it was rejected")]
    last = max(reasons, default=0)
    for line, cells in takewhile(lambda row: row[0] <= last, table):
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
