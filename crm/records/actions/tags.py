"""Keeping tags in order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.accounts.ledger import note_deletion
from crm.accounts.models import User
from crm.records.models import Event, Record, Tag, record_kinds

BATCH = 5000


@transaction.atomic
def merge_tags(keep: Tag, others: Iterable[Tag], *, actor: User | None) -> int:
    """Whatever carries one of `others` carries `keep` instead; they end. How many ended.

    Every record that this changes says so in its history. No statement is made for a single
    record: tags are on thousands of them.
    """
    gone = [tag for tag in others if tag.pk != keep.pk]
    _hold_still(gone)
    for model in record_kinds().values():
        tagged = _tagged(model, gone)
        for start in range(0, len(tagged), BATCH):
            _retag(model, tagged[start : start + BATCH], gone, keep, actor)
    note_deletion(gone, actor=actor)
    Tag.objects.filter(pk__in=[tag.pk for tag in gone]).delete()
    return len(gone)


def _hold_still(gone: Sequence[Tag]) -> None:
    """Records first and tags after them, in which order saving a record locks them too; from then
    on nobody else can put one of `gone` on anything."""
    for model in record_kinds().values():
        records = model._base_manager.filter(pk__in=_tagged(model, gone)).order_by("pk")
        list(records.select_for_update().values_list("pk"))
    tags = Tag.objects.filter(pk__in=[tag.pk for tag in gone]).order_by("pk")
    list(tags.select_for_update().values_list("pk"))


def _tagged(model: type[Record], tags: Sequence[Tag]) -> list[int]:
    """Keys of the records that carry one of `tags`, those in the trash too."""
    rows = model.tags.through._default_manager.filter(tag_id__in=[tag.pk for tag in tags])
    return sorted(set(rows.values_list(_column(model), flat=True)))


def _column(model: type[Record]) -> str:
    return f"{model._meta.model_name}_id"


def _retag(
    model: type[Record], pks: Sequence[int], gone: Sequence[Tag], keep: Tag, actor: User | None
) -> None:
    through: Any = model.tags.through
    column = _column(model)
    before = _names(model, pks)
    links = [through(**{column: pk, "tag_id": keep.pk}) for pk in pks]
    through.objects.bulk_create(links, ignore_conflicts=True)
    ended = {tag.name for tag in gone}
    now, place = timezone.now(), ContentType.objects.get_for_model(model)
    Event.objects.bulk_create(
        Event(
            content_type=place,
            object_id=pk,
            verb="changed",
            actor=actor,
            at=now,
            happened_at=now,
            changes=[
                {
                    "field": "tags",
                    "old": sorted(before[pk]),
                    "new": sorted(before[pk] - ended | {keep.name}),
                }
            ],
        )
        for pk in pks
    )
    model._base_manager.filter(pk__in=pks).update(version=F("version") + 1, updated_at=now)


def _names(model: type[Record], pks: Sequence[int]) -> dict[int, set[str]]:
    names: dict[int, set[str]] = defaultdict(set)
    links = model.tags.through._default_manager.filter(**{f"{_column(model)}__in": pks})
    for pk, name in links.values_list(_column(model), "tag__name"):
        names[pk].add(name)
    return names
