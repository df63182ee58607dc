"""What changes about a contact besides editing it."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.contacts.models import Contact, Employment
from crm.records.actions import save_record
from crm.records.errors import ActionRefused
from crm.records.models import Record


@transaction.atomic
def convert_lead(contact: Contact, *, actor: User) -> Contact:
    """A lead that bought becomes a customer; code, history and everything else stay."""
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.stage != Contact.Stage.LEAD:
        raise ActionRefused(_("Only a lead can become a customer."))
    contact.stage = Contact.Stage.CUSTOMER
    return save_record(contact, actor=actor)


@transaction.atomic
def save_employment(employment: Employment, *, actor: User) -> Employment:
    """Add or change a person of a company; both cards tell it in their history.

    Raises ActionRefused when the person is of that company already.
    """

    def change() -> None:
        same = Employment.objects.filter(company=employment.company, person=employment.person)
        if same.exclude(pk=employment.pk).exists():
            raise ActionRefused(_("This person is already listed for this company."))
        employment.save()

    _with_history(employment, actor=actor, change=change)
    return employment


@transaction.atomic
def end_employment(employment: Employment, *, actor: User) -> None:
    """The person is not of this company any more; both stay."""

    def change() -> None:
        employment.delete()

    _with_history(employment, actor=actor, change=change)


def _with_history(employment: Employment, *, actor: User, change: Callable[[], None]) -> None:
    company = Contact.objects.get(pk=employment.company_id)
    person = Contact.objects.get(pk=employment.person_id)

    def write(_record: Record) -> None:
        # The person's save wraps the company's, so both compare before and after.
        save_record(company, actor=actor, write=lambda _company: change())

    save_record(person, actor=actor, write=write)
