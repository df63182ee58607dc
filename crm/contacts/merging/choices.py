"""Which of several values stays, field by field; what is a list is united."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.contacts.models import Contact
from crm.records.models import CustomField, custom_fields

Picks = Mapping[str, int]  # field: key of the contact whose value stays

NAMES = ("name", "first_name", "last_name")
PLAIN = ("stage", "owner", "team", "vat_id", "tax_code", "preferred_channel", "language")
LISTS = ("aliases", "websites", "former_numbers")
LONGEST_ALIAS = 200


@dataclass(frozen=True)
class Facet:
    """One thing that a contact has one of. `text` is how a person reads it, "" for nothing."""

    name: str
    label: str
    text: Callable[[Contact], str]
    take: Callable[[Contact, Contact], None]  # from, to

    def chosen(self, contacts: Sequence[Contact], picks: Picks) -> Contact:
        """The one picked, else the first that has something; the survivor comes first."""
        by_key = {contact.pk: contact for contact in contacts}
        picked = by_key.get(picks.get(self.name, 0))
        return picked or next(filter(self.text, contacts), contacts[0])


@dataclass(frozen=True)
class Option:
    contact: Contact
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    name: str
    label: str
    options: list[Option]


def facets() -> list[Facet]:
    plain = [_plain(name) for name in PLAIN]
    own = [_custom(field) for field in custom_fields(Contact.kind)]
    return [_name(), *plain, *own]


def questions(contacts: Sequence[Contact], picks: Picks) -> list[Question]:
    """Where two of them have different values; one option a value."""
    found = []
    for facet in facets():
        chosen = facet.chosen(contacts, picks)
        texts = {facet.text(contact): contact for contact in reversed(contacts)}
        texts.pop("", None)
        if len(texts) > 1:
            texts[facet.text(chosen)] = chosen
            options = [
                Option(contact, text, contact is chosen)
                for text, contact in sorted(texts.items(), key=lambda one: one[1].pk)
                if text
            ]
            found.append(Question(facet.name, facet.label, options))
    return found


def combine(contacts: Sequence[Contact], picks: Picks) -> None:
    """Give the first of `contacts`, the survivor, what was picked and what all of them list."""
    survivor = contacts[0]
    sources = [(facet, facet.chosen(contacts, picks)) for facet in facets()]
    lists = united(contacts, picks)
    custom: dict[str, Any] = {}
    for contact in reversed(contacts):
        custom |= contact.custom
    kept = {facet.name: (facet, source) for facet, source in sources if source is not survivor}
    survivor.custom = custom
    for facet, source in kept.values():
        facet.take(source, survivor)
    survivor.aliases, survivor.websites = lists["aliases"], lists["websites"]
    survivor.notes = "\n\n".join(lists["notes"])
    survivor.former_numbers = unite(
        *(one.former_numbers for one in contacts), [str(one.number) for one in contacts[1:]]
    )


def united(contacts: Sequence[Contact], picks: Picks) -> dict[str, list[str]]:
    """What all of them say, each once, as the one that stays will have it."""
    name = _name().chosen(contacts, picks).name
    names = unite(*(one.aliases for one in contacts), [one.name for one in contacts])
    aliases = unite(alias[:LONGEST_ALIAS] for alias in names)
    return {
        "aliases": [alias for alias in aliases if alias != name],
        "websites": unite(*(one.websites for one in contacts)),
        "notes": unite(one.notes.strip() for one in contacts),
    }


def unite(*lists: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(item for items in lists for item in items if item))


def _name() -> Facet:
    return Facet("name", _("Name"), str, partial(_copy, NAMES))


def _plain(name: str) -> Facet:
    field: Any = Contact._meta.get_field(name)

    def text(contact: Contact) -> str:
        if field.choices:
            return str(getattr(contact, f"get_{name}_display")())
        value = getattr(contact, name)
        return str(getattr(value, "name", value) or "")

    return Facet(name, capfirst(str(field.verbose_name)), text, partial(_copy, (name,)))


def _custom(field: CustomField) -> Facet:
    def take(source: Contact, target: Contact) -> None:
        target.custom = target.custom | {field.key: source.custom.get(field.key)}

    def text(contact: Contact) -> str:
        return field.display(contact.custom.get(field.key))

    return Facet(field.form_name, str(field), text, take)


def _copy(names: Iterable[str], source: Contact, target: Contact) -> None:
    for name in names:
        setattr(target, name, getattr(source, name))
