"""What companies, leads and people bring along and take in as files (F2.10 - F2.13)."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.contacts import exchange_fields as columns
from crm.contacts.headings import CARE, CODE
from crm.contacts.models import Channel, Contact, Employment
from crm.exchange.fields import Choices, Exchange, Field, RecordType
from crm.exchange.record_fields import care_fields, code_field, custom_exchange_fields
from crm.records.lists.columns import shown_name

COMPANY, PERSON = Contact.Type.COMPANY, Contact.Type.PERSON
CUSTOMER, LEAD, SUPPLIER = Contact.Stage.CUSTOMER, Contact.Stage.LEAD, Contact.Stage.SUPPLIER


class ContactExchange(Exchange):
    model = Contact
    types: ClassVar[Sequence[RecordType]] = (
        RecordType(
            "customers",
            _("Customers"),
            Q(type=COMPANY, stage=CUSTOMER),
            {"type": COMPANY, "stage": CUSTOMER},
        ),
        RecordType("leads", _("Leads"), Q(stage=LEAD), {"stage": LEAD}),
        RecordType(
            "suppliers",
            _("Suppliers"),
            Q(type=COMPANY, stage=SUPPLIER),
            {"type": COMPANY, "stage": SUPPLIER},
        ),
        RecordType("people", _("People"), Q(type=PERSON), {"type": PERSON}),
        RecordType("all", _("Everything"), Q(), {}),
    )
    slots: ClassVar[Mapping[str, int]] = {
        "phones": 2,
        "emails": 2,
        "addresses": 1,
        "employments": 1,
    }

    @classmethod
    def fields(cls, type_: RecordType, slots: Mapping[str, int] | None = None) -> list[Field]:
        """A type that says nothing of company or person has the columns of both, and one that
        tells them apart."""
        wanted = {**cls.slots, **(slots or {})}
        of = type_.preset.get("type")
        channels = Choices(Channel.choices)
        return [
            *([] if of else [columns.type_field()]),
            code_field(headings=CODE),
            *([] if of == PERSON else [columns.name_field()]),
            *([] if of == COMPANY else columns.person_fields()),
            *([] if of == COMPANY else columns.employer_fields(wanted["employments"], channels)),
            *columns.identity_fields(),
            *columns.phone_fields(wanted["phones"]),
            *columns.email_fields(wanted["emails"]),
            *columns.address_fields(wanted["addresses"]),
            *columns.profile_fields(channels),
            *care_fields(CARE),
            *custom_exchange_fields(Contact.kind),
        ]

    @classmethod
    def rows_of(cls, relation: str, user: User) -> QuerySet:
        """Nobody learns from a person for whom they work in secret (E11)."""
        rows = super().rows_of(relation, user)
        if relation == "employments":
            return rows.filter(company__in=Contact.objects.visible_to(user))
        return rows

    @classmethod
    def complete(cls, rows: Sequence[Contact], fields: Sequence[Field], user: User) -> set[int]:
        super().complete(rows, fields, user)
        if not any(one.slot and one.slot.relation == "employments" for one in fields):
            return set()
        held: dict[int, list[Employment]] = {row.pk: [] for row in rows}
        ties = cls.rows_of("employments", user).filter(person__in=held).select_related("company")
        for tie in ties.order_by("pk"):
            held[tie.person_id].append(tie)
        for row in rows:
            setattr(row, shown_name("employments"), held[row.pk])
        return {tie.company_id for of_person in held.values() for tie in of_person}
