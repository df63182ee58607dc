"""Contacts made by the hundred, keeping all that saving one by one would keep."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from crm.contacts.models import Address, Contact, Email, Employment, Phone
from crm.contacts.names import sort_key
from crm.records.models import NumberSeries


@dataclass
class Draft:
    """A contact with the rows that belong to it, not stored yet."""

    contact: Contact
    created_at: dt.datetime
    updated_at: dt.datetime
    language: str
    trade: str = ""
    domain: str = ""
    area: str = ""
    country: str = ""
    addresses: list[Address] = field(default_factory=list)
    emails: list[Email] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    many: dict[str, list[Any]] = field(default_factory=dict)
    jobs: list[tuple["Draft", dict[str, str]]] = field(default_factory=list)
    people: tuple[tuple[str, str, str, str], ...] = ()


def store(drafts: list[Draft]) -> None:
    """Numbers in order of creation, without a gap; then every table in one go."""
    drafts.sort(key=lambda draft: draft.created_at)
    _number(drafts)
    for draft in drafts:
        contact = draft.contact
        contact.sort_name = sort_key(contact.name)
        contact.reckon(draft.addresses, draft.emails, draft.phones)
    contacts = [draft.contact for draft in drafts]
    Contact.objects.bulk_create(contacts)
    for draft in drafts:  # the insert has put its own moment there
        draft.contact.created_at, draft.contact.updated_at = draft.created_at, draft.updated_at
    Contact.objects.bulk_update(contacts, ["created_at", "updated_at"], batch_size=200)
    _store_rows(Address, [(d.contact, d.addresses) for d in drafts])
    _store_rows(Email, [(d.contact, d.emails) for d in drafts])
    _store_rows(Phone, [(d.contact, d.phones) for d in drafts])
    for name in ("categories", "areas", "product_groups", "tags", "viewers"):
        _store_many(name, drafts)
    Employment.objects.bulk_create(
        Employment(company=company.contact, person=draft.contact, **facts)
        for draft in drafts
        for company, facts in draft.jobs
    )


def _number(drafts: list[Draft]) -> None:
    kind: dict[str, Any] = {"kind": Contact.kind, "series": "", "period": ""}
    NumberSeries.objects.get_or_create(**kind)
    counter = NumberSeries.objects.select_for_update().get(**kind)
    for number, draft in enumerate(drafts, counter.next_value):
        draft.contact.number = Contact.number_format.format(n=number)
    counter.next_value += len(drafts)
    counter.save(update_fields=["next_value"])


def _store_rows(model: type[models.Model], rows_of: Iterable[tuple[Contact, list[Any]]]) -> None:
    rows = []
    for contact, own in rows_of:
        for position, row in enumerate(own):
            row.contact, row.position = contact, position
            rows.append(row)
    model._default_manager.bulk_create(rows)


def _store_many(name: str, drafts: list[Draft]) -> None:
    through = getattr(Contact, name).through
    target = getattr(Contact, name).field.m2m_reverse_field_name()
    through.objects.bulk_create(
        through(contact_id=draft.contact.pk, **{f"{target}_id": item.pk})
        for draft in drafts
        for item in draft.many.get(name, ())
    )
