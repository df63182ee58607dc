"""The history of a record: a panel for its card that is also a page of its own."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.query import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.accounts.http import UserRequest
from crm.records.entry_forms import EntryForm
from crm.records.fetch import fetch, model_of
from crm.records.history import lines_of
from crm.records.merged import SAID, Sql, events_at_place, newest_among, own_place, places_of
from crm.records.models import Event, Record
from crm.ui.paging import Sort, page_asked_for

PAGE_SIZE = 20
NEWEST = Sort("happened_at", descending=True)
OWN = "this"
Label = str | Promise

ABOUT_DOCUMENTS = Q(verb__startswith="document")
CHIPS: dict[str, tuple[Label, Q]] = {
    "": (gettext_lazy("All"), Q()),
    "notes": (gettext_lazy("Notes & calls"), SAID),
    "changes": (gettext_lazy("Changes"), ~SAID),
}
FINER: dict[str, tuple[Label, Q]] = {
    **{entry.value: (entry.label, Q(entry=entry)) for entry in Event.Entry if entry != "system"},
    "documents": (gettext_lazy("Documents"), ABOUT_DOCUMENTS),
}


@dataclass(frozen=True)
class Choice:
    label: Label
    url: str
    is_on: bool


@dataclass(frozen=True)
class Menu:
    name: str  # what it is for, said to those who do not see it
    usual: str  # what it shows while nothing of it is chosen
    choices: list[Choice]

    @property
    def chosen(self) -> Label:
        return next((choice.label for choice in self.choices if choice.is_on), "")


class Asked:
    """What an address asks of a history: ?show= a kind of line, ?of= a kind of record."""

    def __init__(self, request: UserRequest, record: Record) -> None:
        self.record, self.reader = record, request.user
        self.address = reverse("timeline_panel", args=[record.kind, record.pk])
        self.parts = record.history_parts(request.user)
        show, of = request.GET.get("show", ""), request.GET.get("of", "")
        self.show = show if show in CHIPS | FINER else ""
        self.of = of if of in (OWN, *(part.key for part in self.parts)) else ""

    def url(self, **other: str) -> str:
        """The same with something else."""
        query = {"show": self.show, "of": self.of} | other
        used = urlencode({name: value for name, value in query.items() if value})
        return f"{self.address}?{used}" if used else self.address

    def lines(self, kinds: dict[str, tuple[Label, Q]]) -> list[Choice]:
        return [
            Choice(label, self.url(show=key), key == self.show)
            for key, (label, _where) in kinds.items()
        ]

    def menus(self) -> list[Menu]:
        """There is nothing to choose from where a history is of one record alone."""
        finer = Menu(_("More kinds of lines"), _("More"), self.lines(FINER))
        if not self.parts:
            return [finer]
        keys: list[tuple[str, Label]] = [(OWN, _("Only this record"))]
        keys += [(part.key, part.label) for part in self.parts]
        of = [Choice(label, self.url(of=key), key == self.of) for key, label in keys]
        usual = _("All records")
        if self.of:
            of.insert(0, Choice(usual, self.url(of=""), False))
        return [finer, Menu(_("Of which records"), usual, of)]

    def places(self) -> list[Sql]:
        wanted = [part for part in self.parts if self.of in ("", part.key)]
        own = [own_place(self.record)] if self.of in ("", OWN) else []
        return own + places_of(wanted, self.reader)


@require_safe
@never_cache
def timeline_panel(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    """Newest first. ?at= is a cursor; htmx gets the panel or, with ?at=, only the rows that
    follow."""
    record = fetch(request.user, "view", model_of(kind), pk)
    context = timeline_context(request, record)
    if not request.htmx or request.htmx.boosted:
        return render(request, "records/timeline.html", context)
    part = "records/_timeline_rows.html" if request.GET.get("at") else "records/_timeline.html"
    return render(request, part, context)


def timeline_context(
    request: UserRequest, record: Record, form: EntryForm | None = None
) -> dict[str, Any]:
    """What the panel shows; `form` is the entry being written, if any."""
    asked = Asked(request, record)
    rows = events_at_place().filter((CHIPS | FINER)[asked.show][1])
    newest = newest_among(asked.places())

    def read(rows: QuerySet[Event]) -> QuerySet[Event]:
        return newest(rows).prefetch_related("informed")

    page = page_asked_for(request, rows, NEWEST, size=PAGE_SIZE, read=read)
    return {
        "record": record,
        "form": form,
        "lines": lines_of(record, page.rows, request.user),
        "older_url": asked.url(at=page.older) if page.older else "",
        "newer_url": asked.url(at=page.newer) if page.newer else "",
        "chips": asked.lines(CHIPS),
        "menus": asked.menus(),
        "entry_url": reverse("entry_create", args=[record.kind, record.pk]),
    }
