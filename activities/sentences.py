"""What happened to an activity, as told in its history, the bell and mails.

Who takes part reads when it is, as it is now: news that is read late is not wrong.
"""

import datetime as dt
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.invitations import in_short
from activities.models import Activity, catalog
from crm.accounts.models import User
from crm.records.models import Event
from crm.records.sentences import Personal, Sentence


class Told(StrEnum):
    """Of what those who take part are told."""

    INVITED = "invited"
    MOVED = "rescheduled"
    PLACE = "relocated"
    STATUS = "restated"
    RENAMED = "renamed"
    DATE_BACK = "date_back"
    CALLED_OFF = "called_off"
    DATE_CALLED_OFF = "date_called_off"


WORDS: dict[str, str | Promise] = {
    Told.INVITED: _("{actor} invites you to {record}: {details}"),
    Told.MOVED: _("{actor} moved {record} to {details}"),
    Told.PLACE: _("{actor} changed the place of {record}: {details}"),
    Told.STATUS: _("{actor} set {record} to “{status}”: {details}"),
    Told.DATE_BACK: _("{actor} put a date of {record} back: {details}"),
    Told.CALLED_OFF: _("{actor} cancelled {record}: {details}"),
    Told.DATE_CALLED_OFF: _("{actor} cancelled a date of {record}: {details}"),
}
OF_TASKS: dict[str, str | Promise] = {
    Told.INVITED: _("{actor} asks you to take part in {record}: {details}"),
    Told.MOVED: _("{actor} moved {record}: {details}"),
}


def to_reader(event: Event, activity: Activity, reader: User) -> Personal:
    words = WORDS[event.verb]
    if activity.is_task:
        words = OF_TASKS.get(event.verb, words)
    details = in_short(activity, reader.tz, _date_of(event))
    status = catalog().statuses.get(activity.status_id, "")
    return Personal(words, {"details": details, "status": str(status)})


def _date_of(event: Event) -> dt.date | None:
    """Of the series, when it is told of one alone."""
    for change in event.changes:
        if change["field"] == "left_out":
            return dt.date.fromisoformat(change["new"] or change["old"])
    return None


CHANGED = Sentence(
    _("{actor} changed when, where or whether {record} takes place"),
    _("{actor} told those who take part about the change"),
    to_reader=to_reader,
)
SENTENCES = {
    "reminded": Sentence(_("Reminder: {record}"), _("{actor} sent a reminder of this")),
    Told.INVITED: Sentence(
        _("{actor} sent invitations to {record}"),
        _("{actor} sent invitations to this"),
        to_reader=to_reader,
    ),
    Told.MOVED: CHANGED,
    Told.PLACE: CHANGED,
    Told.STATUS: CHANGED,
    Told.RENAMED: Sentence(_("{actor} changed {record}"), CHANGED.here),
    Told.DATE_BACK: Sentence(
        _("{actor} put a date of {record} back"), CHANGED.here, to_reader=to_reader
    ),
    Told.CALLED_OFF: Sentence(
        _("{actor} cancelled {record}"),
        _("{actor} told those who take part that this is cancelled"),
        to_reader=to_reader,
    ),
    Told.DATE_CALLED_OFF: Sentence(
        _("{actor} cancelled a date of {record}"),
        _("{actor} told those who take part that a date is cancelled"),
        to_reader=to_reader,
    ),
    "accepted": Sentence(_("{actor} accepted {record}"), _("{actor} accepted")),
    "tentative": Sentence(_("{actor} will perhaps come to {record}"), _("{actor} may come")),
    "declined": Sentence(_("{actor} declined {record}"), _("{actor} declined")),
    "guest_accepted": Sentence(
        _("A guest accepted {record}"), _("{others} accepted"), names_others=True
    ),
    "guest_tentative": Sentence(
        _("A guest will perhaps come to {record}"), _("{others} may come"), names_others=True
    ),
    "guest_declined": Sentence(
        _("A guest declined {record}"), _("{others} declined"), names_others=True
    ),
}
