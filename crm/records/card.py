"""What every record's card shows around its own facts."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from crm.accounts.http import UserRequest
from crm.accounts.models import User
from crm.records.fetch import allows
from crm.records.models import (
    CustomField,
    Favourite,
    RecentView,
    Record,
    RecordQuerySet,
    custom_fields,
)

VIEWED = f"""
    INSERT INTO {RecentView._meta.db_table} (user_id, content_type_id, object_id, at)
    VALUES (%s, %s, %s, %s)
    ON CONFLICT (user_id, content_type_id, object_id) DO UPDATE SET at = EXCLUDED.at
"""  # noqa: S608 - the name of our own table


def card_rows(rows: RecordQuerySet, user: User) -> RecordQuerySet:
    """What a card needs to know of its record besides its columns, in the record's own query."""
    stars = Favourite.objects.filter(
        user=user,
        content_type=ContentType.objects.get_for_model(rows.model),
        object_id=OuterRef("pk"),
    )
    return rows.annotate(is_favourite=Exists(stars))


def card_context(request: UserRequest, record: Any) -> dict[str, Any]:
    """Rights, custom fields and favourite of a card; it becomes the one viewed last. `record` is
    one of `card_rows`.

    The timeline and the documents are their own pieces, loaded by the page (see _card.html).
    """
    place = ContentType.objects.get_for_model(record)
    with connection.cursor() as cursor:
        cursor.execute(VIEWED, [request.user.pk, place.pk, record.pk, timezone.now()])
    return {
        "record": record,
        "kind": record.kind,
        "can_change": allows(request.user, "change", record),
        "can_delete": allows(request.user, "delete", record),
        "is_favourite": record.is_favourite,
        "custom": custom_shown(record),
    }


def custom_shown(record: Record) -> list[tuple[CustomField, str]]:
    """The custom fields that are filled in, each with its value in words."""
    shown = [
        (field, field.display(record.custom.get(field.key))) for field in custom_fields(record.kind)
    ]
    return [(field, text) for field, text in shown if text]
