"""Writing history: what the system saw and what people tell."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.actions.notifying import may_see, notify
from crm.records.errors import ActionRefused
from crm.records.models import Event, Record


def record_event(
    record: Record,
    verb: str,
    *,
    actor: User | None,
    changes: Iterable[dict[str, Any]] = (),
    text: str = "",
) -> Event:
    """One line of `record`'s history, in the caller's transaction. `actor` None is Bottega."""
    return Event.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        verb=verb,
        actor=actor,
        changes=list(changes),
        text=text,
    )


@transaction.atomic
def add_entry(
    record: Record,
    *,
    actor: User,
    entry: str,
    text: str,
    happened_at: datetime | None = None,
    inform: Iterable[User] = (),
) -> Event:
    """A hand-made history line (F0.23) and news of it to `inform` (F0.24).

    Raises ActionRefused when one of them may not see the record: telling would leak it.
    """
    people = list(inform)
    blind = [person.name for person in people if not may_see(person, record)]
    if blind:
        raise ActionRefused(
            _("%(names)s cannot see this record, so cannot be informed.")
            % {"names": ", ".join(blind)}
        )
    event = Event.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        verb=entry,
        entry=entry,
        actor=actor,
        text=text,
        happened_at=happened_at or timezone.now(),
    )
    event.informed.set(people)
    notify(people, record, event=event, actor=actor)
    return event
