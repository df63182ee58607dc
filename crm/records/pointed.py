"""The records that favourites, recent views and the like point at, as far as one sees them."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType

from crm.accounts.models import User
from crm.records.models import Pointer, Record


def seen_among(reader: User, pointers: Iterable[Pointer]) -> list[Record]:
    """In the order given, those `reader` may see now (E11); one statement a kind."""
    rows = list(pointers)
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.content_type_id].add(row.object_id)
    found: dict[tuple[int, int], Record] = {}
    for content_type_id, pks in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None and issubclass(model, Record):
            for record in model.objects.visible_to(reader).filter(pk__in=pks):
                found[content_type_id, record.pk] = record
    places = [(row.content_type_id, row.object_id) for row in rows]
    return [found[place] for place in places if place in found]
