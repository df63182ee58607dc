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


def _finder(type_: str) -> Find:
    def find(user: User, words: str) -> list[Found]:
        """Nothing typed yet: what was opened lately, if that is anything, or the first by name."""
        rows = Contact.objects.visible_to(user).filter(type=type_)
        if words:
            matches = rows.looked_for(words, LIMIT)
        else:
            recent = [row for row in lately_seen(user, Contact) if row.type == type_]
            matches = Matches(recent[:LIMIT] or list(rows.order_by("sort_name", "pk")[:LIMIT]))
        employers = employers_of(user, matches.rows)
        return [
            Found(row.pk, row.name, _hint(row, employers[row.pk]), matches.are_near)
            for row in matches.rows
        ]

    return find


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


register_lookup("company", Lookup(_finder(Contact.Type.COMPANY), make_company, may_make))
register_lookup("contact-person", Lookup(_finder(Contact.Type.PERSON), make_person, may_make))
register_lookup("category", Lookup(find_items(Category)))
register_lookup("area", Lookup(find_items(Area)))
register_lookup("product-group", Lookup(find_items(ProductGroup)))
