"""Workbooks are read as they look: sheets, line numbers, dates, numbers."""

import datetime as dt
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from crm.exchange.reading import Dialect, UnreadableFile, reading, sniff
from tests.exchange.samples import XLS, make_ods, make_xlsx, make_zip

ROWS = [["Nome", "Dal", "Totale"], ["Perché", dt.date(2026, 3, 1), 12.5], ["007", None, 7]]


def table(path: Path, dialect: Dialect) -> tuple[list[str], list[tuple[int, list[Any]]]]:
    with reading(path, dialect) as found:
        return found.headings, list(found)


def test_an_xlsx_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x", ("Clienti", ROWS))
    dialect = sniff(path, "clienti.csv", language="it")
    assert (dialect.form, dialect.sheet, dialect.decimal) == ("xlsx", "Clienti", ",")
    assert table(path, dialect) == (
        ["Nome", "Dal", "Totale"],
        [(2, ["Perché", dt.date(2026, 3, 1), 12.5]), (3, ["007", None, 7.0])],
    )


def test_a_csv_called_xlsx_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes("Nome;Città\nRossi;Forlì\n".encode("cp1252"))
    assert sniff(path, "clienti.xlsx", language="it").form == "csv"


def test_an_ods_is_read(tmp_path: Path) -> None:
    path = make_ods(tmp_path / "x", ["שם", "עיר"], ["שלום בע״מ", "חיפה"])
    dialect = sniff(path, "x.ods", language="he")
    assert dialect.form == "ods"
    assert table(path, dialect) == (["שם", "עיר"], [(2, ["שלום בע״מ", "חיפה"])])


def test_an_old_xls_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(XLS)
    dialect = sniff(path, "x.xls", language="it")
    assert dialect.form == "xls"
    assert table(path, dialect)[1] == [(2, ["Rossi S.r.l.", "Forlì", dt.date(2026, 3, 1), 1234.5])]


def test_the_first_visible_sheet_with_something_is_proposed_and_any_may_be_chosen(
    tmp_path: Path,
) -> None:
    sheets = [("Secret", ROWS), ("Empty", []), ("Clienti", ROWS), ("Other", [["a"], ["b"]])]
    path = make_xlsx(tmp_path / "x.xlsx", *sheets)
    book = load_workbook(path)
    book["Secret"].sheet_state = "hidden"
    book.save(path)
    dialect = sniff(path, "x.xlsx", language="en")
    with reading(path, dialect) as found:
        assert (found.sheets, found.sheet) == (["Empty", "Clienti", "Other"], "Clienti")
    assert table(path, Dialect("xlsx", sheet="Other")) == (["a"], [(2, ["b"])])
    with pytest.raises(UnreadableFile, match="no sheet of this name"):
        table(path, Dialect("xlsx", sheet="Gone"))


def test_line_numbers_are_those_of_the_spreadsheet(tmp_path: Path) -> None:
    rows = [[], [None, "Elenco clienti"], [], [None, *ROWS[0]], [], [None, *ROWS[1]]]
    path = make_xlsx(tmp_path / "x.xlsx", ("S", rows))
    dialect = sniff(path, "x.xlsx", language="it")
    assert dialect.skipped == 1
    headings, found = table(path, dialect)
    assert headings[-3:] == ROWS[0]
    assert [line for line, _cells in found] == [6]


def test_a_formula_is_what_it_came_to_and_never_run(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x.xlsx", ("S", [["a", "b"], ["x", '=HYPERLINK("http://evil")']]))
    assert table(path, Dialect("xlsx")) == (["a", "b"], [(2, ["x", None])])


def test_merged_cells_have_their_value_once(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x.xlsx", ("S", [["a", "b"], ["both", None], ["x", "y"]]))
    book = load_workbook(path)
    book["S"].merge_cells("A2:B2")
    book.save(path)
    assert table(path, Dialect("xlsx"))[1] == [(2, ["both", None]), (3, ["x", "y"])]


def test_days_before_1900_and_texts_with_an_apostrophe_stay_as_they_are(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x.xlsx", ("S", [["a", "b"], ["14/10/1066", "'=x"]]))
    assert table(path, Dialect("xlsx"))[1] == [(2, ["14/10/1066", "'=x"])]


def test_a_postal_code_keeps_the_zeros_that_its_cell_shows(tmp_path: Path) -> None:
    rows = [["Nome", "CAP", "N.", "Altro"], ["Rossi", 185, 185, 12.5], ["Verdi", 50123, 7, None]]
    path = make_xlsx(
        tmp_path / "x.xlsx", ("Altri", ROWS), ("S & T", [[], *([None, *r] for r in rows)])
    )
    book = load_workbook(path)
    sheet = book["S & T"]
    looks = {"00000": ("A3", "B3", "C3", "E3", "E4"), "[$-410]00000;@": ("C4",)}
    looks |= {"0": ("D3",), '"N. "000': ("D4",)}
    for look, places in looks.items():
        for place in places:
            sheet[place].number_format = look
    book.save(path)
    found = table(path, Dialect("xlsx", sheet="S & T"))[1]
    assert found == [(3, ["Rossi", "00185", 185.0, 12.5]), (4, ["Verdi", "50123", 7.0, None])]


def test_a_workbook_whose_formats_cannot_be_made_out_is_read_all_the_same(tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "x.xlsx", ("S", [["CAP", "b"], [185, "x"]]))
    book = load_workbook(path)
    book["S"]["A2"].number_format = "00000"
    book.save(path)
    assert table(path, Dialect("xlsx"))[1] == [(2, ["00185", "x"])]
    make_zip_again(path, {'formatCode="00000"': 'formatCode="00000" numFmtId="00000"'})
    assert table(path, Dialect("xlsx"))[1] == [(2, [185.0, "x"])]


def test_what_no_database_and_no_workbook_holds_does_not_come_out(tmp_path: Path) -> None:
    path = make_zip_again(
        make_xlsx(tmp_path / "x", ("S", [["a", "b"], ["NUL", 5]])),
        {"NUL": "a_x0000_b", "<v>5</v>": "<v>NaN</v>"},
    )
    assert table(path, Dialect("xlsx"))[1] == [(2, ["ab", "nan"])]


def make_zip_again(path: Path, others: dict[str, str]) -> Path:
    """With other texts in its members."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    for old, new in others.items():
        members = {name: content.replace(old, new) for name, content in members.items()}
    return make_zip(path, {**members})
