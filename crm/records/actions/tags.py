"""Keeping tags in order."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from crm.records.models import Tag, record_kinds


@transaction.atomic
def merge_tags(keep: Tag, others: Iterable[Tag]) -> int:
    """Whatever carries one of `others` carries `keep` instead; they end. How many ended."""
    gone = [tag.pk for tag in others if tag.pk != keep.pk]
    for model in record_kinds().values():
        through: Any = model.tags.through
        column = f"{model._meta.model_name}_id"
        tagged = through.objects.filter(tag_id__in=gone).order_by().values_list(column, flat=True)
        through.objects.bulk_create(
            [through(**{column: pk, "tag_id": keep.pk}) for pk in tagged.distinct()],
            ignore_conflicts=True,
            batch_size=5000,
        )
    Tag.objects.filter(pk__in=gone).delete()
    return len(gone)
