"""What hangs on a record and would go with it (F0.26), and what would be in the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

from crm.records.models import Favourite, Notification, Pointer, RecentView, Record

# Gone too, but not worth a line in a warning.
FLEETING = (Favourite, Notification, RecentView)


@dataclass(frozen=True)
class Belonging:
    label: str
    count: int


def pointers() -> Iterator[type[Pointer]]:
    return (model for model in apps.get_models() if issubclass(model, Pointer))


def place_of(record: Record) -> dict[str, object]:
    return {
        "content_type": ContentType.objects.get_for_model(record),
        "object_id": record.pk,
    }


def what_goes_with(record: Record) -> list[Belonging]:
    """Rows of other tables that a purge ends, counted by kind; only kinds that there are."""
    place = place_of(record)
    rows: list[models.QuerySet] = [
        model._default_manager.filter(**place)
        for model in pointers()
        if not issubclass(model, FLEETING)
    ]
    rows += _related(record, models.CASCADE)
    return _counted(rows)


def what_needs(record: Record) -> list[Belonging]:
    """Rows that forbid the purge."""
    return _counted([*_related(record, models.PROTECT), *_related(record, models.RESTRICT)])


def _related(record: Record, on_delete: object) -> list[models.QuerySet]:
    return [
        relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
        for relation in record._meta.related_objects
        if relation.on_delete is on_delete and not relation.related_model._meta.auto_created
    ]


def _counted(querysets: Iterable[models.QuerySet]) -> list[Belonging]:
    counts: dict[str, int] = {}
    for rows in querysets:
        label = str(rows.model._meta.verbose_name_plural)
        counts[label] = counts.get(label, 0) + rows.count()
    return [Belonging(label, count) for label, count in counts.items() if count]
