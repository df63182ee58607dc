"""How a file seems to be written: a proposal, which the person sees and may change (E6)."""

import codecs
import csv
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from io import StringIO
from itertools import islice, zip_longest
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

from crm.exchange.reading.dialect import CSV, DELIMITERS, Cell, Dialect, UnreadableFile
from crm.exchange.reading.table import full_rows, is_blank, refuse_too_wide
from crm.exchange.reading.text import SEP, Row, text_rows
from crm.exchange.reading.values import NUMBERS, bare
from crm.exchange.reading.workbook import SENTENCES, sheet_rows

PIECE = 1024 * 1024
SAMPLE_ROWS = 1000
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
PAGES = {"he": "cp1255", "ro": "cp1250"}
OTHER_PAGE = "cp1252"
# What only one of them writes, whoever reads it: words of Hebrew letters alone; ş and ţ in words,
# which are º and þ in the others.
TELLING = {
    "cp1255": re.compile(rb"(?<![A-Za-z\xc0-\xff])[\xe0-\xfa]{3,}(?![A-Za-z\xc0-\xff])"),
    "cp1250": re.compile(
        rb"[a-z]\xfe|[\xfe\xde][a-z]|[a-z]\xba[a-z]|[a-z]{3}\xba|(?<![0-9])\xaa[a-z]"
    ),
}
COMMA_LANGUAGES = ("it", "ro")
ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What the reader of archives raises on those that are broken, or made to break it.
BROKEN = (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, zlib.error)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
DAY = re.compile(r"\s*([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ](?:[0-9]{4}|[0-9]{2})\b")
YEAR_FIRST = re.compile(r"\s*[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\b")
FRACTION = re.compile(r"[+-]?(?:0|[1-9][0-9.,'’]*)[.,][0-9]{1,4}")  # and no phone number
FACT = re.compile(r"@|[0-9]{5}|^[\W0-9]+$")  # no heading is an e-mail, a phone, a number


def sniff(path: Path, file_name: str, *, language: str) -> Dialect:
    """Raises UnreadableFile. The content decides, whatever the name ends in; `language` of the
    person decides where the content says nothing."""
    start = _start_of(path)
    if start.startswith(ZIP):
        dialect = _archive(path)
    elif start.startswith(OLE):
        dialect = _old_workbook(path)
    else:
        dialect = _text(path, start, language)
    dialect = replace(dialect, decimal="," if language in COMMA_LANGUAGES else ".")
    rows, sheet = _sample(path, dialect)
    dialect = replace(dialect, sheet=sheet, skipped=_titles(rows))
    rows = rows[dialect.skipped :]
    dialect = replace(dialect, has_heading=_is_heading(rows[0][1]))
    if dialect.has_heading and len(rows) == 1:
        raise UnreadableFile(_("There are only headings in this file, and nothing below them."))
    columns = _columns(rows[dialect.has_heading :])
    return replace(
        dialect,
        decimal=_decimal(columns) or dialect.decimal,
        date_order=_date_order(columns) or dialect.date_order,
    )


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(PIECE // 4)
    if not start.strip():
        raise UnreadableFile(_("This file is empty."))
    return start


def _archive(path: Path) -> Dialect:
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = _first_bytes(archive, "mimetype") if "mimetype" in names else b""
    except BROKEN:
        raise UnreadableFile(str(SENTENCES["broken"])) from None
    if "xl/workbook.xml" in names:
        return Dialect("xlsx")
    if b"opendocument.spreadsheet" in kind:
        return Dialect("ods")
    if "xl/workbook.bin" in names or kind:
        raise UnreadableFile(_("Save this file as XLSX, ODS or CSV: of its kind none is read."))
    raise UnreadableFile(_("This is an archive. Take the file out of it and choose that one."))


def _first_bytes(archive: ZipFile, name: str) -> bytes:
    """No more is inflated: this is not the process that has limits."""
    member = archive.getinfo(name)
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # the others inflate without a limit
        raise BadZipFile
    with archive.open(member) as file:
        return file.read(80)


def _old_workbook(path: Path) -> Dialect:
    with path.open("rb") as file:
        last = b""
        found = set()
        while piece := file.read(PIECE):
            found |= {mark for mark in (ENCRYPTED, *OLD_BOOKS) if mark in last + piece}
            last = piece[-len(ENCRYPTED) :]
    if ENCRYPTED in found:
        raise UnreadableFile(str(SENTENCES["locked"]))
    if not found:
        raise UnreadableFile(_not_a_table())
    return Dialect("xls")


def _not_a_table() -> str:
    return _("This is not a table. Choose a CSV, XLSX, ODS or XLS file.")


def _text(path: Path, start: bytes, language: str) -> Dialect:
    encoding = _encoding(path, start, language)
    text = start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if text.startswith(("%PDF", "{\\rtf")) or re.match(r"<(!doctype|html|\?xml|table)", text, re.I):
        raise UnreadableFile(_not_a_table())
    quote = "'" if re.match(r"'[^'\n]*'[;,\t|]'", text) else '"'
    return Dialect("csv", encoding, _delimiter(path, text, encoding, quote, language), quote)


def _encoding(path: Path, start: bytes, language: str) -> str:
    """What the mark at its start says, else UTF-8 if all of it is, else the code page that its
    words tell, or that of the language, and others where that has no such letters."""
    for mark, name in MARKS.items():
        if start.startswith(mark):
            if name == "utf-8" or _is_written_in(path, name):
                return name
            raise UnreadableFile(_not_a_table())
    if NOT_TEXT.search(start):
        raise UnreadableFile(_not_a_table())
    told = (page for page, words in TELLING.items() if words.search(start))
    own = next(told, PAGES.get(language, OTHER_PAGE))
    for name in dict.fromkeys(("utf-8", own, OTHER_PAGE, *PAGES.values())):
        if _is_written_in(path, name):
            return name
    raise UnreadableFile(_not_a_table())


def _is_written_in(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _delimiter(path: Path, text: str, encoding: str, quote: str, language: str) -> str:
    """The one that parts the rows most evenly, quoted cells being one cell."""
    if text[: len(SEP)].lower() == SEP and text[len(SEP) : len(SEP) + 1] in DELIMITERS:
        return text[len(SEP)]
    lines = [line for line in islice(StringIO(text, newline=""), SAMPLE_ROWS) if line.strip()]
    usual = ";" if language in COMMA_LANGUAGES else ","
    best = max(DELIMITERS, key=lambda mark: (*_evenness(lines, mark, quote), mark == usual))
    return best if _evenness(lines, best, quote)[0] else usual


def _evenness(lines: Sequence[str], delimiter: str, quote: str) -> tuple[float, int]:
    """(the share of rows that have the usual number of cells, that number); (0, 0) for one."""
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    try:
        widths = Counter(len(row) for row in reader)
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, rows = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    return (round(rows / widths.total(), 1), width) if width > 1 else (0, 0)


def _sample(path: Path, dialect: Dialect) -> tuple[list[Row], str]:
    """The first rows that have something, and the sheet that they are on."""
    if dialect.form == CSV:
        with closing(text_rows(path, dialect)) as rows:
            return _filled(rows), ""
    with sheet_rows(path, dialect) as (facts, rows):
        return _filled(rows), facts["sheet"]


def _filled(rows: Iterable[Row]) -> list[Row]:
    if found := list(islice(full_rows(rows), SAMPLE_ROWS)):
        refuse_too_wide(max(len(cells) for _line, cells in found))
        return found
    raise UnreadableFile(_("There is nothing in this file."))


def _says(cell: Cell) -> bool:
    return cell is not None and not is_blank(cell)


def _titles(rows: Sequence[Row]) -> int:
    """How many rows with a single cell stand above a table that is wider: a title, a date."""
    counts = [sum(map(_says, cells)) for _line, cells in rows]
    narrow = next((n for n, count in enumerate(counts) if count > 1), 0)
    return narrow if narrow <= 10 and max(counts) > 2 else 0


def _is_heading(cells: Sequence[Cell]) -> bool:
    """Most of them words; a single one may be a year."""
    said = [cell for cell in cells if _says(cell)]
    facts = sum(not isinstance(cell, str) or bool(FACT.search(cell)) for cell in said)
    return facts * 4 < len(said)


def _columns(rows: Sequence[Row]) -> list[list[str]]:
    """What is said in each column, where all of it is text."""
    found = []
    for column in zip_longest(*(cells for _line, cells in rows)):
        said = [cell for cell in column if _says(cell)]
        texts = [cell for cell in said if isinstance(cell, str)]
        if texts and len(texts) == len(said):
            found.append(texts)
    return found


def _decimal(columns: Iterable[Sequence[str]]) -> str:
    """The one that alone makes numbers of what stands in columns of numbers."""
    votes = dict.fromkeys(NUMBERS, 0)
    for column in columns:
        numbers = [bare(cell) for cell in column]
        fits = [[mark for mark in NUMBERS if NUMBERS[mark].fullmatch(one)] for one in numbers]
        if all(fits):
            for number, marks in zip(numbers, fits, strict=True):
                votes[marks[0]] += len(marks) == 1 and bool(FRACTION.fullmatch(number))
    return _winner(votes)


def _date_order(columns: Iterable[Sequence[str]]) -> str:
    """As columns of dates tell; year first, where all of them are so."""
    votes = {"dmy": 0, "mdy": 0}
    orders = set()
    for column in columns:
        if all(map(YEAR_FIRST.match, column)):
            orders.add("ymd")
        elif all(found := [DAY.match(cell) for cell in column]):
            orders.add("other")
            for first, second in (map(int, one.groups()) for one in found if one):
                votes["dmy"] += 12 < first <= 31 and second <= 12
                votes["mdy"] += 12 < second <= 31 and first <= 12
    return "ymd" if orders == {"ymd"} else _winner(votes)


def _winner(votes: dict[str, int]) -> str:
    """Nothing is decided by many against few: only what nothing speaks against; else ""."""
    voted = [name for name, count in votes.items() if count]
    return voted[0] if len(voted) == 1 else ""
