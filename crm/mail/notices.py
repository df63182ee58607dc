"""News by mail, as each person prefers (B6): several pieces together, none of what is hidden."""

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import MailNotifications, User
from crm.mail.actions import queue_message
from crm.mail.compose import render
from crm.records.actions.notifying import GATHER
from crm.records.models import Notification
from crm.records.news import News, told_to, with_details

PEOPLE_BATCH = 500
MAIL_BATCH = 100  # pieces of news in one mail; the page shows the rest


def people_owed_mail() -> list[int]:
    """Keys of those to whom unread news is due."""
    owed = Notification.objects.owing_mail().unread().order_by("user_id")
    return list(owed.values_list("user_id", flat=True).distinct()[:PEOPLE_BATCH])


@transaction.atomic
def mail_notices_to(user_pk: int) -> bool:
    """Owe one mail with the due news of this person; False when there is nothing to say.

    The rows stay locked until mail and mark are committed together, and who comes second skips
    them: two workers write one mail.
    """
    user = User.objects.select_related("role").get(pk=user_pk)
    rows = _due(user)
    if not rows:
        return False
    pks = [row.pk for row in rows]
    news = told_to(user, rows) if _wants_mail(user) else []
    told = [item.notification.pk for item in news]
    these = Notification.objects.filter(pk__in=pks)
    these.exclude(pk__in=told).update(mail_due_at=None)
    if not news:
        return False
    these.filter(pk__in=told).update(mailed_at=timezone.now())
    _write(user, news)
    return True


def _due(user: User) -> list[Notification]:
    """Due rows, and those due in a moment: a burst that straddles the minute is one mail."""
    owing = Notification.objects.unread().filter(user=user, mailed_at__isnull=True)
    if not owing.owing_mail().exists():
        return []
    soon = owing.filter(mail_due_at__lte=timezone.now() + GATHER)
    locked = with_details(soon).select_for_update(skip_locked=True, of=("self",))
    return list(locked.order_by("-created_at", "-pk")[:MAIL_BATCH])


def _wants_mail(user: User) -> bool:
    wanted = user.mail_notifications != MailNotifications.NEVER
    return wanted and user.is_active and bool(user.email)


def _write(user: User, news: list[News]) -> None:
    context = {"user": user, "news": news, "first": news[0], "count": len(news)}
    rendered = render("mail/notices", context, language=user.language, tz=user.tz)
    about = [item.record for item in news]
    queue_message(rendered.message_to(user.email), user=user, about=about)
