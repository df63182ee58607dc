"""The daily mail: at seven in the morning of its reader."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from crm.accounts.models import Team, User
from crm.mail.tasks import mail_owed_notifications
from tests.factories import make_company
from tests.mail.news import mails, tell

pytestmark = pytest.mark.django_db


People = Callable[..., User]


# Spring and autumn changes of each zone lie in these weeks; Kathmandu has none.
DIGESTS = [
    ("Europe/Rome", dt.date(2026, 3, 29)),
    ("Europe/Rome", dt.date(2026, 10, 25)),
    ("America/New_York", dt.date(2026, 3, 8)),
    ("America/New_York", dt.date(2026, 11, 1)),
    ("Asia/Jerusalem", dt.date(2026, 3, 27)),
    ("Asia/Jerusalem", dt.date(2026, 10, 25)),
    ("Asia/Kathmandu", dt.date(2026, 6, 1)),
    ("Pacific/Auckland", dt.date(2026, 9, 27)),
]


@pytest.mark.parametrize(("zone", "day"), DIGESTS)
def test_the_daily_mail_leaves_at_seven_in_the_morning_there(
    colleague_of: People, team: Team, zone: str, day: dt.date
) -> None:
    tz = ZoneInfo(zone)
    reader = colleague_of("reader", time_zone=zone, mail_notifications="daily")
    writer = colleague_of("writer")
    evening = dt.datetime.combine(day - dt.timedelta(days=1), dt.time(20), tz)
    seven = dt.datetime.combine(day, dt.time(7), tz)
    with time_machine.travel(evening, tick=False) as clock:
        for name in ("One", "Two"):
            tell(make_company(name, owner=writer, team=team, actor=writer), writer, reader)
        clock.move_to(seven - dt.timedelta(minutes=2))
        mail_owed_notifications()
        assert mails() == []
        clock.move_to(seven + dt.timedelta(seconds=30))
        mail_owed_notifications()
        clock.move_to(seven + dt.timedelta(hours=12))
        mail_owed_notifications()
        assert [mail.subject for mail in mails()] == ["2 pieces of news in Bottega"]
        assert timezone.localtime(mails()[0].created_at, tz).hour == 7


def test_news_of_the_small_hours_is_mailed_the_same_morning(
    colleague_of: People, team: Team
) -> None:
    reader = colleague_of("reader", time_zone="Europe/Rome", mail_notifications="daily")
    writer = colleague_of("writer")
    night = dt.datetime(2026, 10, 25, 1, tzinfo=ZoneInfo("Europe/Rome"))
    with time_machine.travel(night, tick=False):
        tell(make_company("One", owner=writer, team=team, actor=writer), writer, reader)
    due = reader.notifications.get().mail_due_at
    assert due is not None
    assert due == dt.datetime(2026, 10, 25, 6, tzinfo=dt.UTC)
