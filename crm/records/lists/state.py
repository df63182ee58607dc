"""What a list shows just now, read from the address and the person's saved views."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from crm.accounts.http import UserRequest
from crm.records.lists.columns import Column
from crm.records.lists.definition import RecordList, Tab
from crm.records.models import SavedView
from crm.ui.paging import Sort

PLACE = ("after", "partial", "panel", "view")  # not part of what a saved view keeps
SIZES = (25, 50, 100)


@dataclass
class ListState:
    record_list: type[RecordList]
    params: QueryDict
    views: list[SavedView]
    view: SavedView | None
    columns: list[Column] = field(default_factory=list)

    @classmethod
    def read(cls, request: UserRequest, record_list: type[RecordList]) -> "ListState":
        """The address rules; where it says nothing, the default view does."""
        kind = record_list.model.kind
        views = list(SavedView.objects.for_user(request.user, kind).select_related("owner"))
        named = [view for view in views if view.name]
        view = _view_asked_for(request, named)
        params = request.GET.copy()
        if view and not any(key not in PLACE for key in params):
            params = QueryDict(view.query, mutable=True)
            if "after" in request.GET:
                params["after"] = request.GET["after"]
        state = cls(record_list, params, named, view)
        state.columns = record_list.chosen(state._column_keys(views, request))
        return state

    def _column_keys(self, views: Sequence[SavedView], request: UserRequest) -> list[str]:
        if self.view and self.view.columns:
            return self.view.columns
        last = [view for view in views if not view.name and view.owner_id == request.user.pk]
        return last[0].columns if last else []

    @property
    def tab(self) -> Tab | None:
        tabs = self.record_list.tabs
        chosen = [tab for tab in tabs if tab.key == self.params.get("tab")]
        return (chosen or list(tabs) or [None])[0]

    @property
    def sort(self) -> Sort:
        asked = self.params.get("sort", "")
        key, descending = asked.removeprefix("-"), asked.startswith("-")
        sortable = {column.key: column.sort for column in self.columns if column.sort}
        return Sort(sortable[key], descending) if key in sortable else self.record_list.default_sort

    @property
    def size(self) -> int:
        asked = self.params.get("size", "")
        return int(asked) if asked in map(str, SIZES) else 50

    @property
    def cursor(self) -> str:
        return self.params.get("after", "")

    def url(self, **changes: Any) -> str:
        """The same list with some parameters set (None removes); always from its first page,
        unless `after` is given."""
        params = self.params.copy()
        for name in (*PLACE, *changes):
            params.pop(name, None)
        for name, value in changes.items():
            if value not in (None, ""):
                params[name] = value
        if self.view and "view" not in changes:
            params["view"] = str(self.view.pk)
        return "?" + params.urlencode()

    @property
    def query(self) -> str:
        """What a saved view keeps."""
        params = self.params.copy()
        for name in PLACE:
            params.pop(name, None)
        return params.urlencode()


def _view_asked_for(request: UserRequest, views: Sequence[SavedView]) -> SavedView | None:
    asked = request.GET.get("view", "")
    if asked == "none":
        return None
    if asked:
        return next((view for view in views if str(view.pk) == asked), None)
    if any(key not in PLACE for key in request.GET):
        return None
    own = [view for view in views if view.is_default and view.owner_id == request.user.pk]
    return own[0] if own else None
