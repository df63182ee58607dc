"""What cannot be read gets one sentence: no trace, no minute, no gigabyte."""

import resource
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from crm.exchange.reading import Dialect, UnreadableFile, reading, sniff
from tests.exchange.samples import lie_about_sizes, make_ods, make_xlsx, make_zip

MEGABYTE = 1024 * 1024
PARTS = {"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}
Make = Callable[[Path], object]


def bomb(path: Path) -> None:
    """A gigabyte of spaces in a few megabytes."""
    make_zip(path, PARTS)
    add_spaces(path, "xl/sharedStrings.xml", 1024)


def add_spaces(path: Path, name: str, megabytes: int) -> None:
    with (
        ZipFile(path, "a", ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w") as member,
    ):
        for _megabyte in range(megabytes):
            member.write(b" " * MEGABYTE)


def lying_bomb(path: Path) -> None:
    make_zip(path, {**PARTS, "xl/sharedStrings.xml": b" " * (40 * MEGABYTE)})
    lie_about_sizes(path, "xl/sharedStrings.xml", 1000)


def bomb_in_the_first_place(path: Path) -> None:
    """Where the form of the workbook is asked for, before any limit."""
    add_spaces(path, "mimetype", 200)


def torn(path: Path) -> None:
    make_zip(path, {"mimetype": "application/vnd.oasis.opendocument.text" * 50})
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\xff" * 20 + content[60:])


def unspeakable(path: Path) -> None:
    """A name that is no UTF-8, although it says so."""
    make_zip(path, {"é": "x"})
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xfe"))


def corners(path: Path) -> None:
    book = Workbook()
    book.active["A1"] = book.active["XFD1048576"] = 1
    book.save(path)


def repeated(path: Path) -> None:
    cells = "<table:table-cell/>"
    empty = f'<table:table-row table:number-rows-repeated="5000000">{cells}</table:table-row>'
    make_ods(path, ["a", "b"], before=empty)


def text(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


FILES: dict[str, tuple[Make, str]] = {
    "empty": (text(b""), "empty"),
    "blank": (text(b" \r\n\r\n"), "empty"),
    "only delimiters": (text(b";;;\n;;;\n"), "nothing in this file"),
    "only a mark": (text(b"\xef\xbb\xbf"), "nothing in this file"),
    "only a mark of utf-16": (text(b"\xff\xfe"), "nothing in this file"),
    "only a delimiter's name": (text(b"sep="), "nothing in this file"),
    "only headings": (text(b"Name;City\n"), "only headings"),
    "pdf": (text(b"%PDF-1.7\n1 0 obj\n"), "not a table"),
    "picture": (text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "not a table"),
    "web page": (text(b"<html><table><tr><td>a</td></tr></table>"), "not a table"),
    "nul at once": (text(b"a;b\n1;\0\n"), "not a table"),
    "nul far below": (text(b"a;b\n" + b"1;2\n" * 100_000 + b"1;\0\n"), "Line 100002 is not text"),
    "long cell": (text(b"a;b\n1;" + b"x" * MEGABYTE + b"\n"), "line 2 a cell is far too long"),
    "long quoted cell": (text(b'a;b\n1;"' + b"x\n" * MEGABYTE + b'"\n'), "line 2 a cell"),
    "one endless line": (text(b"a;b\n" + b"x" * 30 * MEGABYTE), "line 2|Line 2"),
    "half a quote": (text(b'a;b\n1;2\n"3;4\n5;6\n'), "line 3 a quotation mark is opened"),
    "half a quote, no end": (text(b'a;b\n1;2\n"3;4'), "line 3 a quotation mark is opened"),
    "many columns": (text(b"c;" * 10_000 + b"c\n1;2"), "10001 columns"),
    "empty rows": (text(b"a;b\n1;2\n" + b"\n" * 5_000_000), "From line 3 on"),
    "cut utf-16": (text(b"\xff\xfea\0b"), "not a table"),
    "zip of a csv": (lambda path: make_zip(path, {"a.csv": "a;b\n1;2\n"}), "archive"),
    "zip of zips": (lambda path: make_zip(path, {"z/a.zip": b"PK", "z/b.zip": b"PK"}), "archive"),
    "half a zip": (text(b"PK\3\4" + b"x" * 500), "cannot be read"),
    "hollow xlsx": (lambda path: make_zip(path, dict(PARTS)), "cannot be read"),
    "document": (
        lambda path: make_zip(path, {"mimetype": "application/vnd.oasis.opendocument.text"}),
        "Save this file as",
    ),
    "protected": (
        text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        "protected by a password",
    ),
    "old document": (text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "not a table"),
    "wide workbook": (
        lambda path: make_xlsx(path, ("S", [[f"c{n}" for n in range(10_000)], ["x"]])),
        "10000 columns",
    ),
    "empty workbook": (lambda path: make_xlsx(path, ("S", [])), "nothing in this file"),
    "bomb": (bomb, "too large"),
    "lying bomb": (lying_bomb, "too large"),
    "bomb in the first place": (bomb_in_the_first_place, "Save this file as"),
    "torn": (torn, "cannot be read"),
    "unspeakable": (unspeakable, "cannot be read"),
    "two corners": (corners, "too large"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_a_sentence_and_nothing_else(tmp_path: Path, name: str) -> None:
    path, (make, sentence) = tmp_path / "x", FILES[name]
    make(path)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, monotonic()
    with pytest.raises(UnreadableFile, match=sentence):
        read_whole(path)
    assert monotonic() - begun < 20, "a second or two, on a machine that has nothing else to do"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def read_whole(path: Path) -> list[object]:
    with reading(path, sniff(path, "x.csv", language="en")) as table:
        return list(table)


def test_five_million_empty_rows_of_a_workbook_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x"
    repeated(path)
    with pytest.raises(UnreadableFile):
        read_whole(path)


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_form_that_was_chosen_wrongly_is_told(tmp_path: Path, form: str) -> None:
    path = tmp_path / "x"
    path.write_text("a;b\n1;2\n")
    with (
        pytest.raises(UnreadableFile, match="cannot be read"),
        reading(path, Dialect.from_dict({"form": form})) as table,
    ):
        list(table)


def test_whoever_stops_in_the_middle_leaves_no_reader_behind(tmp_path: Path) -> None:
    rows = [[f"name {n}", n] for n in range(20_000)]
    path = make_xlsx(tmp_path / "x", ("S", rows))
    begun = monotonic()
    with reading(path, Dialect("xlsx")) as table:
        next(iter(table))
    assert monotonic() - begun < 20
