"""E-mails that histories tell of, beside the activities (F1.4)."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from crm.accounts.models import User
from crm.records.models import Event, record_kinds


def mails_seen_by(reader: User, words: str = "") -> QuerySet[Event]:
    """On records that the reader sees, whatever kind they are of."""
    places = Q(pk__in=())
    for model in record_kinds().values():
        place = ContentType.objects.get_for_model(model)
        seen = model.objects.visible_to(reader).values("pk")
        places |= Q(content_type=place, object_id__in=seen)
    found = Event.objects.filter(places, entry=Event.Entry.EMAIL).select_related("actor")
    for word in words.split():
        found = found.filter(text__icontains=word)
    return found
