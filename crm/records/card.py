"""What every record's card shows around its own facts."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.fetch import with_rights
from crm.records.models import (
    CustomField,
    Favourite,
    RecentView,
    Record,
    RecordQuerySet,
    custom_fields,
)


def card_rows(rows: RecordQuerySet, user: User) -> RecordQuerySet:
    """What a card needs to know of its record besides its columns, in the record's own query."""
    stars = Favourite.objects.filter(
        user=user,
        content_type=ContentType.objects.get_for_model(rows.model),
        object_id=OuterRef("pk"),
    )
    return with_rights(rows, user, "change", "delete").annotate(is_favourite=Exists(stars))


def card_context(request: UserRequest, record: Any) -> dict[str, Any]:
    """Rights, custom fields and favourite of a card; it becomes the one viewed last. `record` is
    one of `card_rows`.

    The timeline and the documents are their own pieces, loaded by the page (see _card.html).
    """
    place = {
        "user": request.user,
        "content_type": ContentType.objects.get_for_model(record),
        "object_id": record.pk,
    }
    RecentView.objects.bulk_create(
        [RecentView(**place)],
        update_conflicts=True,
        unique_fields=["user", "content_type", "object_id"],
        update_fields=["at"],
    )
    return {
        "record": record,
        "kind": record.kind,
        "can_change": record.may_change,
        "can_delete": record.may_delete,
        "is_favourite": record.is_favourite,
        "custom": custom_shown(record),
    }


def custom_shown(record: Record) -> list[tuple[CustomField, str]]:
    """The custom fields that are filled in, each with its value in words."""
    shown = [
        (field, field.display(record.custom.get(field.key))) for field in custom_fields(record.kind)
    ]
    return [(field, text) for field, text in shown if text]
