"""Several contacts become one, in one transaction that keeps what undoing needs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.contacts.merging.access import Access
from crm.contacts.merging.choices import LISTS, NAMES, PLAIN, Picks, combine
from crm.contacts.merging.order import Positions, put_behind
from crm.contacts.merging.relations import Moved, move
from crm.contacts.models import Contact, ContactQuerySet, Employment, FormerContact, Merge
from crm.records.actions import record_event, save_record
from crm.records.errors import ActionRefused, Outdated

FEWEST, MOST = 2, 10
COLUMNS = (
    *NAMES,
    *(f"{name}_id" if name in ("owner", "team") else name for name in PLAIN),
    *LISTS,
    "notes",
    "is_restricted",
    "custom",
)


@dataclass(frozen=True)
class Wish:
    """`versions` are those that the person saw, by key."""

    keys: tuple[int, ...]
    survivor: int
    picks: Picks = field(default_factory=dict)
    versions: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def merge_contacts(wish: Wish, *, actor: User) -> Merge:
    """Raises Outdated when one was saved since it was seen, ActionRefused when one is gone."""
    contacts = _locked(wish, actor)
    survivor, others = contacts[0], contacts[1:]
    before = columns_of(survivor)
    seen_before = viewers_of(survivor)
    access = Access.of(contacts)
    combine(contacts, wish.picks)
    viewers = access.settle(survivor, actor=actor)
    merge = Merge(survivor=survivor, actor=actor)
    moved: dict[str, Moved] = {}
    positions: Positions = {}
    ties: list[dict[str, Any]] = []

    def write(record: Contact) -> None:
        for other in others:
            ties.extend(_complete_ties(other, record))
            moved[str(other.pk)] = move(other.pk, record.pk)
        positions.update(put_behind(record.pk, list(moved.values())))
        record.viewers.set(viewers)
        merge.save()
        _hide(others, merge, actor)

    save_record(survivor, actor=actor, write=write)
    merge.snapshot = {
        "before": before,
        "after": columns_of(survivor),
        "viewers": {"before": seen_before, "after": viewers},
        "moved": moved,
        "positions": positions,
        "ties": ties,
    }
    _tell(survivor, others, actor)
    merge.at = timezone.now()  # after all that was written for it
    merge.save()
    return merge


def mergeable(user: User) -> ContactQuerySet:
    """What `user` may give to another, or receive another with."""
    rows: ContactQuerySet = Contact.objects.visible_to(user).permitted(user, "change")
    return rows


def _locked(wish: Wish, actor: User) -> list[Contact]:
    """The survivor first. In the order of their keys, so that two merges never wait crosswise."""
    keys = sorted(set(wish.keys))
    if wish.survivor not in keys:
        raise ActionRefused(_("Choose which one stays."))
    if not FEWEST <= len(keys) <= MOST:
        raise ActionRefused(_("Choose two to ten of them."))
    found = mergeable(actor).filter(pk__in=keys).order_by("pk")
    contacts = list(found.select_for_update(of=("self",)))
    others = set(keys) - {wish.survivor}
    ending = Contact.objects.permitted(actor, "delete").filter(pk__in=others)
    if len(contacts) < len(keys) or ending.count() < len(others):
        raise ActionRefused(
            _("One of them is not there any more, or not yours to merge. Nothing was changed.")
        )
    if len({contact.type for contact in contacts}) > 1:
        raise ActionRefused(_("A company and a person cannot be the same."))
    if any(wish.versions.get(one.pk, one.version) != one.version for one in contacts):
        raise Outdated
    return sorted(contacts, key=lambda contact: (contact.pk != wish.survivor, contact.pk))


def columns_of(contact: Contact) -> dict[str, Any]:
    """What a merge may change, as JSON keeps it."""
    return {name: getattr(contact, name) for name in COLUMNS}


def viewers_of(contact: Contact) -> list[int]:
    return sorted(contact.viewers.values_list("pk", flat=True))


def _complete_ties(other: Contact, survivor: Contact) -> list[dict[str, Any]]:
    """Who works in both (or is both) has one post: it gets what only the other one says."""
    own, far = ("person", "company") if survivor.is_person else ("company", "person")
    there = {tie.serializable_value(far): tie for tie in _ties(own, survivor)}
    changed = []
    for tie in _ties(own, other):
        kept = there.get(tie.serializable_value(far))
        if kept is None:
            continue
        before = post_of(kept)
        for name, value in post_of(tie).items():
            setattr(kept, name, getattr(kept, name) or value)
        if before != post_of(kept):
            kept.save()
            changed.append({"row": kept.pk, "before": before, "after": post_of(kept)})
    return changed


def _ties(own: str, contact: Contact) -> Iterable[Employment]:
    return Employment.objects.filter(**{own: contact}).order_by("pk")


def post_of(tie: Employment) -> dict[str, str]:
    return {name: getattr(tie, name) for name in ("function", "role", "preferred_channel")}


def _hide(others: Sequence[Contact], merge: Merge, actor: User) -> None:
    keys = [other.pk for other in others]
    Contact.objects.filter(pk__in=keys).update(trashed_at=timezone.now(), trashed_by=actor)
    FormerContact.objects.bulk_create(
        FormerContact(key=key, contact_id=key, survivor_id=merge.survivor_id, merge=merge)
        for key in keys
    )


def _tell(survivor: Contact, others: Sequence[Contact], actor: User) -> None:
    """By codes, never by names: one day somebody may read it who saw only one of them."""
    codes = [str(other.number) for other in others]
    changes = [{"field": "former_numbers", "old": [], "new": codes}]
    record_event(survivor, "merged", actor=actor, changes=changes)
    for other in others:
        record_event(other, "merged_away", actor=actor, text=str(survivor.number))
