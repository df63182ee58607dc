"""What the alarm clock does for activities. Every task may run twice, late, or on two workers."""

import datetime as dt
import logging

from celery import shared_task
from django.utils import timezone

from activities import agenda, alarm
from activities.actions.delivering import BATCH, activities_with_due, deliver_reminders_of
from activities.actions.keeping import bring_up_to_date, series_left_behind
from activities.actions.reminding import plan_next_of_series
from activities.models import Reminder
from crm.mail.errors import BadMessage
from crm.ui.wake import wake

log = logging.getLogger(__name__)
SETTLED_KEPT = dt.timedelta(days=90)


@shared_task
def deliver_due_reminders() -> None:
    """Every minute. What fails of one activity keeps no other waiting: it stays due, and after ten
    minutes administrators are told."""
    found = activities_with_due()
    for pk in found:
        try:
            deliver_reminders_of(pk)
        except Exception:
            log.exception("The reminders of activity %s cannot be sent", pk)
    if len(found) == BATCH:
        wake(deliver_due_reminders.name)


@shared_task
def plan_coming_reminders() -> None:
    """Hourly: series have their reminders written down for the next two weeks."""
    plan_next_of_series()


@shared_task
def move_series_on() -> None:
    """Hourly: each shows the date that comes next."""
    for pk in series_left_behind():
        bring_up_to_date(pk)


@shared_task
def mail_daily_agendas() -> None:
    """Every minute: to each for whom it has struck seven since the last time. Where something went
    wrong the round is not noted, and all are asked for again: who has the mail gets no other."""
    now, is_whole = timezone.now(), True
    for pk in agenda.people_owed_agenda(now):
        try:
            agenda.mail_agenda_to(pk, now)
        except BadMessage:
            log.exception("Person %s has no address that can be one", pk)
        except Exception:
            is_whole = False
            log.exception("The agenda of person %s cannot be mailed", pk)
    if is_whole:
        agenda.note_round(now)


@shared_task
def forget_settled_reminders() -> None:
    """Daily. Nothing is sent for them again: what has passed is not written down anew (B2)."""
    long_ago = timezone.now() - SETTLED_KEPT
    settled = Reminder.objects.exclude(state=Reminder.State.PENDING)
    settled.filter(settled_at__lt=long_ago, due_at__lt=long_ago).delete()


@shared_task
def tell_of_unsent_reminders() -> None:
    """Every ten minutes."""
    alarm.tell_administrators()
