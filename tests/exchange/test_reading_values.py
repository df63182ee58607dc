"""A cell is read as its file was declared, or it is an error; never as it happens to look (B35)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.exchange.reading import (
    BadValue,
    Dialect,
    read_date,
    read_lines,
    read_number,
    read_text,
    read_yes_no,
)

COMMA, POINT = Dialect("csv", decimal=","), Dialect("csv", decimal=".")
ORDERS = {order: Dialect("csv", date_order=order) for order in ("dmy", "mdy", "ymd")}
MIDNIGHT, MORNING, LATE = (  # a cell knows no zone
    dt.datetime.fromisoformat(f"2026-02-01T{clock}") for clock in ("00:00", "09:05", "23:59")
)
ORDINARY = st.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("19.234,56", "19234.56"), ("19234,56", "19234.56"), ("1.234", "1234"), ("12,5", "12.5"),
        ("-1.234.567,8", "-1234567.8"), ("+5", "5"), ("€ 1.234,50", "1234.50"),
        ("12,50 lei", "12.50"),
        ("1 234,5", "1234.5"), ("1\u00a0234\u202f567", "1234567"), ("−3", "-3"),
        ("1'234,5", "1234.5"),
        (",5", "0.5"), (7, "7"), (0.1, "0.1"), (1234.5, "1234.5"), ("007", "7"),
    ],
)  # fmt: skip
def test_numbers_with_a_comma(cell: Any, number: str) -> None:
    assert read_number(cell, COMMA) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "number"), [("19,234.56", "19234.56"), ("1,234", "1234"), ("12.5", "12.5")]
)
def test_numbers_with_a_point(cell: Any, number: str) -> None:
    assert read_number(cell, POINT) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "dialect"),
    [
        ("19.234,56", POINT), ("19,234.56", COMMA), ("12.5", COMMA), ("12,5", POINT),
        ("1.23.4567", COMMA), ("1,2,3", COMMA), ("12a", COMMA), ("12EUR34", COMMA),
        ("1,23E+11", COMMA),
        ("-", COMMA), (",", COMMA), (True, COMMA), (float("nan"), COMMA),
        (dt.date(2026, 1, 1), POINT),
        ("١٢", POINT), ("€", POINT),
    ],
)  # fmt: skip
def test_what_is_no_number_as_declared_is_an_error(cell: Any, dialect: Dialect) -> None:
    with pytest.raises(BadValue, match="number"):
        read_number(cell, dialect)


@given(st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2))
def test_a_number_written_either_way_is_that_number_and_never_another(number: Decimal) -> None:
    english = f"{number:,.2f}"
    italian = english.translate(str.maketrans(",.", ".,"))
    assert read_number(english, POINT) == read_number(italian, COMMA) == number
    for text, other in ((english, COMMA), (italian, POINT)):
        with pytest.raises(BadValue):
            read_number(text, other)


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("01/02/2026", "dmy", "2026-02-01"), ("01/02/2026", "mdy", "2026-01-02"),
        ("1.2.26", "dmy", "2026-02-01"), ("31-12-69", "dmy", "1969-12-31"),
        ("26/02/01", "ymd", "2026-02-01"),
        ("2026-02-01", "dmy", "2026-02-01"), ("2026/2/1", "mdy", "2026-02-01"),
        ("01/02/2026 00:00:00", "dmy", "2026-02-01"), ("2026-02-01T10:30:00", "dmy", "2026-02-01"),
        ("14/10/1066", "dmy", "1066-10-14"), ("46054", "dmy", "2026-02-01"),
        (46054.0, "mdy", "2026-02-01"),
        (61, "dmy", "1900-03-01"), (1, "dmy", "1900-01-01"),
        (dt.date(1890, 1, 2), "mdy", "1890-01-02"),
        (LATE, "dmy", "2026-02-01"),
    ],
)  # fmt: skip
def test_dates_stand_as_declared(cell: Any, order: str, day: str) -> None:
    assert read_date(cell, ORDERS[order]) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("12/31/2026", "dmy"), ("31/12/2026", "mdy"), ("30/02/2026", "dmy"), ("01/02/2026", "ymd"),
        ("1/2", "dmy"), ("1/2.2026", "dmy"), ("2026-13-01", "dmy"), ("domani", "dmy"),
        (True, "dmy"),
        (0, "dmy"), (-5, "dmy"), (10**9, "dmy"), ("1/2/026", "dmy"), ("0000-01-01", "ymd"),
    ],
)  # fmt: skip
def test_what_is_no_date_as_declared_is_an_error(cell: Any, order: str) -> None:
    with pytest.raises(BadValue, match="date"):
        read_date(cell, ORDERS[order])


@given(ORDINARY)
def test_day_and_month_are_never_swapped(day: dt.date) -> None:
    assert read_date(day.strftime("%d/%m/%Y"), ORDERS["dmy"]) == day
    assert read_date(day.strftime("%m/%d/%Y"), ORDERS["mdy"]) == day
    assert read_date(day.isoformat(), ORDERS["ymd"]) == day
    assert read_date((day - dt.date(1899, 12, 30)).days, ORDERS["dmy"]) == day
    if day.day > 12:
        with pytest.raises(BadValue):
            read_date(day.strftime("%d/%m/%Y"), ORDERS["mdy"])


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0"])
def test_an_empty_cell_is_nothing(cell: Any) -> None:
    assert read_number(cell, COMMA) is None
    assert read_date(cell, ORDERS["dmy"]) is None
    assert read_yes_no(cell) is None
    assert read_lines(cell) == []


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        *((word, True) for word in ("Yes", "SÌ", "si", "Da", "כן", "x", "1", True, 1.0, "✓")),
        *((word, False) for word in ("no", "Nu", "לא", "0", "false", "Falso", False, 0, 0.0)),
    ],
)  # fmt: skip
def test_yes_and_no_are_understood_in_four_languages(cell: Any, answer: bool) -> None:
    assert read_yes_no(cell) is answer


@pytest.mark.parametrize("cell", ["forse", "2", 2, "yes and no", "✗"])
def test_anything_else_is_neither_yes_nor_no(cell: Any) -> None:
    with pytest.raises(BadValue):
        read_yes_no(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("007", "007"), (7.0, "7"), (12.5, "12.5"), (393331234567.0, "393331234567"), (None, ""),
        (dt.date(2026, 2, 1), "2026-02-01"), (MIDNIGHT, "2026-02-01"),
        (MORNING, "2026-02-01 09:05"), (True, "Yes"), ("1E5", "1E5"),
    ],
)  # fmt: skip
def test_text_stays_text(cell: Any, text: str) -> None:
    assert read_text(cell) == text


def test_values_on_lines_of_their_own_are_several() -> None:
    assert read_lines(" FIAT\r\nF.I.A.T.; Torino\n\nFIAT\n") == ["FIAT", "F.I.A.T.; Torino"]
