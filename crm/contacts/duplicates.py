"""Who is here already: asked while somebody types, and before a new contact is saved (F2.14, B38).

Exact keys through the words of the search column (see names.py), then names that begin alike or
share words. Only among what the asker sees: nobody learns of the others (E11).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.frequent import rows_with
from crm.contacts.models import Contact, ContactQuerySet, Likeness, Reason
from crm.contacts.models.finding import MANY
from crm.contacts.models.merging import STRONG, in_words
from crm.contacts.names import (
    LONGEST_WORD,
    begins,
    core,
    mail_key,
    name_term,
    phone_term,
    squash,
    tax_term,
)
from crm.records.actions import record_event

SHOWN, LOOKED_AT = 5, 40
SHORTEST_START = 4  # letters of a name, before others that begin so are worth telling
ALIKE = 0.4  # of the words of two names, those they share
SPELLED_ALIKE = 0.6  # of what was typed, three letters by three; a warning is no search
MAIL = re.compile(r".@.")
MOST_OF_A_KIND = 20  # names, phones … of one form that are looked for


@dataclass(frozen=True)
class Traits:
    """What is typed so far of a contact, by which others are recognised."""

    type: str
    names: Sequence[str] = ()
    tax_ids: Sequence[str] = ()
    mails: Sequence[str] = ()
    phones: Sequence[str] = ()

    @classmethod
    def sent(cls, type_: str, data: Mapping[str, Any]) -> "Traits":
        """From the form of a contact, as far as it is filled in."""

        def rows(prefix: str, name: str) -> list[str]:
            keys = [f"{prefix}-{n}-{name}" for n in range(MOST_OF_A_KIND)]
            gone = {
                f"{prefix}-{n}-{name}"
                for n in range(MOST_OF_A_KIND)
                if data.get(f"{prefix}-{n}-DELETE")
            }
            return [data.get(key, "") for key in keys if key not in gone]

        whole = f"{data.get('first_name', '')} {data.get('last_name', '')}"
        name = whole if type_ == Contact.Type.PERSON else data.get("name", "")
        return cls(
            type=type_,
            names=[name, *data.get("aliases", "").splitlines()][:MOST_OF_A_KIND],
            tax_ids=[data.get("vat_id", ""), data.get("tax_code", "")],
            mails=rows("emails", "address"),
            phones=rows("phones", "number"),
        )

    @property
    def keys(self) -> dict[Reason, set[str]]:
        """The marked words that somebody else must have, by what that would say."""
        found = {
            Reason.TAX: set(map(tax_term, self.tax_ids)),
            Reason.MAIL: {key for key in map(mail_key, self.mails) if MAIL.search(key)},
            Reason.NAME: set(map(name_term, self.names)),
            Reason.PHONE: set(map(phone_term, self.phones)),
        }
        return {reason: keys - {""} for reason, keys in found.items() if keys - {""}}


@dataclass(frozen=True)
class Likely:
    contact: Contact
    reasons: list[Reason]
    typed: str  # its name, as far as there is one

    @property
    def in_words(self) -> list[str]:
        return in_words(self.reasons, self.typed, self.contact.name)

    @property
    def is_strong(self) -> bool:
        return not STRONG.isdisjoint(self.reasons)

    @property
    def rank(self) -> tuple[int, int, int]:
        order = list(Reason)
        return (order.index(self.reasons[0]), -len(self.reasons), self.contact.pk)


def likely_same(user: User, traits: Traits, *, but: int | None = None) -> list[Likely]:
    """The surest first; `but` is the key of the contact that is being edited."""
    rows: ContactQuerySet = Contact.objects.visible_to(user).filter(type=traits.type)
    rows = rows.exclude(pk=but).select_related("owner") if but else rows.select_related("owner")
    if any(traits.mails):
        rows = rows.prefetch_related("emails")
    found: dict[int, Likely] = {}
    name = " ".join(traits.names[0].split()) if traits.names else ""
    keys = traits.keys
    sure = set().union(*(keys.get(reason, set()) for reason in STRONG))
    for words in (_any_of(sure), _any_of(keys.get(Reason.PHONE, ())), *_starts(traits.names)):
        if not words or len(found) >= SHOWN:
            continue
        for contact in rows.filter(search__finds=words).order_by("pk")[:LOOKED_AT]:
            if reasons := _reasons(contact, keys, traits.names):
                found.setdefault(contact.pk, Likely(contact, reasons, name))
    if len(squash(name)) >= SHORTEST_START and len(found) < SHOWN:
        # The search's own near misses, if they are very near.
        near = [row.pk for row in rows.similar(name, SHOWN) if row.likeness >= SPELLED_ALIKE]
        for contact in rows.filter(pk__in=near) if near else ():
            reasons = _reasons(contact, keys, traits.names) or [Reason.SIMILAR]
            found.setdefault(contact.pk, Likely(contact, reasons, name))
    return sorted(found.values(), key=lambda likely: likely.rank)[:SHOWN]


@transaction.atomic
def keep_apart(contact: Contact, others: Iterable[Contact], *, actor: User) -> None:
    """Somebody saved `contact` although it looks like `others`: written down, and remembered."""
    rows = list(others)
    for other in rows:
        _remember_apart(contact, other, actor)
    changes = [{"field": "not_same", "old": [], "new": _keys(rows)}]
    record_event(contact, "kept_apart", actor=actor, changes=changes)


@transaction.atomic
def part(one: Contact, other: Contact, *, actor: User) -> None:
    """The two are not the same, says `actor`; the first who said so stays the one who did."""
    if _remember_apart(one, other, actor):
        for contact, far in ((one, other), (other, one)):
            changes = [{"field": "not_same", "old": [], "new": _keys([far])}]
            record_event(contact, "told_apart", actor=actor, changes=changes)


@transaction.atomic
def unpart(pair: Likeness, *, actor: User) -> None:
    """They may be the same after all."""
    parted = Likeness.objects.parted().select_related("one", "other")
    stored = parted.select_for_update(of=("self",)).filter(pk=pair.pk).first()
    if stored is None:
        return
    for contact, far in ((stored.one, stored.other), (stored.other, stored.one)):
        changes = [{"field": "not_same", "old": _keys([far]), "new": []}]
        record_event(contact, "not_told_apart", actor=actor, changes=changes)
    if not stored.score:  # nothing but that word of somebody ever tied them
        stored.delete()
        return
    stored.parted_at = stored.parted_by = None
    stored.save(update_fields=["parted_at", "parted_by"])


def _remember_apart(one: Contact, other: Contact, actor: User) -> bool:
    """False if somebody has said so before."""
    first, last = sorted((one.pk, other.pk))
    pair = Likeness.objects.of_pair(first, last).select_for_update().first()
    pair = pair or Likeness(one_id=first, other_id=last, type=one.type)
    if pair.parted_at:
        return False
    pair.parted_at, pair.parted_by = timezone.now(), actor
    pair.save()
    return True


def _keys(contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    """For the history: never by name, because who reads it may not see them."""
    return [{"kind": Contact.kind, "pk": contact.pk} for contact in contacts]


def _any_of(words: Iterable[str]) -> str:
    return " | ".join(f"'{word}'" for word in sorted(words))


def _starts(names: Sequence[str]) -> list[str]:
    """What finds names that begin alike, or with the same two words; frequent words say nothing."""
    starts, words = [], []
    for name in names:
        parts, bare = core(name).split(), squash(name)
        is_rare = bool(parts) and rows_with(parts[0]) < MANY
        if len(bare) >= SHORTEST_START and (is_rare or len(parts) > 1):
            starts.append(begins(name_term(name)))
        if len(parts) > 1 and is_rare:
            words.append(f"('{parts[0][:LONGEST_WORD]}' & '{parts[1][:LONGEST_WORD]}')")
        elif parts and len(parts[0]) >= SHORTEST_START and not rows_with(parts[0]):
            words.append(f"'{parts[0][:LONGEST_WORD]}'")
    return [" | ".join([*starts, *words])] if starts or words else []


def _reasons(contact: Contact, keys: dict[Reason, set[str]], names: Sequence[str]) -> list[Reason]:
    """Why, the surest first: its words are asked, so that each reason is one that was found."""
    words = contact.search
    found = [reason for reason, some in keys.items() if any(f"'{key}'" in words for key in some)]
    if Reason.MAIL in found:  # "info@bar" is a word of info@bar-roma.example, too
        mails = {mail_key(mail.address) for mail in contact.emails.all()}
        if mails.isdisjoint(keys[Reason.MAIL]):
            found.remove(Reason.MAIL)
    if Reason.NAME not in found and _is_similar(names, (contact.name, *contact.aliases)):
        found.append(Reason.SIMILAR)
    return found


def _is_similar(mine: Iterable[str], theirs: Sequence[str]) -> bool:
    return any(_alike(core(one), core(other)) for one in mine for other in theirs)


def _alike(one: str, other: str) -> bool:
    bare = one.replace(" ", "")
    if len(bare) >= SHORTEST_START and other.replace(" ", "").startswith(bare):
        return True
    mine, theirs = set(one.split()), set(other.split())
    return bool(mine) and len(mine & theirs) / len(mine | theirs) >= ALIKE
