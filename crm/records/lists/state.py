"""What a list shows just now, read from the address and the person's saved views."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
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
    user_id: int = 0
    is_from_view: bool = False  # the filters are those the view keeps, not the address's own
    is_gone: bool = False  # the view asked for is not there, or not theirs any more
    is_short: bool = False  # something that the view asks for is gone and left out

    @classmethod
    def read(cls, request: UserRequest, record_list: type[RecordList]) -> "ListState":
        """The address rules; where it says nothing, the default view does."""
        kind = record_list.model.kind
        views = list(SavedView.objects.for_user(request.user, kind))
        named = [view for view in views if view.name]
        view = _view_asked_for(request, named)
        params = request.GET.copy()
        if view and not any(key not in PLACE for key in params):
            params = QueryDict(view.query, mutable=True)
            if "after" in request.GET:
                params["after"] = request.GET["after"]
        state = cls(record_list, params, named, view, user_id=request.user.pk)
        state.is_from_view = view is not None and not any(key not in PLACE for key in request.GET)
        state.is_gone = view is None and request.GET.get("view", "none") not in ("", "none")
        state.columns = record_list.chosen(state._column_keys(views, request))
        return state

    @classmethod
    def of(
        cls, record_list: type[RecordList], query: str, columns: Sequence[str] = ()
    ) -> "ListState":
        """A list found again away from its page: the query and the columns it showed."""
        state = cls(record_list, QueryDict(query, mutable=True), [], None)
        state.columns = record_list.chosen(columns)
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
        return next(iter([*chosen, *tabs]), None)

    @property
    def sort(self) -> Sort:
        asked = self.params.get("sort", "")
        key, descending = asked.removeprefix("-"), asked.startswith("-")
        sortable = {column.key: column.sort for column in self.columns if column.sort}
        if key in sortable:
            return Sort(sortable[key], descending)
        is_search = bool(self.params.get("q", "").strip())
        if is_search:
            return self.record_list.found_sort
        return (self.tab and self.tab.sort) or self.record_list.default_sort

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
        left_out = {*PLACE, *changes}
        params: dict[str, list[Any]] = {
            name: values for name, values in self.params.lists() if name not in left_out
        }
        params |= {name: [value] for name, value in changes.items() if value not in (None, "")}
        if self.view and "view" not in changes:
            # An address with nothing but its view means all that the view holds: say something.
            if not params:
                params["size"] = [self.size]
            params["view"] = [self.view.pk]
        if not params and any(view.is_default for view in self.own_views):
            params["view"] = ["none"]
        return "?" + urlencode(params, doseq=True)

    @property
    def query(self) -> str:
        """What a saved view keeps."""
        params = self.params.copy()
        for name in PLACE:
            params.pop(name, None)
        return params.urlencode()

    @property
    def own_views(self) -> list[SavedView]:
        return [view for view in self.views if view.owner_id == self.user_id]

    @property
    def shared_views(self) -> list[SavedView]:
        """With their owners, whom no other views need to say."""
        views = [view for view in self.views if view.owner_id != self.user_id]
        prefetch_related_objects(views, "owner")
        return views

    @property
    def is_own_view(self) -> bool:
        return self.view is not None and self.view.owner_id == self.user_id

    @property
    def is_changed(self) -> bool:
        """Does the page show something else than the view that is open keeps?"""
        if self.view is None:
            return False
        return _facts(QueryDict(self.view.query)) != _facts(QueryDict(self.query))

    @property
    def column_keys(self) -> str:
        return ",".join(column.key for column in self.columns)

    @property
    def other_columns(self) -> list[Column]:
        shown = {column.key for column in self.columns}
        return [column for column in self.record_list.all_columns() if column.key not in shown]

    @property
    def passed_on(self) -> str:
        """What the page that saves a view is given."""
        facts = {"query": self.query, "columns": self.column_keys}
        return urlencode(facts | ({"view": self.view.pk} if self.view else {}))


def _facts(params: QueryDict) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in params.lists() if name != "size"}


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
