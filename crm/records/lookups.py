"""What pickers ask: /lookup/<name>/?q=. An app declares its own with @lookup."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.errors import ActionRefused
from crm.records.models import ListItem, Record, Tag, record_kinds
from crm.records.models.choices import NAME_FIELDS
from crm.records.models.tag import tag_key
from crm.records.pointed import lately_seen
from crm.records.tagged import tags_seen_by

LIMIT = 12


@dataclass(frozen=True)
class Found:
    id: int | str
    label: str
    hint: str = ""
    is_near: bool = False  # has not what was typed, but something like it


Find = Callable[[User, str], Iterable[Found]]
Make = Callable[[User, str], Found]


@dataclass(frozen=True)
class Lookup:
    """`find(user, words)` answers what `user` may choose; `make(user, name)` creates in place;
    `find_of(user, words, key)` what belongs to one record before the rest."""

    find: Find
    make: Make | None = None
    may_make: Callable[[User], bool] = lambda user: True
    find_of: Callable[[User, str, int], Iterable[Found]] | None = None
    make_label: Callable[[str], str] = lambda name: _("Create “%(name)s”") % {"name": name}


_registry: dict[str, Lookup] = {}


def register_lookup(name: str, entry: Lookup) -> None:
    _registry[name] = entry


def lookup_named(name: str) -> Lookup | None:
    return _registry.get(name)


def lookup_names() -> list[str]:
    return sorted(_registry)


def find_people(user: User, words: str) -> list[Found]:
    rows = _called(words).filter(is_active=True)[:LIMIT]
    return [Found(person.pk, person.name, person.username) for person in rows]


def find_everybody(user: User, words: str) -> list[Found]:
    """Those who left come last and are marked: to be looked for, never to be chosen for a task."""
    return [Found(row.pk, name_ever(row), row.username) for row in _called(words)[:LIMIT]]


def name_ever(person: User) -> str:
    if person.is_active:
        return person.name
    return _("%(name)s (left)") % {"name": person.name}


def _called(words: str) -> QuerySet[User]:
    rows = User.objects.annotate(whole=Concat("first_name", Value(" "), "last_name"))
    rows = rows.filter(Q(whole__icontains=words) | Q(username__istartswith=words))
    return rows.order_by("-is_active", "first_name", "last_name", "pk")


def find_tags(user: User, words: str) -> list[Found]:
    rows = tags_seen_by(user).filter(key__contains=tag_key(words))[:LIMIT]
    return [Found(tag.pk, tag.name) for tag in rows]


def make_tag(user: User, name: str) -> Found:
    if not tag_key(name):
        raise ActionRefused(_("Type a name first."))
    tag, _created = Tag.objects.get_or_create(key=tag_key(name)[:60], defaults={"name": name[:60]})
    return Found(tag.pk, tag.name)


def find_items(model: type[ListItem]) -> Find:
    """Looks in all four names, shows the one of the active language; what is seen to match comes
    first: the first one is chosen by Enter."""

    def find(user: User, words: str) -> list[Found]:
        anywhere = Q()
        for field in NAME_FIELDS:
            anywhere |= Q(**{f"{field}__icontains": words})
        found = [Found(item.pk, str(item)) for item in model.objects.active().filter(anywhere)]
        return sorted(found, key=lambda item: _how_far(item.label, words))[:LIMIT]

    return find


def records_called(user: User, words: str) -> list[Record]:
    """Of every kind: what begins with the words first, then the best of each; nothing typed yet:
    what was opened lately."""
    found: list[list[Record]] = []
    for model in record_kinds().values():
        seen = model.objects.visible_to(user)
        rows = seen.looked_for(words, LIMIT).rows if words else lately_seen(user, model)[:LIMIT]
        found.append(rows)
    ranked = [record for rank in zip_longest(*found) for record in rank if record is not None]
    return sorted(ranked, key=lambda record: _how_far(str(record), words))[:LIMIT]


def find_records(user: User, words: str) -> list[Found]:
    return [
        Found(f"{row.kind}:{row.pk}", str(row), f"{row._meta.verbose_name} · {row.number}")
        for row in records_called(user, words)
    ]


def _how_far(label: str, words: str) -> int:
    """0: begins with the words, 1: has them, 2: only its name in another language has."""
    label, words = label.casefold(), words.strip().casefold()
    return 0 if label.startswith(words) else 1 if words in label else 2


register_lookup("person-here", Lookup(find_people))
register_lookup("person-ever", Lookup(find_everybody))
register_lookup("tag", Lookup(find_tags, make_tag))
register_lookup("record", Lookup(find_records))
