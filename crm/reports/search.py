"""The search box: everything a person may see, grouped by kind, as they type."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.lists import RecordList, record_lists
from crm.records.models import Record

AS_YOU_TYPE, ON_PAGE = 6, 25
SHORTEST = 2


@dataclass(frozen=True)
class Group:
    title: str | Promise
    records: list[Record]
    more_url_name: str


def search(request: UserRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    brief = bool(request.htmx)
    groups = found(request.user, words, AS_YOU_TYPE if brief else ON_PAGE)
    context = {"words": words, "groups": groups, "is_short": is_short(words)}
    template = "reports/_search_results.html" if brief else "reports/search.html"
    return render(request, template, context)


def is_short(words: str) -> bool:
    """Punctuation is nothing to look for."""
    return sum(map(str.isalnum, words)) < SHORTEST


def found(user: User, words: str, limit: int) -> list[Group]:
    if is_short(words):
        return []
    groups = [_group(kind, user, words, limit) for kind in record_lists().values()]
    return [group for group in groups if group.records]


def _group(record_list: type[RecordList], user: User, words: str, limit: int) -> Group:
    rows = record_list.model.objects.visible_to(user).matching(words)
    ordered = rows.order_by(*record_list.search_order)[: limit + 1]
    return Group(record_list.title, list(ordered), record_list.url_name)
