"""What pickers of activities find."""

from crm.accounts.models import User
from crm.contacts.lookups import find_companies, find_persons, make_company, may_make
from crm.records.lookups import LIMIT, Found, Lookup, register_lookup

PEOPLE = 4  # at least so many of them, if there are


def find_customers(user: User, words: str) -> list[Found]:
    """Companies first, then people: a customer may be either."""
    companies, persons = list(find_companies(user, words)), list(find_persons(user, words))
    return [*companies[: LIMIT - min(len(persons), PEOPLE)], *persons][:LIMIT]


register_lookup("customer", Lookup(find_customers, make_company, may_make))
