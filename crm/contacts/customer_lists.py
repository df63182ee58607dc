"""What the lists of all kinds of CustomerRecord have in common."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.records.lists import AnyOfFilter, RecordFilter
from crm.records.models import RecordQuerySet
from crm.ui.pickers import MultiPicker


def contacts_seen(request: Any) -> Any:
    return Contact.objects.visible_to(request.user) if request else Contact.objects.none()


class CustomerFilter(AnyOfFilter):
    """Of a person also where they are the contact person: what their card counts."""

    def filter(self, rows: RecordQuerySet, chosen: Any) -> RecordQuerySet:
        if not chosen:
            return rows
        contacts = list(chosen)
        return rows.filter(Q(customer__in=contacts) | Q(contact_person__in=contacts))


class CustomerRecordFilter(RecordFilter):
    customer = CustomerFilter(
        label=_("Customer"), queryset=contacts_seen, widget=MultiPicker("company")
    )
