"""The one list page of every kind of record."""

from crm.records.lists.columns import (
    Column,
    code_column,
    date_column,
    person_column,
    tags_column,
    text_column,
)
from crm.records.lists.definition import (
    FoundGroup,
    Hint,
    Preset,
    RecordList,
    Tab,
    Way,
    list_of,
    record_lists,
)
from crm.records.lists.filters import AnyOfFilter, RecordFilter
from crm.records.lists.page import list_page

__all__ = [
    "AnyOfFilter",
    "Column",
    "FoundGroup",
    "Hint",
    "Preset",
    "RecordFilter",
    "RecordList",
    "Tab",
    "Way",
    "code_column",
    "date_column",
    "list_of",
    "list_page",
    "person_column",
    "record_lists",
    "tags_column",
    "text_column",
]
