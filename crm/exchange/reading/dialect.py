"""How a file is to be read: declared once for all of it, shown, and changed by who knows better."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _

Cell = str | int | float | date | datetime | bool | None
Form = Literal["csv", "xlsx", "ods", "xls"]
CSV = "csv"
ENCODINGS = {
    "utf-8": _("Unicode (UTF-8)"),
    "utf-16": _("Unicode (UTF-16)"),
    "cp1252": _("Western Europe (Windows-1252)"),
    "cp1250": _("Central Europe (Windows-1250)"),
    "cp1255": _("Hebrew (Windows-1255)"),
}
DELIMITERS = {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": _("vertical bar")}
QUOTES = {'"': _("double quotes"), "'": _("single quotes"), "": _("none")}
DECIMALS = {",": _("comma (1.234,50)"), ".": _("point (1,234.50)")}
DATE_ORDERS = {
    "dmy": _("day, month, year"),
    "mdy": _("month, day, year"),
    "ymd": _("year, month, day"),
}


class UnreadableFile(Exception):
    """Nothing can be read of it; says why in a sentence for the person who brought it."""


@dataclass(frozen=True)
class Dialect:
    """`encoding`, `delimiter` and `quote` are of text, `sheet` of workbooks, and "" elsewhere.
    `skipped` rows that are not empty come before the headings: a title, a date."""

    form: Form
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    sheet: str = ""
    decimal: str = "."
    date_order: str = "dmy"
    has_heading: bool = True
    skipped: int = 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """What is not known is left out, so that what was kept long ago can still be read."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})
