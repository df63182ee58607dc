"""What a cell says, read as the file was declared and never as it looks (B35)."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite

from django.utils.translation import gettext as _

from crm.exchange.reading.dialect import Cell, Dialect
from crm.records.models.tag import tag_key

ZERO_DAY = date(1899, 12, 30)  # day 0 of spreadsheets
LAST_SERIAL = 2_958_465  # 31 December 9999
SERIAL = re.compile(r"\d{5}")
MONEY = r"(?:[€$£₪]|EUR|RON|ILS|USD|GBP|CHF|NIS|lei|leu|ש\"ח|ש״ח)"
CURRENCY = re.compile(rf"^{MONEY}\s*|\s*{MONEY}$", re.IGNORECASE)
SPACES = re.compile(r"[\s\u200e\u200f]+")
# A point or a comma inside a number is what the file says it is; spaces and ' only group.
NUMBERS = {
    ",": re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[.'’][0-9]{3})+)?(?:,[0-9]+)?"),
    ".": re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[,'’][0-9]{3})+)?(?:\.[0-9]+)?"),
}
GROUPS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
WRITTEN = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
CLOCK = re.compile(r"[T ]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?Z?$")
PIVOT = 69  # two digits: 69 is 1969, 68 is 2068
YES = frozenset(
    {"1", "yes", "y", "true", "x", "✓", "✔", "si", "s", "vero", "da", "d", "adevarat"}
    | {"כן", "כ", "אמת"}
)
NO = frozenset({"0", "no", "n", "false", "falso", "nu", "fals", "לא", "ל", "שקר"})


class BadValue(Exception):
    """Cannot be read as what it should be; says so in a sentence."""


def read_text(cell: Cell) -> str:
    """As a person reads it: a number that a spreadsheet made of "0212345" has lost its zero, but
    gets no ".0". Dates are ISO."""
    match cell:
        case None:
            return ""
        case bool():
            return _("Yes") if cell else _("No")
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return (
                cell.isoformat(" ", "minutes")
                if cell.time() != cell.min.time()
                else str(cell.date())
            )
    return str(cell)


def read_lines(cell: Cell) -> list[str]:
    """Values on lines of their own; none twice."""
    lines = (line.strip() for line in read_text(cell).splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def read_number(cell: Cell, dialect: Dialect) -> Decimal | None:
    """None for an empty cell. "19.234,56" is a number where the comma is declared, and an error
    where it is the point."""
    if isinstance(cell, bool | date):
        raise BadValue(_("“%(value)s” is not a number.") % {"value": read_text(cell)})
    if isinstance(cell, int | float) and isfinite(cell):
        return Decimal(repr(cell))
    text = read_text(cell).strip()
    if not text:
        return None
    number = bare(text)
    if not NUMBERS[dialect.decimal].fullmatch(number) or not re.search("[0-9]", number):
        raise BadValue(_number_told(dialect) % {"value": text[:80]})
    grouping = "." if dialect.decimal == "," else ","
    return Decimal(re.sub(rf"[{grouping}'’]", "", number).replace(dialect.decimal, "."))


def bare(text: str) -> str:
    """A number without its currency and without spaces between its groups."""
    number = CURRENCY.sub("", text.strip(), count=1).replace("−", "-")
    return GROUPS.sub("", SPACES.sub(" ", number).strip())


def _number_told(dialect: Dialect) -> str:
    if dialect.decimal == ",":
        return _("“%(value)s” is not a number with a decimal comma, as in 1.234,50.")
    return _("“%(value)s” is not a number with a decimal point, as in 1,234.50.")


def read_date(cell: Cell, dialect: Dialect) -> date | None:
    """None for an empty cell. Year first is always understood; otherwise day and month stand as
    the file declares, and are never swapped. A bare number is a spreadsheet's count of days."""
    match cell:
        case datetime():
            return cell.date()
        case date():
            return cell
        case int() | float() if not isinstance(cell, bool):
            return _from_serial(cell)
    text = SPACES.sub(" ", read_text(cell)).strip()
    if SERIAL.fullmatch(text):
        return _from_serial(int(text))
    return _from_text(text, dialect) if text else None


def _from_text(text: str, dialect: Dialect) -> date:
    bare = CLOCK.sub("", text).rstrip(".")
    try:
        if iso := ISO.fullmatch(bare):
            return date(*map(int, iso.groups()))
        if written := WRITTEN.fullmatch(bare):
            return _in_order(written, dialect.date_order)
    except ValueError:
        pass  # a 13th month, a 30 February
    raise BadValue(_date_told(dialect) % {"value": text[:80]})


def _in_order(written: re.Match[str], order: str) -> date:
    first, _mark, second, year = written.groups()
    if order == "ymd":
        if len(year) == 4:
            raise ValueError
        return date(_whole_year(first), int(second), int(year))
    day, month = (first, second) if order == "dmy" else (second, first)
    return date(_whole_year(year), int(month), int(day))


def _whole_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= PIVOT else 2000)


def _from_serial(number: float) -> date:
    if not 1 <= number < LAST_SERIAL + 1:
        raise BadValue(_("“%(value)s” is not a date.") % {"value": number})
    before_the_leap_day_that_never_was = number < 60
    return ZERO_DAY + timedelta(days=int(number) + before_the_leap_day_that_never_was)


def _date_told(dialect: Dialect) -> str:
    return {
        "dmy": _("“%(value)s” is not a date with the day first, as in 31/12/2026."),
        "mdy": _("“%(value)s” is not a date with the month first, as in 12/31/2026."),
        "ymd": _("“%(value)s” is not a date with the year first, as in 2026-12-31."),
    }[dialect.date_order]


def read_yes_no(cell: Cell) -> bool | None:
    """In any of the four languages; None for an empty cell."""
    if isinstance(cell, bool):
        return cell
    text = read_text(cell).strip()
    if not text:
        return None
    word = tag_key(text)
    if word in YES or word in NO:
        return word in YES
    raise BadValue(_("“%(value)s” is neither yes nor no.") % {"value": text[:80]})
