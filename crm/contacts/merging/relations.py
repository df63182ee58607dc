"""Whatever points at a contact, found by asking the models: rows that move when contacts merge.

A row whose equal the survivor has already stays with the merged contact, out of sight: a second
favourite, the same phone, the same post in the same company. Undoing finds it there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction

from crm.accounts.models import User
from crm.contacts.models import Address, Contact, Email, FormerContact, Likeness, Phone
from crm.contacts.names import mail_key, norm, phone_key
from crm.records.belongings import FLEETING
from crm.records.models import Pointer, Record, RecordQuerySet

Moved = dict[str, list[Any]]  # place: keys of rows

# What two rows are compared by, before a second one of the same comes along.
SAME: dict[type[models.Model], Callable[[Any], str]] = {
    Address: lambda row: norm(str(row)),
    Email: lambda row: mail_key(row.address),
    Phone: lambda row: phone_key(row.number) or row.number,
}
# What the merge itself writes: which merge led here, which row waits, who may see the result.
OWN = (
    "contacts.merge.survivor_id",
    "contacts.formercontact.contact_id",
    "contacts.contact_viewers.contact_id",
)


@dataclass(frozen=True)
class Place:
    """A column of `model` that names a contact; `kind` is its neighbour that says so, if any."""

    model: Any
    column: str
    kind: str = ""

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.column}"

    def at(self, key: int) -> models.QuerySet:
        return self.rows().filter(**{self.column: key})

    def rows(self) -> models.QuerySet:
        rows: models.QuerySet = self.model._base_manager.all()
        return rows.filter(**{self.kind: _content_type()}) if self.kind else rows

    @property
    def is_worth_telling(self) -> bool:
        """To the person who merges; mails about it belong to those who got them."""
        if self.kind:
            return issubclass(self.model, Pointer) and not issubclass(self.model, FLEETING)
        return self.model not in (Likeness, FormerContact) and not self.model._meta.auto_created

    def seen_by(self, user: User) -> models.QuerySet:
        """Rows whose existence `user` may know of (E11)."""
        rows = self.rows()
        if issubclass(self.model, Record):
            rows = rows.filter(pk__in=self.model.objects.visible_to(user))
        for field in self.model._meta.concrete_fields:
            if field.related_model is Contact and field.attname != self.column:
                seen: RecordQuerySet = Contact.objects.visible_to(user)
                rows = rows.filter(**{f"{field.name}__in": seen})
        return rows


@cache
def places() -> tuple[Place, ...]:
    """Every column that can name a contact and moves; of later apps, too."""
    return tuple(place for place in all_places() if place.label not in OWN)


def all_places() -> Iterator[Place]:
    for relation in Contact._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            yield Place(relation.related_model, relation.field.attname)  # type: ignore[union-attr]  # a reverse one has both
    for model in apps.get_models():
        for field in model._meta.private_fields:
            if isinstance(field, GenericForeignKey):
                yield Place(model, field.fk_field, field.ct_field)


def move(old: int, new: int) -> Moved:
    """Whatever points at `old` points at `new`; answers what moved."""
    moved: Moved = {}
    for place in places():
        keys = _without_equals(place, old, new)
        if gone := repoint(place, keys, old, new):
            moved[place.label] = gone
    return moved


def give_back(moved: Moved, old: int, new: int) -> int:
    """The other way round, for those still at `new`: how many are not there any more."""
    missing = 0
    for place in places():
        keys = moved.get(place.label, [])
        missing += len(keys) - len(repoint(place, keys, new, old))
    return missing


def repoint(place: Place, keys: Iterable[Any], old: int, new: int) -> list[Any]:
    """The keys of those that now point at `new`; who may not stays where it is."""
    wanted = list(place.at(old).filter(pk__in=list(keys)).order_by("pk").values_list("pk"))
    found = [key for (key,) in wanted]
    if not found or _all_at_once(place, found, new):
        return found
    return [key for key in found if _all_at_once(place, [key], new)]


def _all_at_once(place: Place, keys: list[Any], new: int) -> bool:
    """False if a constraint of the table, which we need not know, speaks against one of them."""
    try:
        with transaction.atomic():
            place.model._base_manager.filter(pk__in=keys).update(**{place.column: new})
    except IntegrityError:
        return False
    return True


def _without_equals(place: Place, old: int, new: int) -> list[Any]:
    same = SAME.get(place.model)
    if same is None:
        return list(place.at(old).values_list("pk", flat=True))
    known = {same(row) for row in place.at(new)}
    return [row.pk for row in place.at(old) if same(row) not in known]


def _content_type() -> ContentType:
    return ContentType.objects.get_for_model(Contact)


@dataclass(frozen=True)
class Movement:
    """How many rows of a kind hang on each contact, in the order asked for."""

    label: str
    counts: list[int]


def what_moves(contacts: list[Contact], user: User) -> list[Movement]:
    """By kind, as far as `user` may know; only kinds that there are."""
    found: dict[str, dict[int, int]] = {}
    keys = [contact.pk for contact in contacts]
    for place in filter(lambda place: place.is_worth_telling, places()):
        rows = place.seen_by(user).filter(**{f"{place.column}__in": keys}).order_by()
        counted = rows.values_list(place.column).annotate(count=models.Count("pk"))
        kind = found.setdefault(str(place.model._meta.verbose_name_plural), {})
        for key, count in counted:
            kind[key] = kind.get(key, 0) + count
    return [
        Movement(label, [counts.get(key, 0) for key in keys])
        for label, counts in found.items()
        if counts
    ]
