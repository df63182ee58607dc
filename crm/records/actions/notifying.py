"""One row under each person's bell, joined while unread; mail is owed as each prefers."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from crm.accounts.models import MailNotifications, User
from crm.records.models import Event, Notification, Record
from crm.records.signals import people_notified

GATHER = timedelta(seconds=60)  # several pieces of news within it become one mail
DIGEST_AT = time(7, 0)  # local time of the reader


def may_see(user: User, record: Record) -> bool:
    return type(record).objects.visible_to(user).filter(pk=record.pk).exists()


@transaction.atomic
def notify(
    users: Iterable[User],
    record: Record,
    *,
    event: Event,
    actor: User | None,
    by_bell_alone: bool = False,
    mailed: Collection[User] = (),
) -> list[Notification]:
    """Tell `users` about `event`. Never the actor, nobody inactive, nobody who may not see it.
    `by_bell_alone` owes no mail, nor does it to those `mailed` about it otherwise; one that is
    owed already for earlier news stays so."""
    told = []
    # In the order of their keys: two changes telling the same people must not lock crosswise.
    for _pk, user in sorted({person.pk: person for person in users}.items()):
        if user.is_active and user != actor and may_see(user, record):
            is_bell_alone = by_bell_alone or user in mailed
            told.append(_tell(user, record, event, actor, is_bell_alone))
    if told:
        people_notified.send(sender=type(record), notifications=told)
    return told


def _tell(
    user: User, record: Record, event: Event, actor: User | None, by_bell_alone: bool
) -> Notification:
    place = {
        "user": user,
        "content_type": ContentType.objects.get_for_model(record),
        "object_id": record.pk,
    }
    unread = Notification.objects.unread().filter(**place)
    news = {"event": event, "actor": actor, "created_at": timezone.now()}
    due = None if by_bell_alone else mail_due_at(user)
    for _attempt in range(3):
        # Joining pushes no due date back: a busy record must not postpone its mail for ever.
        if unread.update(count=F("count") + 1, **news):
            settled = unread.filter(Q(mailed_at__isnull=False) | Q(mail_due_at__isnull=True))
            settled.update(mailed_at=None, mail_due_at=due)
            return unread.get()
        try:
            with transaction.atomic():
                return Notification.objects.create(**place, **news, mail_due_at=due)
        except IntegrityError:
            continue  # somebody told the same person at the same moment: join theirs
    return unread.get()


def read_notifications(notifications: "QuerySet[Notification]") -> int:
    """Mark as read; what is read before its mail was due owes no mail. How many were unread."""
    return notifications.filter(read_at__isnull=True).update(
        read_at=timezone.now(), mail_due_at=None
    )


def mail_due_at(user: User, now: datetime | None = None) -> datetime | None:
    """When mail about news of `now` is owed (UTC); None for those who want none."""
    now = now or timezone.now()
    if user.mail_notifications == MailNotifications.NOW:
        return now + GATHER
    if user.mail_notifications == MailNotifications.DAILY:
        local = now.astimezone(user.tz)
        day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
        return datetime.combine(day, DIGEST_AT, tzinfo=user.tz).astimezone(UTC)
    return None
