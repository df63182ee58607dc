"""Making one of several contacts, and parting them again."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.accounts.rights import can
from crm.contacts.merge_forms import MergeWithForm
from crm.contacts.merging.access import Access
from crm.contacts.merging.choices import Picks, questions, united
from crm.contacts.merging.merge import FEWEST, MOST, Wish, merge_contacts
from crm.contacts.merging.relations import Movement, what_moves
from crm.contacts.merging.undo import Parted, undo_merge, undoable
from crm.contacts.models import Contact, Merge
from crm.records.errors import ActionRefused, Outdated
from crm.records.fetch import fetch, with_rights
from crm.records.lists.selection import Selection
from crm.records.views.steps import Step, show_step
from crm.ui.keys import key_in
from crm.ui.paging import Sort, page_asked_for

PAGE_SIZE = 20
NEWEST = Sort("at", descending=True)
NAMED = 8  # people, before "and others"
PICK = "pick-"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def contact_merge(request: UserRequest) -> HttpResponse:
    """GET (?pk=…&pk=…) asks what stays and shows what moves; POST does it. A list posts
    `selected`."""
    if not can(request.user, "change", Contact.kind):
        raise PermissionDenied(_("You may not merge these."))
    if "back" in request.POST:
        return _from_list(Selection.sent(request.POST))
    sent = request.POST or request.GET
    keys = _keys(sent)
    if not FEWEST <= len(keys) <= MOST:
        messages.warning(request, _("Choose two to ten of them."))
        return redirect("contact_list")
    try:
        contacts = _contacts(request.user, keys)
    except Http404:
        return _merged_meanwhile(request, keys)
    return (_do if request.POST else _show)(request, contacts, sent)


def _do(request: UserRequest, contacts: list[Any], sent: QueryDict) -> HttpResponse:
    keys = [contact.pk for contact in contacts]
    for pk in keys:
        if pk != key_in(sent.get("survivor", "")):
            fetch(request.user, "delete", Contact, pk)
    try:
        merge = merge_contacts(_wish(keys, sent), actor=request.user)
    except Outdated:
        return _show(request, contacts, sent, status=409)
    except ActionRefused as refusal:
        return _show(request, contacts, sent, status=422, problem=str(refusal))
    _say_merged(request, merge, len(keys))
    return redirect(merge.survivor)


def _from_list(selection: Selection) -> HttpResponse:
    """To the page that asks, at an address that can be opened again."""
    sent = QueryDict(mutable=True)
    few = [] if selection.is_all else selection.ids[: MOST + 1]  # an address has an end
    sent.setlist("pk", [str(pk) for pk in few])
    return redirect(f"{reverse('contact_merge')}?{sent.urlencode()}")


def _keys(sent: QueryDict) -> list[int]:
    return sorted({key for text in sent.getlist("pk") if (key := key_in(text))})


def _contacts(user: User, keys: list[int]) -> list[Any]:
    rows = with_rights(Contact.objects.select_related("owner", "team"), user, "delete")
    return [fetch(user, "change", Contact, pk, queryset=rows) for pk in keys]


def _merged_meanwhile(request: UserRequest, keys: list[int]) -> HttpResponse:
    """Somebody else was quicker: whoever sees what they became is led there."""
    heir = Contact.objects.heir(keys, request.user)
    if heir is None:
        raise Http404(_("There is nothing here, or it is not for you."))
    messages.error(request, _("Somebody merged one of them meanwhile. Nothing was changed."))
    return redirect(heir)


def _wish(keys: list[int], sent: QueryDict) -> Wish:
    picks = {
        name.removeprefix(PICK): key_in(str(value)) or 0
        for name, value in sent.items()
        if name.startswith(PICK)
    }
    versions = {pk: key_in(sent.get(f"version-{pk}", "")) or 0 for pk in keys}
    return Wish(tuple(keys), key_in(sent.get("survivor", "")) or 0, picks, versions)


def _show(
    request: UserRequest,
    contacts: list[Any],
    sent: QueryDict,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    stuck = [contact for contact in contacts if not contact.may_delete]
    if len(stuck) > 1:
        raise PermissionDenied(_("You may not merge these: one of them would have to go."))
    movements = what_moves(contacts, request.user)
    wish = _wish([contact.pk for contact in contacts], sent)
    survivor = _proposed(contacts, movements, stuck, wish.survivor)
    ordered = sorted(contacts, key=lambda contact: contact is not survivor)
    context = {
        "contacts": contacts,
        "survivor": survivor,
        "stuck": stuck,
        "questions": questions(ordered, wish.picks),
        "united": _united(ordered, wish.picks),
        "movements": movements,
        "days": settings.UNDO_DAYS,
        "problem": problem,
        "is_outdated": status == 409,
    }
    return render(request, "contacts/merge.html", context | _sight(contacts), status=status)


def _proposed(
    contacts: list[Any], movements: list[Movement], stuck: list[Any], asked: int
) -> Contact:
    """Who stays, unless the person says otherwise: the customer on whom most hangs, the oldest."""
    hanging = [sum(move.counts[place] for move in movements) for place in range(len(contacts))]

    def rank(place: int) -> tuple[bool, bool, bool, int, int]:
        contact = contacts[place]
        is_customer = contact.stage == Contact.Stage.CUSTOMER
        return (
            contact.pk != asked,
            contact not in stuck,
            not is_customer,
            -hanging[place],
            contact.pk,
        )

    best: Contact = contacts[min(range(len(contacts)), key=rank)]
    return best


def _united(contacts: list[Any], picks: Picks) -> list[tuple[str, list[str]]]:
    labels = {"aliases": _("Also known as"), "websites": _("Web"), "notes": _("Notes")}
    lists = united(contacts, picks)
    return [(label, lists[name]) for name, label in labels.items() if lists[name]]


def _sight(contacts: list[Any]) -> dict[str, Any]:
    access = Access.of(contacts)
    partly = sorted(user.name for user in access.partly.values())
    return {
        "is_restricted": access.is_restricted,
        "partly": partly[:NAMED],
        "partly_more": len(partly) > NAMED,
    }


def _say_merged(request: UserRequest, merge: Merge, number: int) -> None:
    text = ngettext("%(count)s is one now.", "%(count)s are one now.", number) % {"count": number}
    messages.success(request, text, extra_tags=reverse("merge_undo", args=[merge.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def contact_merge_with(request: UserRequest, pk: int) -> HttpResponse:
    """From a card: with whom?"""
    contact = fetch(request.user, "change", Contact, pk)
    data = request.POST if request.method == "POST" else None
    form = MergeWithForm(data, contact=contact, actor=request.user)
    if form.is_valid():
        other = form.cleaned_data["other"]
        return redirect(f"{reverse('contact_merge')}?pk={contact.pk}&pk={other.pk}")
    step = Step(
        title=_("Merge with another"),
        action=reverse("contact_merge_with", args=[pk]),
        submit=_("Go on"),
        back=contact.get_absolute_url(),
        form=form,
        hint=_("Nothing is changed yet: the next page shows what would stay and what would move."),
    )
    return show_step(request, step, status=422 if form.is_bound else 200)


@require_safe
@never_cache
def merge_list(request: UserRequest) -> HttpResponse:
    """What was merged lately and can still be parted; ?contact= for those of one card."""
    user = request.user
    rows = undoable().filter(survivor__in=Contact.objects.visible_to(user))
    if asked := key_in(request.GET.get("contact", "")):
        rows = rows.filter(survivor=asked)
    rows = rows.select_related("survivor", "actor").prefetch_related("former")
    page = page_asked_for(request, rows, NEWEST, size=PAGE_SIZE)
    keys = [former.key for merge in page.rows for former in merge.former.all()]
    seen = Contact.objects.permitted(user, "view").in_bulk(keys)
    mine = Contact.objects.permitted(user, "change").in_bulk(
        [*keys, *(merge.survivor_id for merge in page.rows)]
    )
    for merge in page.rows:
        former = [one.key for one in merge.former.all()]
        merge.ended = [seen[key] for key in former if key in seen]
        merge.may_undo = all(key in mine for key in (*former, merge.survivor_id))
    context = {"merges": page.rows, "page": page, "asked": asked, "days": settings.UNDO_DAYS}
    return render(request, "contacts/merges.html", context)


@require_POST
def merge_undo(request: UserRequest, pk: int) -> HttpResponse:
    merge = get_object_or_404(Merge, pk=pk)
    survivor = fetch(request.user, "change", Contact, merge.survivor_id)
    try:
        parted = undo_merge(merge, actor=request.user)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        _say_parted(request, parted)
    return redirect(survivor)


def _say_parted(request: UserRequest, parted: Parted) -> None:
    names = ", ".join(str(contact) for contact in parted.contacts)
    messages.success(request, _("Back again: %(names)s.") % {"names": names})
    if parted.stays:
        stays = "; ".join(parted.stays)
        messages.warning(
            request,
            _("This changed since the merge and stays as it is: %(what)s.") % {"what": stays},
        )
