"""Read one sheet of a workbook inside tight limits. Run as a program of its own:
sheets.py path sheet → a JSON line of facts, then [line, cells] for every row that is not empty.

What a file claims decides how much memory its reader takes: two cells in opposite corners of a
sheet make it ask for 500 GB, and that ends the process. So it is not the worker's process, nothing
of ours is imported, and what goes wrong is one of the words that workbook.py puts in a sentence.
"""

import json
import resource
import struct
import sys
import zlib
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any, NoReturn
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MEMORY = 320 * 1024 * 1024
CPU_SECONDS = 60
MOST_INFLATED = 600 * 1024 * 1024
MOST_MEMBERS = 5000
PIECE = 256 * 1024
LOCAL_HEADER = struct.Struct("<26xHH")


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
        for line, cells in enumerate(sheet.iter_rows(), start=1):
            if any(cell != "" for cell in cells):
                say([line, list(map(bare, cells))])


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
