"""CSV as offices have it is seen for what it is, and read to the last cell."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.exchange.guard import guard
from crm.exchange.reading import Dialect, UnreadableFile, reading, sniff
from crm.exchange.reading.sniffing import _decimal

ITALIAN = "Ragione sociale;Città;Fatturato;Dal\r\nPerché S.p.A.;Forlì;1.234,50;31/12/2025\r\n"
ROMANIAN = "Denumire;Oraș\nŞtefan & Fii SRL;Timişoara\nŢara SRL;Iaşi\n".replace("ș", "ş")
HEBREW = "שם חברה,עיר\nשלום בע״מ,תל אביב\n"


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def seen(
    path: Path, content: str | bytes, encoding: str = "utf-8", language: str = "en"
) -> Dialect:
    return sniff(write(path, content, encoding), "list.csv", language=language)


def table(path: Path, dialect: Dialect) -> tuple[list[str], list[tuple[int, list[Any]]]]:
    with reading(path, dialect) as found:
        return found.headings, list(found)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list"


@pytest.mark.parametrize(
    ("content", "encoding", "language", "expected"),
    [
        (ITALIAN, "cp1252", "it", ("cp1252", ";")),
        (ITALIAN, "utf-8-sig", "he", ("utf-8", ";")),
        (ROMANIAN, "cp1250", "ro", ("cp1250", ";")),
        (HEBREW, "cp1255", "he", ("cp1255", ",")),
        # Whatever the language of the person: the words tell.
        (ROMANIAN, "cp1250", "en", ("cp1250", ";")),
        (HEBREW, "cp1255", "it", ("cp1255", ",")),
        (ITALIAN, "cp1252", "en", ("cp1252", ";")),
        (HEBREW, "utf-8", "it", ("utf-8", ",")),
        (HEBREW.replace(",", "\t"), "utf-16", "he", ("utf-16", "\t")),
        (ITALIAN.replace(";", "|"), "utf-8", "en", ("utf-8", "|")),
    ],
)
def test_files_of_four_countries_are_seen_and_read(
    path: Path, content: str, encoding: str, language: str, expected: tuple[str, str]
) -> None:
    dialect = seen(path, content, encoding, language)
    assert (dialect.encoding, dialect.delimiter) == expected
    headings, rows = table(path, dialect)
    lines = content.splitlines()
    assert headings == lines[0].split(dialect.delimiter)
    assert [cells for _line, cells in rows] == [line.split(dialect.delimiter) for line in lines[1:]]


def test_numbers_and_dates_are_declared_by_what_the_file_holds(path: Path) -> None:
    italian = seen(path, ITALIAN, language="en")
    assert (italian.decimal, italian.date_order) == (",", "dmy")
    american = seen(path, 'Name,Since,Total\nAcme,12/31/2025,"1,234.50"\n', language="it")
    assert (american.decimal, american.date_order) == (".", "mdy")
    assert seen(path, "Name,Since\nAcme,2025-12-31\n").date_order == "ymd"


@pytest.mark.parametrize("case", ["it,", "ro,", "he.", "en."])
def test_where_the_file_does_not_tell_the_language_does(path: Path, case: str) -> None:
    content = "a;b;c\n1.234;01/02/2025;x\n12;03/04/2025;7,5 or 7.5\n"
    dialect = seen(path, content, language=case[:2])
    assert (dialect.decimal, dialect.date_order) == (case[2], "dmy")


def test_a_delimiter_inside_quotes_parts_nothing(path: Path) -> None:
    dialect = seen(path, 'Name,Seat\n"a;b;c","x;y;z"\n"d;e;f","g;h;i"\n')
    assert dialect.delimiter == ","
    assert table(path, dialect)[1][0] == (2, ["a;b;c", "x;y;z"])


def test_excel_may_name_the_delimiter_in_a_line_of_its_own(path: Path) -> None:
    dialect = seen(path, "sep=|\nName|City, State|Note\nAcme|a, b|c, d\n")
    assert dialect.delimiter == "|"
    assert table(path, dialect) == (
        ["Name", "City, State", "Note"],
        [(3, ["Acme", "a, b", "c, d"])],
    )


def test_line_numbers_are_those_of_an_editor(path: Path) -> None:
    content = 'Name,Note\r\nA,"one\r\ntwo\nthree"\r\n\r\n,\r\nB,x\r\n'
    assert table(path, seen(path, content))[1] == [
        (2, ["A", "one\r\ntwo\nthree"]),
        (7, ["B", "x"]),
    ]


def test_short_rows_are_filled_and_long_ones_told(path: Path) -> None:
    dialect = seen(path, "a;b;c\n1;2;3\n1;2\n1;2;3;;\n1;2;3;4\nx;y;z\n", language="it")
    with reading(path, dialect) as found:
        told = [(line, len(cells), bool(found.problem)) for line, cells in found]
    assert told == [(2, 3, False), (3, 3, False), (4, 3, False), (5, 3, True), (6, 3, False)]


def test_a_careless_table_is_still_a_table(path: Path) -> None:
    content = (
        "\n Elenco clienti aggiornato ;;;\n;;;\n  Nome ;Città; Città;\n\n"
        'Rossi "il vecchio" snc;Forlì;  ;\n "Bianchi;Bari;x;"libero"\n\n;;;\n'
    )
    dialect = seen(path, content, "cp1252", "it")
    assert (dialect.skipped, dialect.delimiter) == (1, ";")
    headings, rows = table(path, dialect)
    assert headings == ["Nome", "Città", "Città"]
    assert rows[0] == (6, ['Rossi "il vecchio" snc', "Forlì", None])
    assert rows[1][1] == [' "Bianchi', "Bari", "x"]


def test_columns_without_a_heading_are_called_by_their_letters(path: Path) -> None:
    headings, _rows = table(path, seen(path, "Name,,City\nA,b,c,d\nA,b,c,d\nE,f,g,h\n"))
    assert headings == ["Name", "Column B", "City", "Column D"]


def test_a_table_that_begins_at_once_has_no_headings(path: Path) -> None:
    dialect = seen(path, "Acme,info@acme.example,055123456\nBeta,b@b.example,1\n")
    assert not dialect.has_heading
    headings, rows = table(path, dialect)
    assert (headings, len(rows)) == (["Column A", "Column B", "Column C"], 2)


def test_single_quotes_are_seen(path: Path) -> None:
    dialect = seen(path, "'Name','City'\n'Acme, Inc.','Rome'\n")
    assert table(path, dialect)[1] == [(2, ["Acme, Inc.", "Rome"])]


def test_the_guard_of_an_export_is_taken_off_once(path: Path) -> None:
    texts = ["=1+1", "'=1+1", "''@x", "-5", "+39 055 123", "'", "'quoted'", "\t=x", "＝x", "-a"]
    write(path, "Name\n" + "".join(f'"{guard(text)}"\n' for text in texts))
    assert [row[0] for _line, row in table(path, Dialect("csv", "utf-8", ",", '"'))[1]] == texts


def test_what_is_declared_is_kept_and_found_again() -> None:
    dialect = Dialect("csv", "cp1255", "\t", "'", decimal=",", date_order="ymd", skipped=2)
    assert Dialect.from_dict(dialect.to_dict() | {"of tomorrow": 1}) == dialect


def test_an_encoding_that_was_chosen_wrongly_is_told(path: Path) -> None:
    write(path, "Nome\n" + "x\n" * 50_000 + "Forlì\n", "cp1252")
    with pytest.raises(UnreadableFile, match="another encoding"):
        table(path, Dialect("csv", "utf-8", ";", '"'))


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_whatever_was_written_is_read(
    path: Path, rows: list[list[str]], delimiter: str, encoding: str, quoting: int
) -> None:
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=delimiter, quoting=quoting)
    out.writerow(["one", "two", "three"])
    out.writerows([[guard(cell) for cell in row] for row in rows])
    write(path, text.getvalue(), encoding)
    _headings, found = table(path, Dialect("csv", encoding, delimiter, '"'))
    full = [row for row in rows if any(cell.strip() for cell in row)]
    assert [[cell or "" for cell in cells] for _line, cells in found] == _trimmed(full)


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Blank cells at the end of a row are no cells."""
    kept = []
    for row in rows:
        width = max(n for n, cell in enumerate(row, 1) if cell.strip())
        kept.append(row[:width] + [""] * (3 - width))
    return kept


@given(st.lists(st.sampled_from(["1.234,50", "1,234.50", "12.500", "7"]), max_size=6))
def test_a_decimal_mark_is_seen_only_where_nothing_speaks_against_it(cells: list[str]) -> None:
    comma, point = "1.234,50" in cells, "1,234.50" in cells
    assert _decimal([cells]) == ("" if comma == point else "," if comma else ".")


@pytest.mark.parametrize("cells", [["055.123456"], ["0551.12", "x"], ["see 1.5"], ["1.2.3"]])
def test_neither_phones_nor_words_tell_the_decimal_mark(cells: list[str]) -> None:
    assert _decimal([cells]) == ""
