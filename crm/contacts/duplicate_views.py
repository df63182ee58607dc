"""Who is there twice: the warning while one types, and the page over the whole base."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.accounts.rights import can
from crm.contacts.duplicates import Traits, likely_same, part, unpart
from crm.contacts.likeness import LOOKED
from crm.contacts.models import Contact, Likeness, Reason
from crm.contacts.models.merging import LikenessQuerySet, in_words
from crm.records.fetch import allows, fetch, with_rights
from crm.records.jobs import start_job
from crm.records.models import Heartbeat, Job
from crm.ui.counting import Count
from crm.ui.keys import key_in
from crm.ui.paging import COUNT_CAP, Page, Sort, capped_counts, page_asked_for

PAGE_SIZE = 20
BEST, LATEST = Sort("score", descending=True), Sort("parted_at", descending=True)
PARTED = "parted"
TABS = {
    "": gettext_lazy("All"),
    Contact.Type.COMPANY: gettext_lazy("Companies"),
    Contact.Type.PERSON: gettext_lazy("People"),
    PARTED: gettext_lazy("Not the same"),
}
FOUND = [reason for reason in Reason if reason != Reason.SIMILAR]  # those that the job looks for
ASKED = ("tab", "reason", "at")


@require_POST
def contact_likely(request: UserRequest, type_: str) -> HttpResponse:
    """While somebody types: who is here already? ?but= is the contact being edited."""
    if not can(request.user, "change", Contact.kind):
        raise PermissionDenied
    but = key_in(request.GET.get("but", ""))
    found = likely_same(request.user, Traits.sent(type_, request.POST), but=but)
    return render(request, "contacts/_likely.html", {"likely": found})


@dataclass(frozen=True)
class Pair:
    likeness: Likeness
    sides: tuple[Any, Any]

    @property
    def facts(self) -> list[tuple[str, list[Any]]]:
        rows = {
            _("Code"): "number",
            _("City"): "city",
            _("VAT id"): "vat_id",
            _("Tax code"): "tax_code",
            _("Phone"): "phone",
            _("E-mail"): "email",
        }
        values = {label: [getattr(one, name) for one in self.sides] for label, name in rows.items()}
        return [(label, both) for label, both in values.items() if any(both)]

    @property
    def reasons(self) -> list[str]:
        return in_words(self.likeness.reasons, *(one.name for one in self.sides))

    @property
    def may_part(self) -> bool:
        return any(one.may_change for one in self.sides)

    @property
    def may_merge(self) -> bool:
        may_end = any(one.may_delete for one in self.sides)
        return all(one.may_change for one in self.sides) and may_end


@require_safe
@never_cache
def duplicate_list(request: UserRequest) -> HttpResponse:
    """The surest first. Only pairs of which the reader sees both (E11)."""
    if not can(request.user, "view", Contact.kind):
        raise PermissionDenied
    tab, reason = request.GET.get("tab", ""), request.GET.get("reason", "")
    tab, reason = tab if tab in TABS else "", reason if reason in FOUND else ""
    is_parted = tab == PARTED
    rows = _cut(tab, reason).visible_to(request.user).select_related("parted_by")
    page = page_asked_for(request, rows, LATEST if is_parted else BEST, size=PAGE_SIZE)
    counts = _counts(request.user, reason)
    context = {
        "pairs": _pairs(page, request.user),
        "page": page,
        "tabs": [
            (label, _address(tab=key, reason=reason), counts[key], key == tab)
            for key, label in TABS.items()
        ],
        "chips": [
            (one.label, _address(tab=tab, reason="" if one == reason else one), one == reason)
            for one in FOUND
        ],
        "is_parted": is_parted,
        "back": _address(tab=tab, reason=reason, at=request.GET.get("at", "")),
        "place": _address(tab=tab, reason=reason, at=""),
        "looked_at": Heartbeat.objects.filter(name=LOOKED).values_list("at", flat=True).first(),
        "can_look": can(request.user, "change", Contact.kind),
    }
    return render(request, "contacts/duplicates.html", context)


def _counts(user: User, reason: str) -> dict[str, Count]:
    """Of each tab's best COUNT_CAP pairs those that `user` sees: whoever sees few of them must not
    wait until all have been looked at."""
    seen = Likeness.objects.visible_to(user)
    parts: dict[str, QuerySet] = {}
    for key in TABS:
        parts[key] = _cut(key, reason)
        best = parts[key].order_by("-score", "-pk").values("pk")[:COUNT_CAP]
        parts[f"seen {key}"] = seen.filter(pk__in=best)
    numbers = capped_counts(parts)
    return {key: Count(numbers[f"seen {key}"], is_more=numbers[key] > COUNT_CAP) for key in TABS}


def _cut(tab: str, reason: str) -> LikenessQuerySet:
    pairs: LikenessQuerySet = Likeness.objects.all()
    rows = pairs.parted() if tab == PARTED else pairs.open()
    rows = rows.filter(type=tab) if tab in Contact.Type else rows
    return rows.filter(reasons__contains=[reason]) if reason else rows


def _pairs(page: Page, user: User) -> list[Pair]:
    keys = {key for row in page.rows for key in (row.one_id, row.other_id)}
    seen = with_rights(Contact.objects.visible_to(user), user, "change", "delete")
    sides = seen.select_related("owner").in_bulk(keys)
    return [
        Pair(row, (sides[row.one_id], sides[row.other_id]))
        for row in page.rows
        if row.one_id in sides and row.other_id in sides
    ]


def _address(**asked: str) -> str:
    """Of the page; what was asked for in vain is left out."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in asked.items() if value and name in ASKED})
    return f"{reverse('duplicate_list')}?{query.urlencode()}"


@require_POST
def duplicate_look(request: UserRequest) -> HttpResponse:
    """Look again, behind the page's back; who looks already is led there."""
    if not can(request.user, "change", Contact.kind):
        raise PermissionDenied(_("You may not start this."))
    mine = Job.objects.unfinished().filter(user=request.user, task="duplicates").first()
    job = mine or start_job(
        "duplicates",
        title=_("Look for duplicates"),
        actor=request.user,
        params={"back": reverse("duplicate_list")},
    )
    return redirect("job_detail", job.pk)


@require_POST
def duplicate_part(request: UserRequest, pk: int) -> HttpResponse:
    pair = _pair(request, pk)
    part(pair.one, pair.other, actor=request.user)
    undo = reverse("duplicate_unpart", args=[pk])
    messages.success(request, _("Remembered: they are not the same."), extra_tags=undo)
    return _back(request)


@require_POST
def duplicate_unpart(request: UserRequest, pk: int) -> HttpResponse:
    unpart(_pair(request, pk), actor=request.user)
    messages.success(request, _("They may be the same after all."))
    return _back(request)


def _pair(request: UserRequest, pk: int) -> Likeness:
    """Both must be seen, and one of them be the person's to change."""
    pair = get_object_or_404(Likeness.objects.visible_to(request.user), pk=pk)
    pair.one, pair.other = (
        fetch(request.user, "view", Contact, key) for key in (pair.one_id, pair.other_id)
    )
    if not any(allows(request.user, "change", one) for one in (pair.one, pair.other)):
        raise PermissionDenied(_("You may see these, but not change them."))
    return pair


def _back(request: UserRequest) -> HttpResponse:
    """To the same place of the list; only what it knows is taken over."""
    query = QueryDict(request.POST.get("back", "").partition("?")[2][:2000].replace("\0", ""))
    return redirect(_address(**{name: query.get(name, "") for name in ASKED}))
