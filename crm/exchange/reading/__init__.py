"""Tables from files that people made: text with delimiters, XLSX, XLS, ODS."""

from crm.exchange.reading.dialect import (
    DATE_ORDERS,
    DECIMALS,
    DELIMITERS,
    ENCODINGS,
    QUOTES,
    Cell,
    Dialect,
    UnreadableFile,
)
from crm.exchange.reading.sniffing import sniff
from crm.exchange.reading.table import Table, reading
from crm.exchange.reading.values import (
    BadValue,
    read_date,
    read_lines,
    read_number,
    read_text,
    read_yes_no,
)

__all__ = [
    "DATE_ORDERS",
    "DECIMALS",
    "DELIMITERS",
    "ENCODINGS",
    "QUOTES",
    "BadValue",
    "Cell",
    "Dialect",
    "Table",
    "UnreadableFile",
    "read_date",
    "read_lines",
    "read_number",
    "read_text",
    "read_yes_no",
    "reading",
    "sniff",
]
