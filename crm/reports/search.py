"""The search box: everything a person may see, grouped by kind, as they type (E5)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
    kinds = [(one, one.model.objects.visible_to(user)) for one in record_lists().values()]
    searched = [
        (record_list, seen, seen.in_parts([group.facts for group in record_list.found_groups]))
        for record_list, seen in kinds
    ]
    ways: list[Callable[[Any], list[Any]]] = [
        lambda rows: rows.best_matches(words, limit + 1),
        lambda rows: rows.near_misses(words, limit),
        lambda rows: rows.near_misses(words, limit, of_some_words=True),
    ]
    for way in ways:
        best = [(record_list, seen, way(rows)) for record_list, seen, rows in searched]
        if any(rows for _record_list, _seen, rows in best):
            groups = [group for one in best for group in _groups(words, limit, *one)]
            return Found(groups, are_near=way is not ways[0])
    return Found([], are_near=True)


def _groups(
    words: str, limit: int, record_list: type[RecordList], seen: RecordQuerySet, found: list[Any]
) -> Iterator[Group]:
    parts = [(title, rows) for title, rows in _parts(record_list, found) if rows]
    shown = [row for _title, rows in parts for row in rows[:limit]]
    hints = record_list.hints(seen, shown, words) if shown else {}
    for title, rows in parts:
        hits = [_hit(row, hints[row.pk], words) for row in rows[:limit]]
        more = _list_url(record_list, rows[0], words) if len(rows) > limit else ""
        yield Group(title, hits, more)


def _parts(
    record_list: type[RecordList], found: list[Any]
) -> Iterator[tuple[str | Promise, list[Any]]]:
    if not record_list.found_groups:
        yield record_list.title, found
    for group in record_list.found_groups:
        facts = group.facts.items()
        of_it = [row for row in found if all(getattr(row, name) == is_ for name, is_ in facts)]
        yield group.label, of_it


def _list_url(record_list: type[RecordList], record: Record, words: str) -> str:
    tab = record_list.tab_of(record)
    query = {"tab": tab, "q": words} if tab else {"q": words}
    return f"{reverse(record_list.url_name)}?{urlencode(query)}"


def _hit(record: Record, hint: Hint, words: str) -> Hit:
    return Hit(
        record,
        marked(str(record), words),
        marked(hint.beside, words),
        hint.fact,
        SafeString(f"<mark>{escaped(hint.value)}</mark>" if hint.value else ""),
    )
