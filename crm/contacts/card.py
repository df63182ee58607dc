"""The customer's card: what belongs to a customer, and the numbers on top (F2.46).

Kinds are found by subclass of CustomerRecord, so a later one shows itself without being known here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, QuerySet, Window
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.contacts.models import (
    Contact,
    CustomerRecord,
    Figure,
    customer_kinds,
)
from crm.contacts.ties import FirstTies, first_ties
from crm.documents.models import Document
from crm.records.lists import record_lists
from crm.records.lists.addresses import list_url
from crm.records.merged import newest_that_happened, own_place, places_of
from crm.records.models import Event, HistoryPart
from crm.records.together import read_together
from crm.ui.paging import asked_together, shown_count

ON_PANEL, MOST_NUMBERS = 5, 4
TALKS = (Event.Entry.CALL, Event.Entry.EMAIL, Event.Entry.APPOINTMENT)
Kind = type[CustomerRecord]
Belongings = Mapping[Kind, Any]  # rows that the reader sees


@dataclass(frozen=True)
class Creation:
    """A line of the "New" menu: a kind of record, for this customer already."""

    label: str
    icon: str
    url: str


@dataclass(frozen=True)
class Row:
    record: CustomerRecord
    other: Contact | None  # the contact person; on their own card, the customer


@dataclass(frozen=True)
class Panel:
    title: str
    icon: str
    rows: list[Row]
    count: str
    open_count: int
    more_url: str  # "" where all are shown
    creation: Creation | None


@dataclass(frozen=True)
class Number:
    label: str | Promise
    words: str
    url: str = ""


def card_parts(contact: Contact, user: User) -> dict[str, Any]:
    """What the template shows besides the contact's own facts."""
    parts = contact.history_parts(user)
    belongings = {
        part.rows.model: part.rows for part in parts if issubclass(part.rows.model, CustomerRecord)
    }
    creations = creations_for(contact, user)
    panels = panels_of(contact, user, belongings, creations)
    ties = first_ties(contact, user)
    return {
        "ties": ties,
        "panels": panels,
        "has_belongings": bool(belongings),
        "creations": creations.values(),
        "numbers": numbers_of(contact, belongings, panels, ties)[: MOST_NUMBERS - 1],
        "last_contact": last_contact(contact, user, parts),
    }


def creations_for(contact: Contact, user: User) -> dict[Kind, Creation]:
    """Kinds that `user` may create for this customer."""
    query = urlencode({"contact_person" if contact.is_person else "customer": contact.pk})
    lists = record_lists()
    return {
        model: Creation(
            capfirst(str(model._meta.verbose_name)),
            model.icon,
            f"{reverse(lists[model.kind].create_url_name)}?{query}",
        )
        for model in customer_kinds()
        if can(user, "change", model.kind) and lists[model.kind].create_url_name
    }


def panels_of(
    contact: Contact, user: User, belongings: Belongings, creations: Mapping[Kind, Creation]
) -> list[Panel]:
    """Of the kinds that this customer has something of; those with something open come first."""
    found = read_together({model: _first(rows) for model, rows in belongings.items()})
    others = _others(contact, user, [row for rows in found.values() for row in rows])
    panels = [
        _panel(contact, model, rows, others, creations.get(model))
        for model, rows in found.items()
        if rows
    ]
    return sorted(panels, key=lambda panel: not panel.open_count)


def _first(rows: QuerySet) -> QuerySet:
    """The first few, each knowing how many there are and how many of them are open."""
    model: Any = rows.model
    counted = rows.annotate(
        opens=ExpressionWrapper(model.open_when, output_field=BooleanField()),
        found=Window(Count("pk")),
        found_open=Window(Count("pk", filter=model.open_when)),
    )
    return counted.order_by("-opens", "-updated_at", "-pk")[:ON_PANEL]


def _panel(
    contact: Contact,
    model: Kind,
    rows: Sequence[Any],
    others: Mapping[int, Contact],
    creation: Creation | None,
) -> Panel:
    count = rows[0].found
    return Panel(
        title=capfirst(str(model._meta.verbose_name_plural)),
        icon=model.icon,
        rows=[Row(row, others.get(_other(contact, row) or 0)) for row in rows],
        count=shown_count(count),
        open_count=rows[0].found_open,
        more_url=list_url(model.kind, f"customer={contact.pk}") if count > len(rows) else "",
        creation=creation,
    )


def _others(contact: Contact, user: User, rows: Iterable[CustomerRecord]) -> dict[int, Contact]:
    """By key, as far as `user` sees them: who sees a ticket need not know its contact person."""
    keys = {key for row in rows if (key := _other(contact, row))}
    return Contact.objects.visible_to(user).in_bulk(keys) if keys else {}


def _other(contact: Contact, row: Any) -> int | None:
    key: int | None = row.customer_id
    return row.contact_person_id if key == contact.pk else key


def numbers_of(
    contact: Contact, belongings: Belongings, panels: Sequence[Panel], ties: FirstTies
) -> list[Number]:
    """The most telling first: what is open, what the kinds offer, then what there always is."""
    figures: dict[str, Figure] = {
        model.kind: figure for model, rows in belongings.items() if (figure := model.figure(rows))
    }
    answers = asked_together(
        counts={"": Document.objects.of(contact).alive()},
        values={kind: figure.query for kind, figure in figures.items()},
    )
    documents = shown_count(answers[""])
    numbers = [
        Number(figure.label, figure.words(answers[kind]))
        for kind, figure in figures.items()
        if answers[kind] is not None
    ]
    if belongings:
        numbers.insert(0, Number(_("Open now"), shown_count(sum(p.open_count for p in panels))))
    label = _("Companies") if contact.is_person else _("People")
    numbers.append(Number(label, ties.count, reverse("contact_ties", args=[contact.pk])))
    place = reverse("document_panel", args=[contact.kind, contact.pk])
    return [*numbers, Number(_("Documents"), documents, place)]


def last_contact(contact: Contact, user: User, parts: Iterable[HistoryPart]) -> Event | None:
    """The last call, mail or appointment with them, their people, or about what belongs to them."""
    places = [own_place(contact), *places_of(parts, user)]
    return newest_that_happened(places, TALKS)
