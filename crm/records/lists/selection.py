"""The rows of a list, found again away from its page: for bulk actions and exports.

What comes in was sent by a browser or has lain in a job for a while, so the rows start at
visible_to() anew, and what the filters do not understand finds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from crm.accounts.models import User
from crm.records.lists.definition import RecordList
from crm.records.lists.state import PLACE, ListState
from crm.records.models import RecordQuerySet
from crm.ui.keys import key_in

LONGEST_QUERY = 8000
MOST_SELECTED = 1000  # a page has 100 rows; more than this was not ticked by hand


@dataclass(frozen=True)
class Asker:
    """All that filters ask of a request."""

    user: User


@dataclass(frozen=True)
class Selection:
    """Rows ticked on a page, or (`is_all`) everything that a list's query finds."""

    query: str = ""
    ids: tuple[int, ...] = ()
    is_all: bool = False
    columns: tuple[str, ...] = ()

    @classmethod
    def sent(cls, data: QueryDict) -> "Selection":
        """Read from a list's form; whatever cannot be meant is left out."""
        ids = set(map(key_in, data.getlist("selected")))
        return cls(
            query=clean_query(data.get("query", "")),
            ids=tuple(sorted(pk for pk in ids if pk is not None)[:MOST_SELECTED]),
            is_all=data.get("all") == "1",
            columns=clean_columns(data.get("columns", "").split(",")),
        )

    @classmethod
    def kept(cls, params: dict[str, Any]) -> "Selection":
        """From the parameters of a job."""
        return cls(
            query=params["query"],
            ids=tuple(params["selected"]),
            is_all=params["all"],
            columns=tuple(params["columns"]),
        )

    @property
    def params(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "selected": list(self.ids),
            "all": self.is_all,
            "columns": list(self.columns),
        }

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The same as hidden fields of a form."""
        ids = [] if self.is_all else [("selected", str(pk)) for pk in self.ids]
        return [
            ("query", self.query),
            ("columns", ",".join(self.columns)),
            *([("all", "1")] if self.is_all else []),
            *ids,
        ]

    def state(self, record_list: type[RecordList]) -> ListState:
        return ListState.of(record_list, self.query, self.columns)

    def rows(
        self, record_list: type[RecordList], user: User, where: Q | None = None
    ) -> RecordQuerySet:
        """What `user` sees of it now, in the order of the list; `where` takes the place of its
        tab."""
        state = self.state(record_list)
        rows = record_list.rows_for(user, state.columns)
        rows = self._filtered(state, rows, user) if self.is_all else rows.filter(pk__in=self.ids)
        if where is None and self.is_all and state.tab:
            where = state.tab.where
        rows = rows.filter(where) if where else rows
        mark = "-" if state.sort.descending else ""
        return rows.order_by(f"{mark}{state.sort.field}", f"{mark}pk")

    @staticmethod
    def _filtered(state: ListState, rows: RecordQuerySet, user: User) -> RecordQuerySet:
        filters = state.record_list.filterset(state.params, queryset=rows, request=Asker(user))
        if not filters.is_valid():
            return rows.none()
        found: RecordQuerySet = filters.qs
        return found


def clean_query(text: str) -> str:
    """A list's query string without its place in the list; nothing of one that is too long."""
    if len(text) > LONGEST_QUERY:
        return ""
    params = QueryDict(text.replace("\0", ""), mutable=True)
    for name in PLACE:
        params.pop(name, None)
    return params.urlencode()


def clean_columns(keys: Sequence[str]) -> tuple[str, ...]:
    named = [key for key in keys if key and len(key) <= 60 and "\0" not in key]
    return tuple(dict.fromkeys(named))[:100]
