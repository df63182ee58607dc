"""Whatever belongs to a customer: it shows itself on the customer's card, found by subclass."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.records.models import Record, RecordQuerySet

if TYPE_CHECKING:
    from crm.contacts.models.contact import Contact


class Chip(NamedTuple):
    label: str | Promise
    category: str  # of the six of the look: planned, active, waiting …


@dataclass(frozen=True)
class Figure:
    """A number for the top of the card: "Open quotes  € 48,230.00"."""

    label: str | Promise
    query: QuerySet  # of one row and one column; an empty answer shows nothing
    words: Callable[[Any], str]


class CustomerRecordQuerySet(RecordQuerySet):
    def of(self, contact: "Contact") -> Self:
        """What belongs to a company; for a person also where they are the contact person."""
        belongs = Q(customer=contact)
        if contact.is_person:
            belongs |= Q(contact_person=contact)
        return self.filter(belongs)

    def open(self) -> Self:
        return self.filter(self._record.open_when)


class CustomerRecord(Record):
    """Its panel shows `str()`, code, `secondary`, `chip` and `moment` of the first few. They stand
    beside many others, so they must not read other tables."""

    open_when: ClassVar[Q]  # on columns of its own: these come first
    card_order: ClassVar[int] = 100  # of its panel among the others

    # Whoever wants to end a customer is told what still needs them; a person who goes leaves it.
    customer = models.ForeignKey(
        "contacts.Contact",
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="%(class)s_set",
    )
    contact_person = models.ForeignKey(
        "contacts.Contact",
        models.SET_NULL,
        verbose_name=_("contact person"),
        related_name="%(class)s_of_person_set",
        null=True,
        blank=True,
    )

    objects: ClassVar[Any] = CustomerRecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def chip(self) -> Chip | None:
        """Its status."""
        return None

    @property
    def moment(self) -> datetime | None:
        """The date that matters most: when it is due, or when somebody last worked on it."""
        return self.updated_at

    @classmethod
    def figure(cls, rows: CustomerRecordQuerySet) -> Figure | None:
        """What the top of a card tells of `rows`, those of the customer that its reader sees."""
        return None


def customer_kinds() -> list[type[CustomerRecord]]:
    models_ = (model for model in apps.get_models() if issubclass(model, CustomerRecord))
    return sorted(models_, key=lambda model: (model.card_order, model.kind))
