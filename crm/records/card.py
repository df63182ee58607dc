"""What every record's card shows around its own facts."""

from typing import Any

from django.contrib.contenttypes.models import ContentType

from crm.accounts.http import UserRequest
from crm.records.actions.opening import note_opening
from crm.records.fetch import allows
from crm.records.models import Favourite, RecentView, Record, custom_fields


def card_context(request: UserRequest, record: Record) -> dict[str, Any]:
    """Rights, custom fields and favourite of a card; notes that it was opened.

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
    shown = [
        (field, field.display(record.custom.get(field.key))) for field in custom_fields(record.kind)
    ]
    note_opening(record, actor=request.user)
    return {
        "record": record,
        "kind": record.kind,
        "can_change": allows(request.user, "change", record),
        "can_delete": allows(request.user, "delete", record),
        "is_favourite": Favourite.objects.filter(**place).exists(),
        "custom": [(field, text) for field, text in shown if text],
    }
