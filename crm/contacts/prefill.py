"""For whom something new is: what the customer's card says in the address (F1.13, F3.4)."""

from crm.accounts.http import UserRequest
from crm.contacts.models import Contact, ContactQuerySet
from crm.records.fetch import fetch
from crm.ui.keys import key_in


def asked_contact(request: UserRequest, name: str, among: ContactQuerySet) -> Contact | None:
    """The contact that ?name= asks for; Http404 for one that is not for this person."""
    asked = key_in(request.GET.get(name, ""))
    if asked is None:
        return None
    return fetch(request.user, "view", Contact, asked, queryset=among)


def prefilled(request: UserRequest) -> dict[str, Contact]:
    """`initial` for the form of a new CustomerRecord, from ?customer= and ?contact_person=.

    Of a person alone the customer is the one company they work for, or they themselves when they
    work nowhere; among several, somebody has to choose.
    """
    person = asked_contact(request, "contact_person", Contact.objects.people())
    customer = asked_contact(request, "customer", Contact.objects.all())
    if not person:
        return {"customer": customer} if customer else {}
    companies = Contact.objects.visible_to(request.user).filter(staff__person=person)
    if customer:
        is_theirs = companies.filter(pk=customer.pk).exists()
        return {"customer": customer} | ({"contact_person": person} if is_theirs else {})
    found = list(companies[:2])
    if not found:
        return {"customer": person}
    return {"contact_person": person} | ({"customer": found[0]} if len(found) == 1 else {})
