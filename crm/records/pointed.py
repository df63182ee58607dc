"""The records that notifications, favourites and recent views point at, as far as one sees them."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType

from crm.accounts.models import User
from crm.records.models import Pointer, Record

Place = tuple[int, int]  # content type, key


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
