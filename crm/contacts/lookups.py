"""What pickers find among companies and people, and create in place."""

from collections.abc import Sequence

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.contacts.hints import EMPLOYERS_SHOWN, employers_of
from crm.contacts.models import Area, Category, Contact, ProductGroup
from crm.contacts.names import first_and_last
from crm.records.actions import save_record
from crm.records.lookups import LIMIT, Find, Found, Lookup, find_items, register_lookup
from crm.records.models import Matches
from crm.records.pointed import lately_seen

BY_NAME = ("sort_name", "pk")


def _finder(type_: str) -> Find:
    def find(user: User, words: str) -> list[Found]:
        """Nothing typed yet: what was opened lately, if that is anything, or the first by name."""
        rows = Contact.objects.visible_to(user).filter(type=type_)
        if words:
            return _told(user, rows.looked_for(words, LIMIT))
        recent = [row for row in lately_seen(user, Contact) if row.type == type_]
        return _told(user, Matches(recent[:LIMIT] or list(rows.order_by(*BY_NAME)[:LIMIT])))

    return find


find_companies, find_persons = _finder(Contact.Type.COMPANY), _finder(Contact.Type.PERSON)


def find_staff(user: User, words: str, company: int) -> list[Found]:
    """The people of a company before all others (F2.18), and only they until something is typed."""
    seen = Contact.objects.visible_to(user)
    staff = seen.people().filter(employments__company__in=seen.filter(pk=company))
    rows = staff.best_matches(words, LIMIT) if words else list(staff.order_by(*BY_NAME)[:LIMIT])
    first = _told(user, Matches(rows))
    if first and not words:
        return first
    known = {found.id for found in first}
    others = [found for found in find_persons(user, words) if found.id not in known]
    return [*first, *others][:LIMIT]


def _told(user: User, matches: Matches) -> list[Found]:
    employers = employers_of(Contact.objects.visible_to(user), matches.rows)
    return [
        Found(row.pk, row.name, _hint(row, employers[row.pk]), matches.are_near)
        for row in matches.rows
    ]


def _hint(row: Contact, employers: Sequence[str] = ()) -> str:
    parts = (row.number or "", ", ".join(employers[:EMPLOYERS_SHOWN]), row.city)
    return " · ".join(part for part in parts if part)


def make_company(user: User, name: str) -> Found:
    record = Contact(type=Contact.Type.COMPANY, name=name[:200], owner=user)
    save_record(record, actor=user)
    return Found(record.pk, record.name, record.number or "")


def make_person(user: User, name: str) -> Found:
    first, last = first_and_last(name)
    record = Contact(type=Contact.Type.PERSON, first_name=first, last_name=last, owner=user)
    save_record(record, actor=user)
    return Found(record.pk, record.name, record.number or "")


def may_make(user: User) -> bool:
    return can(user, "change", "contact")


register_lookup("company", Lookup(find_companies, make_company, may_make))
register_lookup("contact-person", Lookup(find_persons, make_person, may_make, find_staff))
register_lookup("category", Lookup(find_items(Category)))
register_lookup("area", Lookup(find_items(Area)))
register_lookup("product-group", Lookup(find_items(ProductGroup)))
