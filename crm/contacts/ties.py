"""Who works where, as far as one sees both: the people of a company, the companies of a person."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from crm.accounts.models import User
from crm.contacts.models import Contact, Employment
from crm.ui.paging import Sort, capped_counts, shown_count

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
    """What a card shows; only where there are more are they counted, and no further than needed."""
    every = ties_of(contact, user)
    rows = list(every.order_by(BY_NAME.field, "pk")[: ON_CARD + 1])
    is_all = len(rows) <= ON_CARD
    count = len(rows) if is_all else capped_counts({"all": every.select_related(None)})["all"]
    return FirstTies(rows[:ON_CARD], shown_count(count), is_all)
