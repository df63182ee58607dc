"""What the writers of files make of odd values."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from crm.exchange.writers import csv_text, sheet_name, writing
from tests.exchange.sheets import sheet


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (-5, "-5"), (1234567.5, "1234567.5"), (dt.date(1066, 10, 14), "1066-10-14"),
        (dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), "2026-01-05 13:00"), ("=x", "'=x"),
        ("a\0b", "ab"), ("\r\n", "'\r\n"),
    ],
)  # fmt: skip
def test_csv_writes_what_can_be_read_everywhere(value: Any, text: str) -> None:
    assert csv_text(value) == text


def test_xlsx_swallows_whatever_there_is(tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    odd = [
        "x" * 40_000, 10**20, float("nan"), float("inf"), dt.date(1066, 1, 1), "\x00\x1f", True,
        "http://a", "=1", "{=1}", "mailto:x", -5, "ש" * 10,
    ]  # fmt: skip
    with writing("xlsx", path, ["A"] * len(odd), "[odd]: */?") as writer:
        writer.write(odd)
    rows, xml = sheet(path.read_bytes())
    assert [kind for kind, _text in rows[1]].count("n") == 1
    assert "<f>" not in xml
    assert len(rows[1][0][1]) == 32_767


@pytest.mark.parametrize("title", ["", "'", "a/b", "x" * 50, "[]:*?/\\"])
def test_a_sheet_always_has_a_name(title: str) -> None:
    assert 0 < len(sheet_name(title)) <= 31
