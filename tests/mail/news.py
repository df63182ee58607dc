"""News for somebody, and the mails it makes."""

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.mail.models import OutboundMessage
from crm.records.actions import (
    add_entry,
)


def mails() -> list[OutboundMessage]:
    return list(OutboundMessage.objects.order_by("pk"))


def tell(company: Contact, actor: User, *people: User, text: str = "Look at this") -> None:
    add_entry(company, actor=actor, entry="note", text=text, inform=people)
