"""Answers for pickers."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.accounts.http import UserRequest
from crm.records.errors import ActionRefused
from crm.records.lookups import Found, Lookup, lookup_named
from crm.ui.keys import key_in

LONGEST = 200


@require_http_methods(["GET", "POST"])
def lookup(request: UserRequest, name: str) -> HttpResponse:
    """GET ?q= answers {results: [{id, label, hint, is_near}], note, create}; `note` is said above
    results that are only similar. POST {name} creates in place."""
    entry = lookup_named(name)
    if entry is None:
        raise Http404
    if request.method == "POST":
        return _create(request, entry)
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = [vars(item) for item in _find(request, entry, words)]
    same = any(item["label"].casefold() == words.casefold() for item in found)
    may = bool(words) and not same and entry.make is not None and entry.may_make(request.user)
    create = {"label": entry.make_label(words), "url": reverse("lookup", args=[name])}
    is_near = any(item["is_near"] for item in found)
    note = _("Nothing has exactly these words. Similar:") if is_near else ""
    return JsonResponse({"results": found, "note": note, "create": create if may else None})


def _find(request: UserRequest, entry: Lookup, words: str) -> Iterable[Found]:
    """`?of=7`: what belongs to that record comes first."""
    of = key_in(request.GET.get("of", ""))
    if entry.find_of and of is not None:
        return entry.find_of(request.user, words, of)
    return entry.find(request.user, words)


def _create(request: UserRequest, entry: Lookup) -> HttpResponse:
    words = request.POST.get("name", "").replace("\0", "").strip()[:LONGEST]
    if entry.make is None or not entry.may_make(request.user):
        raise PermissionDenied
    if not words:
        return JsonResponse({"errors": [_("Type a name first.")]}, status=422)
    try:
        made = entry.make(request.user, words)
    except ActionRefused as refusal:
        return JsonResponse({"errors": [str(refusal)]}, status=422)
    return JsonResponse(vars(made), status=201)
