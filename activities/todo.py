"""The start page's list of what is to do: all of one's own that is due within today (F2.7)."""

from typing import Any

from django.utils import timezone

from activities.agenda import agenda_of
from activities.models import catalog
from crm.accounts.models import User


def todo_of(user: User) -> dict[str, Any]:
    """As the morning's mail tells it, but now: without what has been done since."""
    agenda = agenda_of(user, timezone.localdate())
    return {
        "agenda": agenda,
        "count": len(agenda.overdue) + agenda.more + len(agenda.tasks) + len(agenda.events),
        "done": catalog().status_in("done", is_task=True),
    }
