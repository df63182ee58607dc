"""Which tags a person knows of: the name of one can tell what a closed record is about (E11)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.accounts.models import User
from crm.records.models import Tag, record_kinds


def tags_seen_by(user: User) -> "QuerySet[Tag]":
    """Those of records that `user` sees, and those that no record carries."""
    if user.is_administrator:
        return Tag.objects.all()
    seen, used = Q(pk__in=()), Q(pk__in=())
    for model in record_kinds().values():
        column = f"{model._meta.model_name}_id"
        links = model.tags.through._default_manager.filter(tag_id=OuterRef("pk"))
        records = model.objects.alive().filter(pk=OuterRef(column)).order_by()
        for door in records.doors(user, "view"):
            # Each by itself: the few records of one person are found from the person, and not by
            # looking at every record that has the tag.
            seen |= Q(Exists(links.filter(Exists(records.filter(door)))))
        used |= Q(Exists(links))
    return Tag.objects.filter(seen | ~used)
