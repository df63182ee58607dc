"""The search box: everything a person may see, grouped by kind, as they type (E5)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.lists import Hint, RecordList, record_lists
from crm.records.models import Record, RecordQuerySet
from crm.reports.marking import marked
from crm.ui.navigation import creates_for
from crm.ui.renderer import escaped

AS_YOU_TYPE, ON_PAGE = 6, 8
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    record: Record
    name: SafeString
    beside: SafeString
    fact: str | Promise
    value: SafeString


@dataclass(frozen=True)
class Group:
    title: str | Promise
    hits: list[Hit]
    list_url: str  # where all of them are, "" when these are all


@dataclass(frozen=True)
class Found:
    groups: list[Group]
    are_near: bool = False


def search(request: UserRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    brief = bool(request.htmx)
    found = find(request.user, words, AS_YOU_TYPE if brief else ON_PAGE)
    is_exact = bool(found.groups) and not found.are_near
    context = {
        "words": words,
        "found": found,
        "is_short": is_short(words),
        "offers": [] if is_exact else offers(request.user, words),
    }
    template = "reports/_search_results.html" if brief else "reports/search.html"
    return render(request, template, context)


def is_short(words: str) -> bool:
    """Punctuation is nothing to look for."""
    return sum(map(str.isalnum, words)) < SHORTEST


def offers(user: User, words: str) -> list[tuple[str, str, str]]:
    """(icon, label, address) of what may be created with what was looked for as its name."""
    if is_short(words) or "@" in words or not any(map(str.isalpha, words)):
        return []
    query = urlencode({"name": words})
    return [
        (create.icon, str(create.named) % {"name": words}, f"{create.url}?{query}")
        for create in creates_for(user)
        if create.named
    ]


def find(user: User, words: str, limit: int) -> Found:
    """The best matches of every kind; only if there are none at all, what is like them."""
    if is_short(words):
        return Found([])
    parts = list(_parts(user))
    ways: list[Callable[[Any], list[Any]]] = [
        lambda rows: rows.best_matches(words, limit + 1),
        lambda rows: rows.near_misses(words, limit),
        lambda rows: rows.near_misses(words, limit, of_some_words=True),
    ]
    for way in ways:
        best = [(part, way(part.rows)) for part in parts]
        if any(rows for _part, rows in best):
            return Found(list(_groups(words, limit, best)), are_near=way is not ways[0])
    return Found([], are_near=True)


@dataclass(frozen=True)
class Part:
    record_list: type[RecordList]
    title: str | Promise
    rows: RecordQuerySet
    seen: RecordQuerySet  # all of the kind


def _parts(user: User) -> Iterator[Part]:
    for record_list in record_lists().values():
        seen = record_list.model.objects.visible_to(user)
        if not record_list.found_groups:
            yield Part(record_list, record_list.title, seen, seen)
        for group in record_list.found_groups:
            yield Part(record_list, group.label, seen.part(**group.facts), seen)


def _groups(words: str, limit: int, best: Sequence[tuple[Part, list[Any]]]) -> Iterator[Group]:
    for record_list, parts in groupby(best, key=lambda pair: pair[0].record_list):
        filled = [(part, rows) for part, rows in parts if rows]
        if not filled:
            continue
        shown = [row for _part, rows in filled for row in rows[:limit]]
        hints = record_list.hints(filled[0][0].seen, shown, words)
        for part, rows in filled:
            hits = [_hit(row, hints[row.pk], words) for row in rows[:limit]]
            more = _list_url(part, rows[0], words) if len(rows) > limit else ""
            yield Group(part.title, hits, more)


def _list_url(part: Part, record: Record, words: str) -> str:
    tab = part.record_list.tab_of(record)
    query = {"tab": tab, "q": words} if tab else {"q": words}
    return f"{reverse(part.record_list.url_name)}?{urlencode(query)}"


def _hit(record: Record, hint: Hint, words: str) -> Hit:
    return Hit(
        record,
        marked(str(record), words),
        marked(hint.beside, words),
        hint.fact,
        SafeString(f"<mark>{escaped(hint.value)}</mark>" if hint.value else ""),
    )
