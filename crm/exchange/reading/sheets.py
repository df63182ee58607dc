"""Read one sheet of a workbook inside tight limits. Run as a program of its own:
sheets.py path sheet → a JSON line of facts, then [line, cells] for every row that is not empty.

What a file claims decides how much memory its reader takes: two cells in opposite corners of a
sheet make it ask for 500 GB, and that ends the process. So it is not the worker's process, nothing
of ours is imported, and what goes wrong is one of the words that workbook.py puts in a sentence.
"""

import json
import re
import resource
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any, NoReturn
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MEMORY = 320 * 1024 * 1024
CPU_SECONDS = 60
MOST_INFLATED = 600 * 1024 * 1024
MOST_MEMBERS = 5000
PIECE = 256 * 1024
LOCAL_HEADER = struct.Struct("<26xHH")
ZEROS = re.compile(r"(?:\[\$-[0-9A-Fa-f]+\])?(0{2,40})(?:;@)?")  # a number format
CELL = (  # of one of these styles, and where it is
    rb"<(?:\w+:)?c\s(?=[^<>]*\bs=[\"'](%s)[\"'])[^<>]*\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']"
)
Shown = tuple[int, int, int]  # line, column, digits


class Refused(Exception):
    """With one of the words locked, large, broken, missing, empty."""


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def check_sizes(path: str) -> None:
    """What the directory of the archive claims, and then whether that is true."""
    with ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_INFLATED:
            raise Refused("large")
        for member in members:
            check_member(archive, member)


def check_member(archive: ZipFile, member: ZipInfo) -> None:
    """Raises Refused when more comes out of it than its entry says."""
    if member.flag_bits & 1:
        raise Refused("locked")
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Refused("broken")
    file: Any = archive.fp
    file.seek(member.header_offset)
    name, extra = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    file.seek(name + extra, 1)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting, left = member.compress_size, member.file_size
    while member.compress_type == ZIP_DEFLATED and waiting and not inflate.eof:
        piece = file.read(min(PIECE, waiting))
        if not piece:
            raise Refused("broken")
        waiting -= len(piece)
        while piece and left >= 0:
            left -= len(inflate.decompress(piece, PIECE))
            piece = inflate.unconsumed_tail
        if left < 0:
            raise Refused("large")


def read(path: str, wanted: str) -> None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with open(path, "rb") as file:
        if file.read(2) == b"PK":
            check_sizes(path)
        file.seek(0)
        book = CalamineWorkbook.from_filelike(file)
        sheets = [
            one
            for one in book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and "\0" not in one.name
        ]
        names = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
        names = names or [one.name for one in sheets]
        if wanted and wanted not in [one.name for one in sheets]:
            raise Refused("missing")
        for name in [wanted] if wanted else names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                break
        else:
            raise Refused("empty")
        say({"sheets": names, "sheet": name, "width": sheet.total_width})
        left = sheet.start[1] if sheet.start else 0
        for line, cells in filled_up(sheet.iter_rows(), zeros_shown(path, name), left):
            if any(cell != "" for cell in cells):
                say([line, list(map(bare, cells))])


def filled_up(
    rows: Iterable[list[Any]], zeros: Iterator[Shown], left: int
) -> Iterator[tuple[int, list[Any]]]:
    """Rows by their lines. A postal code that is a number is as long as its cell shows it."""
    due = next(zeros, None)
    for line, cells in enumerate(rows, start=1):
        while due and due[0] <= line:
            place = due[1] - left
            if due[0] == line and 0 <= place < len(cells):
                cells[place] = with_zeros(cells[place], due[2])
            due = next(zeros, None)
        yield line, cells


def with_zeros(cell: Any, digits: int) -> Any:
    is_whole = isinstance(cell, float) and cell >= 0 and cell.is_integer()
    return f"{int(cell):0{digits}}" if is_whole else cell


def zeros_shown(path: str, sheet: str) -> Iterator[Shown]:
    """The cells of an XLSX, in their order, whose format is only zeros. The reader of workbooks
    does not tell formats; where they cannot be made out, nothing is filled up."""
    with suppress(KeyError, ValueError, BadZipFile, ExpatError, zlib.error), ZipFile(path) as book:
        if styles := zero_styles(book):
            yield from styled_cells(book, member_of(book, sheet), styles)


def zero_styles(book: ZipFile) -> dict[str, int]:
    """{number of a style: digits} of the styles that cells can have."""
    formats: dict[str, int] = {}
    styles: dict[str, int] = {}
    number = -1  # only those in cellXfs are numbered
    for name, facts in elements(book, "xl/styles.xml"):
        match name:
            case "numFmt" if told := ZEROS.fullmatch(facts["formatCode"]):
                formats[facts["numFmtId"]] = len(told[1])
            case "cellXfs":
                number = 0
            case "xf" if number >= 0:
                if facts.get("numFmtId") in formats:
                    styles[str(number)] = formats[facts["numFmtId"]]
                number += 1
    return styles


def member_of(book: ZipFile, sheet: str) -> str:
    """Where in the archive the sheet of this name is."""
    found = [facts for _name, facts in elements(book, "xl/workbook.xml")]
    own = next(facts for facts in found if facts.get("name") == sheet and "sheetId" in facts)
    key = next(value for name, value in own.items() if name.endswith(":id"))
    ties = [facts for _name, facts in elements(book, "xl/_rels/workbook.xml.rels")]
    target = next(facts["Target"] for facts in ties if facts.get("Id") == key)
    return target[1:] if target.startswith("/") else f"xl/{target}"


def styled_cells(book: ZipFile, member: str, styles: dict[str, int]) -> Iterator[Shown]:
    """By their text, because a parser takes longer than all the rest."""
    cell = re.compile(CELL % b"|".join(map(str.encode, styles)))
    text = b""
    with book.open(member) as file:
        while piece := file.read(PIECE):
            text += piece
            whole = max(0, text.rfind(b"<"))
            for found in cell.finditer(text, 0, whole):
                style, letters, line = (part.decode() for part in found.groups())
                yield int(line), column_of(letters), styles[style]
            text = text[whole:] if len(text) - whole < PIECE else b""


def column_of(letters: str) -> int:
    """ "A" → 0"""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def elements(book: ZipFile, member: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The beginnings of elements, without prefixes, a piece of the text at a time."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = ParserCreate()
    parser.StartElementHandler = lambda name, facts: found.append((name.split(":")[-1], facts))
    with book.open(member) as file:
        while piece := file.read(PIECE):
            parser.Parse(piece)
            yield from found
            found.clear()


def bare(cell: Any) -> Any:
    """None for nothing; without what JSON and the database refuse: NUL, a number that is none."""
    match cell:
        case str():
            return cell.replace("\0", "") or None
        case float() if not isfinite(cell):
            return str(cell)
    return cell


def say(what: Any) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, default=in_json) + "\n")


def in_json(value: Any) -> Any:
    match value:
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time() | timedelta():
            return str(value)
    raise TypeError(type(value))


def main() -> None:
    limit()
    path, wanted = sys.argv[1:]
    try:
        read(path, wanted)
    except Refused as refused:
        end(str(refused))
    except MemoryError:
        end("large")
    except BadZipFile:
        end("broken")
    except BaseException as error:  # noqa: BLE001 - the reader's own, panics included, are many
        end("locked" if type(error).__name__ == "PasswordError" else "broken")


def end(word: str) -> NoReturn:
    say({"refused": word})
    sys.exit(1)


if __name__ == "__main__":
    main()
