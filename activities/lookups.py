"""What pickers of activities find."""

from crm.accounts.models import User
from crm.contacts.lookups import find_companies, find_persons, make_company, may_make
from crm.records.lookups import LIMIT, Found, Lookup, register_lookup


def find_customers(user: User, words: str) -> list[Found]:
    """Companies first, then people: a customer may be either."""
    companies = list(find_companies(user, words))
    return [*companies, *find_persons(user, words)][: max(LIMIT, len(companies))]


register_lookup("customer", Lookup(find_customers, make_company, may_make))
