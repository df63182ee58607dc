"""Reminders sent long ago are not kept for ever, and are not sent again for that."""

from typing import Any

import pytest

from activities.actions.reminding import plan_reminders
from activities.models import Activity, Reminder
from activities.tasks import deliver_due_reminders, forget_settled_reminders
from tests.activities.reminders.reminding import PENDING, at, mails, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_address")]


def test_what_was_sent_is_forgotten_after_three_months_and_not_sent_again(
    visit: Activity, clock: Any
) -> None:
    clock.move_to(at("2026-11-26 09:31"))
    deliver_due_reminders()
    sent = len(mails())
    assert sent
    for day, is_kept in (("2027-02-20", True), ("2027-02-27", False)):
        clock.move_to(at(f"{day} 09:00"))
        forget_settled_reminders()
        assert Reminder.objects.exists() == is_kept
    plan_reminders(visit)
    deliver_due_reminders()
    assert (states(visit), len(mails())) == (set(), sent)


def test_what_was_never_sent_stays(visit: Activity, clock: Any) -> None:
    """Administrators are told of it until somebody sees to it (B4)."""
    clock.move_to(at("2027-06-01 09:00"))
    forget_settled_reminders()
    assert states(visit) == {PENDING}
