"""Answers to an invitation: by the link in its mail, on the card, by mail (B24, B25)."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.letters import may_read
from activities.invitations import is_over
from activities.models import Activity, Attendee, Category
from activities.models.feed import hashed
from activities.replies import Reply, read_reply
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions import notify, record_event
from crm.records.errors import ActionRefused

LONGEST_COMMENT = 1000
OF_GUESTS = "guest_"  # before the answer, in the verbs of events


def invited_by(token: str) -> Attendee | None:
    """Whose last invitation has this link, whatever became of the event."""
    rows = Attendee.objects.filter(token_hash=hashed(token), contact__trashed_at__isnull=True)
    named = rows.exclude(user__is_active=False)
    found: Attendee | None = named.select_related("activity__owner", "contact", "user").first()
    # Rights may have changed since (E11).
    if found and found.user and not may_read(found.user, found.activity):
        return None
    return found


@transaction.atomic
def answer_invitation(
    attendee: Attendee, answer: str, *, actor: User | None, comment: str = ""
) -> Attendee:
    """`actor` is who attends if that is one of ours; of a guest it is None.

    Raises ActionRefused when there is nothing to answer to any more.
    """
    activity = Activity.objects.select_for_update().get(pk=attendee.activity_id)
    row = activity.attendees.filter(pk=attendee.pk).select_related("user", "contact").first()
    refuse_late(activity)
    if row is None:
        raise ActionRefused(_("You are not invited to this any more."))
    comment = comment.strip()[:LONGEST_COMMENT]
    if row.answer == answer and not comment:
        return row
    row.answer, row.answered_at = Attendee.Answer(answer), timezone.now()
    row.save(update_fields=["answer", "answered_at"])
    activity.after_write()  # who declines has that time again
    # Calendars that are open look at this; nobody's form is out of date for it.
    Activity.objects.filter(pk=activity.pk).update(updated_at=timezone.now())
    _tell(activity, row, actor, comment)
    return row


def refuse_late(activity: Activity) -> None:
    if activity.is_trashed or activity.category == Category.CANCELLED:
        raise ActionRefused(_("This was cancelled."))
    if is_over(activity):
        raise ActionRefused(_("This is over."))


def _tell(activity: Activity, row: Attendee, actor: User | None, comment: str) -> None:
    """To the one responsible. Guests are pointed at, never named (see Record.extra_snapshot)."""
    verb, changes = str(row.answer), list[dict[str, Any]]()
    if row.contact_id is not None:
        guest = {"kind": Contact.kind, "pk": row.contact_id, "text": ""}
        verb, changes = OF_GUESTS + verb, [{"field": "guests", "old": None, "new": [guest]}]
    event = record_event(activity, verb, actor=actor, changes=changes, text=comment)
    organizer = activity.owner or activity.created_by
    if organizer is not None:
        notify([organizer], activity, event=event, actor=actor)


# --- answers by mail -----------------------------------------------------------------------------
def apply_reply(ics: bytes, sender: str) -> bool:
    """What somebody's calendar program answers (RFC 5546, REPLY). Whether `sender` is who wrote it
    is for the caller to know (E4); whom it answers for has to be the same address.

    False if it is no answer, of nobody invited, of one that is older than what we know, or of a
    single date of a series that is no event of its own: somebody has to read it.
    """
    reply = read_reply(ics)
    if reply is None or reply.address.casefold() != sender.strip().casefold():
        return False
    guest = _guest_of(reply)
    if guest is None or not _is_newer(reply, guest):
        return False
    try:
        answer_invitation(guest, reply.answer, actor=guest.user, comment=reply.comment)
    except ActionRefused:
        return False
    return True


def _guest_of(reply: Reply) -> Attendee | None:
    ours = Q(user__email__iexact=reply.address, user__is_active=True)
    rows = Attendee.objects.filter(
        ours | Q(contact__emails__address__iexact=reply.address), activity__uid=reply.uid
    ).select_related("activity__series", "contact", "user")
    for row in rows.order_by("user", "pk"):  # who is both had the letter as one of ours
        series = row.activity.series
        on = reply.on(series.tz) if series else None
        if on == row.activity.occurs_on and bool(series) == bool(reply.original):
            may_answer = row.user is None or may_read(row.user, row.activity)
            return row if may_answer else None
    return None


def _is_newer(reply: Reply, guest: Attendee) -> bool:
    if reply.sequence < (guest.told_sequence or 0):
        return False
    return guest.answered_at is None or reply.stamped_at > guest.answered_at
