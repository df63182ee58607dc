"""Who works where, as far as one sees both: the people of a company, the companies of a person."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window

from crm.accounts.models import User
from crm.contacts.models import Contact, Employment
from crm.ui.paging import Sort, shown_count

ON_CARD, PAGE_SIZE = 8, 50
BY_NAME = Sort("other_name")


@dataclass(frozen=True)
class FirstTies:
    rows: list[Employment]
    count: str
    is_all: bool


def ties_of(contact: Contact, user: User) -> QuerySet[Employment]:
    """Each with `other_name`, what BY_NAME sorts by."""
    other = "company" if contact.is_person else "person"
    rows = contact.employments if contact.is_person else contact.staff
    visible = Contact.objects.visible_to(user)
    found: QuerySet[Employment] = rows.filter(**{f"{other}__in": visible}).select_related(other)
    return found.annotate(other_name=F(f"{other}__sort_name"))


def first_ties(contact: Contact, user: User) -> FirstTies:
    """What a card shows, and how many there are; all in one statement."""
    every = ties_of(contact, user).annotate(found=Window(Count("pk")))
    rows: list[Any] = list(every.order_by(BY_NAME.field, "pk")[:ON_CARD])
    count = rows[0].found if rows else 0
    return FirstTies(rows, shown_count(count), is_all=count <= ON_CARD)
