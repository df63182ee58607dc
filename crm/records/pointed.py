"""The records that notifications, favourites and recent views point at, as far as one sees them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType

from crm.accounts.models import User
from crm.records.models import Pointer, RecentView, Record

Place = tuple[int, int]  # content type, key
ASKED = 40  # some may not be visible any more


def place_of(pointer: Pointer) -> Place:
    return pointer.content_type_id, pointer.object_id


def records_at(reader: User, pointers: Iterable[Pointer]) -> dict[Place, Record]:
    """Those `reader` may see now (E11); one statement a kind."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for content_type_id, pk in map(place_of, pointers):
        wanted[content_type_id].add(pk)
    found: dict[Place, Record] = {}
    for content_type_id, pks in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None and issubclass(model, Record):
            for record in model.objects.visible_to(reader).filter(pk__in=pks):
                found[content_type_id, record.pk] = record
    return found


def seen_among(reader: User, pointers: Iterable[Pointer]) -> list[Record]:
    """In the order given."""
    rows = list(pointers)
    found = records_at(reader, rows)
    return [found[place] for place in map(place_of, rows) if place in found]


def lately_seen(user: User, model: type[Record]) -> list[Any]:
    """The records of this kind that `user` opened lately and still sees, the last one first."""
    kind = ContentType.objects.get_for_model(model)
    views = RecentView.objects.filter(user=user, content_type=kind).order_by("-at")
    return seen_among(user, views[:ASKED])
