"""Rows of a sheet, read by a process of its own (see sheets.py)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.exchange.reading.dialect import Dialect, UnreadableFile
from crm.exchange.reading.text import Row

Reader = subprocess.Popen[str]
READER = Path(__file__).with_name("sheets.py")
SENTENCES = {
    "locked": _("This workbook is protected by a password. Save it without one."),
    "large": _("This workbook is too large. Save its sheet as CSV: that may be of any length."),
    "broken": _("This workbook cannot be read. Open it and save it anew as XLSX or CSV."),
    "missing": _("There is no sheet of this name in the workbook."),
    "empty": _("There is nothing in this file."),
}


@contextmanager
def sheet_rows(path: Path, dialect: Dialect) -> Iterator[tuple[dict[str, Any], Iterator[Row]]]:
    """Facts ({sheets, sheet, width}) and the rows that are not empty, by their number."""
    command = [sys.executable, "-I", "-X", "utf8", str(READER), str(path), dialect.sheet]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        try:
            yield _said(process), _rows(process)
        finally:
            process.kill()


def _rows(process: Reader) -> Iterator[Row]:
    while (row := _said(process)) is not None:
        yield row[0], row[1]


def _said(process: Reader) -> Any:
    """None after the last row. A reader that ended without a word has met its limits."""
    assert process.stdout is not None
    text = process.stdout.readline()
    answer = json.loads(text, object_hook=_from_json) if text.endswith("\n") else None
    if answer is None and process.wait():
        raise UnreadableFile(str(SENTENCES["large"]))
    if isinstance(answer, dict) and "refused" in answer:
        raise UnreadableFile(str(SENTENCES[answer["refused"]]))
    return answer


def _from_json(value: dict[str, Any]) -> Any:
    if "day" in value:
        return date.fromisoformat(value["day"])
    return datetime.fromisoformat(value["moment"]) if "moment" in value else value
