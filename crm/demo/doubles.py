"""Customers whom somebody entered a second time: the page "Duplicates" finds them."""

from typing import Any

from django.db import transaction

from crm.accounts.models import User
from crm.contacts.likeness import find_likenesses
from crm.contacts.models import Contact, Email, Phone
from crm.demo.world import World
from crm.records.actions import save_record

MARK = "Brambilla Officine Meccaniche"


def is_filled() -> bool:
    return Contact.objects.filter(name=MARK).exists()


@transaction.atomic
def fill(world: World) -> None:
    agent = world.users["agent"]
    works = Contact.objects.get(name="Officine Meccaniche Brambilla S.r.l.")
    _enter(agent, name=MARK, vat_id=works.vat_id, phone="+39 0341 555 0199")
    _enter(agent, name="Panificio Sant’Ambrogio S.n.c.", phone="+39 02 555 0144")
    office = Email.objects.filter(contact__name="Studio Legale Rossi Associati")
    _enter(agent, name="Studio Legale Rosi Associati", email=office[0].address)
    twice = Phone.objects.filter(use="mobile", contact__type=Contact.Type.PERSON)
    twice = twice.filter(contact__owner=agent, contact__is_restricted=False)
    mobile = twice.select_related("contact").order_by("contact__number")[0]
    names = {"first_name": mobile.contact.first_name, "last_name": mobile.contact.last_name}
    _enter(agent, type=Contact.Type.PERSON, phone=mobile.number, **names)
    find_likenesses()


def _enter(agent: User, *, phone: str = "", email: str = "", **facts: Any) -> None:
    def write(contact: Contact) -> None:
        if phone:
            contact.phones.create(number=phone, use="mobile" if contact.is_person else "work")
        if email:
            contact.emails.create(address=email)

    contact = Contact(language="it", owner=agent, team=agent.teams.first(), **facts)
    save_record(contact, actor=agent, write=write)
