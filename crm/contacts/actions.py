"""What changes about a contact besides editing it."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.contacts.models import Contact, Employment
from crm.records.actions import save_record
from crm.records.errors import ActionRefused


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

    _with_history([employment.person_id, employment.company_id], actor=actor, change=change)
    return employment


@transaction.atomic
def end_employment(employment: Employment, *, actor: User) -> None:
    """The person is not of this company any more; both stay."""

    keys = [employment.person_id, employment.company_id]
    _with_history(keys, actor=actor, change=employment.delete)


@transaction.atomic
def tell_companies(companies: Iterable[int], *, actor: User, change: Callable[[], object]) -> None:
    """Do `change` of who works where, and let each company's card (by key) tell it."""
    _with_history(sorted(set(companies)), actor=actor, change=change)


def _with_history(keys: list[int], *, actor: User, change: Callable[[], object]) -> None:
    """`change` inside the save of every contact of `keys`, locked in this order, so that all of
    them compare before and after. A person comes before the companies: everybody locks so."""
    if not keys:
        change()
        return
    contact = Contact.objects.select_for_update().get(pk=keys[0])
    save_record(
        contact, actor=actor, write=lambda _one: _with_history(keys[1:], actor=actor, change=change)
    )
