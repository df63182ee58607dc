"""What pickers find among companies and people, and create in place."""

from crm.accounts.models import User
from crm.accounts.rights import can
from crm.contacts.models import Area, Category, Contact, ContactQuerySet, ProductGroup
from crm.records.actions import save_record
from crm.records.lookups import LIMIT, Find, Found, Lookup, find_items, register_lookup


def _finder(type_: str) -> Find:
    def find(user: User, words: str) -> list[Found]:
        rows: ContactQuerySet = Contact.objects.visible_to(user).filter(type=type_)
        found = rows.matching(words).order_by("sort_name", "pk")[:LIMIT]
        return [Found(row.pk, row.name, _hint(row)) for row in found]

    return find


def _hint(row: Contact) -> str:
    return " · ".join(part for part in (row.number or "", row.city) if part)


def make_company(user: User, name: str) -> Found:
    record = Contact(type=Contact.Type.COMPANY, name=name[:200], owner=user)
    save_record(record, actor=user)
    return Found(record.pk, record.name, record.number or "")


def make_person(user: User, name: str) -> Found:
    first, _gap, last = name.strip().rpartition(" ")
    record = Contact(
        type=Contact.Type.PERSON, first_name=first[:100], last_name=last[:100], owner=user
    )
    save_record(record, actor=user)
    return Found(record.pk, record.name, record.number or "")


def may_make(user: User) -> bool:
    return can(user, "change", "contact")


register_lookup("company", Lookup(_finder(Contact.Type.COMPANY), make_company, may_make))
register_lookup("contact-person", Lookup(_finder(Contact.Type.PERSON), make_person, may_make))
register_lookup("category", Lookup(find_items(Category)))
register_lookup("area", Lookup(find_items(Area)))
register_lookup("product-group", Lookup(find_items(ProductGroup)))
