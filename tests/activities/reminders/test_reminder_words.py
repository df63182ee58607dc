"""What reminders say: how soon, or when."""

from typing import Any

import pytest

from crm.accounts.models import User
from tests.activities.reminders.reminding import SENT, mails, owed_of, ring, wanting
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_address")]


SUBJECTS = [
    # start, offset, when the worker came, what it says to somebody in Rome
    ("2026-11-26 10:00", 0, "10:00:05", "Now: X"),
    ("2026-11-26 10:00", 1, "09:59:30", "In 1 minute: X"),
    ("2026-11-26 10:00", 30, "09:45:00", "In 15 minutes: X"),
    ("2026-11-26 12:00", 120, "10:00:00", "In 2 hours: X"),
    ("2026-11-26 12:00", 100, "10:20:00", "Today at 12:00: X"),
    ("2026-11-27 09:30", 1440, "09:30:10", "Tomorrow at 09:30: X"),
    ("2026-12-03 09:30", 7 * 1440, "09:30:10", "Thursday 3 December at 09:30: X"),
    ("2026-11-26 08:00", -120, "10:00:00", "Today at 08:00: X"),
    ("2026-11-26", -60, "10:00:00", "Today: X"),
    ("2026-11-27", 1380, "10:00:00", "Tomorrow: X"),
    ("2026-12-03", 7 * 1440 - 60, "10:00:00", "Thursday 3 December: X"),
]


@pytest.mark.parametrize(("start", "offset", "comes", "subject"), SUBJECTS)
def test_the_subject_says_how_soon(
    alice: User, clock: Any, start: str, offset: int, comes: str, subject: str
) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    wanting(make_event("X", start=start, owner=alice, actor=alice), offset)
    ring(clock, f"2026-11-26 {comes}")
    assert [mail.subject for mail in mails()] == [subject]


OF_TASKS = [
    ("2026-11-26 10:00", 15, "09:45:20", "Due in 15 minutes: X"),
    ("2026-11-26 17:00", 420, "10:00:00", "Due today at 17:00: X"),
    ("2026-11-27 17:00", 1860, "10:00:00", "Due tomorrow at 17:00: X"),
    ("2026-12-03 10:00", 7 * 1440, "10:00:00", "Due on Thursday 3 December at 10:00: X"),
    ("2026-11-26 08:00", -120, "10:00:00", "Overdue: X"),
    ("2026-11-26", -60, "10:00:00", "Due today: X"),
    ("2026-11-27", 1380, "10:00:00", "Due tomorrow: X"),
    ("2026-12-03", 7 * 1440 - 60, "10:00:00", "Due on Thursday 3 December: X"),
    ("2026-11-25", -1500, "10:00:00", "Overdue: X"),
]


@pytest.mark.parametrize(("due", "offset", "comes", "subject"), OF_TASKS)
def test_of_a_task_it_says_when_it_is_due(
    alice: User, clock: Any, due: str, offset: int, comes: str, subject: str
) -> None:
    wanting(make_task("X", due=due, owner=alice, actor=alice), offset)
    ring(clock, f"2026-11-26 {comes}")
    assert [mail.subject for mail in mails()] == [subject]


def test_of_a_series_the_occurrence_is_meant(alice: User, clock: Any) -> None:
    daily = make_event("Stand-up", start="2026-11-20 10:00", rule="FREQ=DAILY", actor=alice)
    wanting(daily, 30)
    ring(clock, "2026-11-26 09:30")
    ring(clock, "2026-11-27 09:30")
    assert [mail.subject for mail in mails()] == ["In 30 minutes: Stand-up"] * 2
    assert "Friday 27 November 2026" in mails()[1].text
    assert f"/activities/{daily.pk}/?on=2026-11-27" in mails()[1].text
    assert len(owed_of(daily, state=SENT)) == 4
