"""What those who take part are told, and what tells them."""

import datetime as dt
import re
from typing import Any

from django.conf import settings
from icalendar import Calendar

from activities import actions
from activities.actions import When
from activities.models import Activity, ActivityStatus, Attendee, catalog
from crm.accounts.models import User
from crm.mail.letter import letter_of
from crm.mail.models import OutboundMessage
from crm.records.actions import save_record
from tests.activities.conftest import ROME, fresh

ANNA = "anna@example.org"


class Letter:
    def __init__(self, row: OutboundMessage) -> None:
        self.row = row
        self.subject, self.text, self.html = row.subject, row.text, row.html
        self.to = row.to[0]
        self.calendar: bytes = b""
        for part in row.parts.all():
            if part.content_type.startswith("text/calendar"):
                self.calendar = bytes(part.content)

    @property
    def method(self) -> str:
        return str(Calendar.from_ical(self.calendar)["METHOD"])

    @property
    def events(self) -> list[Any]:
        return list(Calendar.from_ical(self.calendar).walk("VEVENT"))

    @property
    def event(self) -> Any:
        (event,) = self.events
        return event

    @property
    def link(self) -> str:
        """The path of the answer page, "" in a mail without one."""
        found = re.search(rf"{re.escape(settings.SITE_URL)}(/calendar/answer/\S+)", self.text)
        return found[1] if found else ""

    @property
    def mime(self) -> Any:
        return letter_of(self.row).message()


def letters(to: str = "") -> list[Letter]:
    rows = OutboundMessage.objects.order_by("pk")
    return [Letter(row) for row in rows if not to or row.to == [to]]


def new_letters() -> list[Letter]:
    """Those since the last look."""
    found = letters()
    OutboundMessage.objects.all().delete()
    return found


def change(activity: Activity, *, actor: User | None, **facts: Any) -> Activity:
    """As the form does it: all of it is saved."""
    activity = fresh(activity)
    many = {name: facts.pop(name) for name in ("guests", "participants") if name in facts}
    for name, value in facts.items():
        setattr(activity, name, value)

    def write(made: Activity) -> None:
        for name, rows in many.items():
            getattr(made, name).set(rows)

    return save_record(activity, actor=actor, write=write)


def status(category: str) -> ActivityStatus:
    found = catalog().status_in(category, is_task=False)
    assert found is not None
    return found


def news_of(user: User) -> list[str]:
    """Verbs of what is under the bell, which is emptied."""
    found = list(user.notifications.order_by("pk").values_list("event__verb", flat=True))
    user.notifications.all().delete()
    return found


def move(activity: Activity, start: str, end: str, **options: Any) -> Activity:
    first, last = dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)
    when = When(first.date(), first.time(), last.date(), last.time(), ROME)
    return actions.move_activity(fresh(activity), when, **options)


def guest_of(activity: Activity) -> Attendee:
    found: Attendee = activity.attendees.get(contact__isnull=False)
    return found
