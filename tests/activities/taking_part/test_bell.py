"""What is under the bell of those who take part says when it is (F3.9), on their clocks."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from activities import actions
from activities.actions import Reach
from activities.models import Activity
from crm.accounts.models import User
from crm.mail.models import OutboundMessage
from crm.mail.tasks import mail_owed_notifications
from crm.records.history import events_of, lines_of
from crm.records.models import Notification
from crm.records.news import told_to
from tests.activities.taking_part.invited import change, move, status
from tests.factories import make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
As = Callable[[str], Client]
WHEN = "Tuesday 1 December 2026, 10:00 – 11:00"


def said_to(user: User) -> str:
    (news,) = told_to(user, user.notifications.unread())
    assert str(news.record) in news.sentence
    return news.sentence_plain


@pytest.fixture
def lunch(alice: User, bob: User) -> Activity:
    return make_event(
        "Lunch", actor=alice, start="2026-12-01 10:00", place="Torino", participants=[bob]
    )


def test_an_invitation_says_when_and_where(lunch: Activity, bob: User) -> None:
    assert said_to(bob) == f"Alice Rossi invites you to Lunch: {WHEN} · Torino"


def test_it_is_told_by_the_clocks_and_in_the_language_of_the_reader(
    lunch: Activity, bob: User
) -> None:
    bob.time_zone = "Asia/Jerusalem"
    bob.save()
    with translation.override("it"):
        assert "martedì 1 dicembre 2026, 11:00 – 12:00 · Torino" in said_to(bob)


def test_the_page_of_news_shows_it_and_leads_to_the_answers(
    lunch: Activity, as_: As, bob: User
) -> None:
    client = as_("bob")
    assert WHEN in client.get("/notifications/").content.decode()
    news = Notification.objects.get(user=bob)
    page = client.get(f"/notifications/{news.pk}/", follow=True).content.decode()
    assert f'action="/activities/{lunch.pk}/answer/"' in page


def test_whole_days_have_no_times(alice: User, bob: User) -> None:
    make_event("Fair", actor=alice, start="2026-12-01", end="2026-12-02", participants=[bob])
    told = "Alice Rossi invites you to Fair: "
    assert said_to(bob) == told + "Tuesday 1 December 2026 until Wednesday 2 December 2026"


def test_a_series_says_how_it_repeats(alice: User, bob: User) -> None:
    make_event(
        "Round", actor=alice, start="2026-12-01 10:00", rule="FREQ=WEEKLY", participants=[bob]
    )
    assert f"Round: {WHEN} · " in said_to(bob)
    assert "every week" in said_to(bob).lower()


def test_of_a_task_it_says_when_it_is_due(alice: User, bob: User) -> None:
    make_task("Call back", actor=alice, due="2026-12-01", participants=[bob])
    told = "Alice Rossi asks you to take part in Call back: due Tuesday 1 December 2026"
    assert said_to(bob) == told


def test_a_change_says_what_it_is_now(lunch: Activity, alice: User, bob: User) -> None:
    move(lunch, "2026-12-02 15:00", "2026-12-02 16:00", actor=alice)
    now = "Wednesday 2 December 2026, 15:00 – 16:00"
    assert said_to(bob) == f"Alice Rossi moved Lunch to {now} · Torino"
    change(lunch, actor=alice, place="Milano")
    assert said_to(bob) == f"Alice Rossi changed the place of Lunch: {now} · Milano"
    actions.set_status(lunch, status("waiting"), actor=alice)
    assert said_to(bob).startswith("Alice Rossi set Lunch to “")
    actions.set_status(lunch, status("off"), actor=alice)
    assert said_to(bob) == f"Alice Rossi cancelled Lunch: {now} · Milano"


def test_a_date_of_a_series_is_named(alice: User, bob: User) -> None:
    made = make_event(
        "Round", actor=alice, start="2026-11-24 10:00", rule="FREQ=WEEKLY", participants=[bob]
    )
    day = dt.date(2026, 12, 1)
    actions.remove_activity(made, actor=alice, on=day, reach=Reach.ONE)
    assert said_to(bob) == f"Alice Rossi cancelled a date of Round: {WHEN}"
    actions.put_back(made, day, actor=alice)
    assert said_to(bob) == f"Alice Rossi put a date of Round back: {WHEN}"


def test_words_of_a_place_are_only_words(alice: User, bob: User) -> None:
    make_event("{actor}", actor=alice, place="<b>{0}</b>", participants=[bob])
    assert "<b>{0}</b>" in said_to(bob)
    (news,) = told_to(bob, bob.notifications.all())
    assert "&lt;b&gt;{0}&lt;/b&gt;" in news.sentence


def test_history_invites_nobody_who_reads_it(lunch: Activity, alice: User) -> None:
    lines = [line.sentence for line in lines_of(lunch, events_of(lunch), alice)]
    assert any("sent invitations to this" in line for line in lines)
    assert not any("invites you" in line for line in lines)


def test_a_mail_of_news_says_that_its_own_moment_is_that_of_the_news(
    lunch: Activity, alice: User, admin: User, clock: Any
) -> None:
    """The one responsible has no letter, for it is their event."""
    OutboundMessage.objects.all().delete()
    move(lunch, "2026-12-02 15:00", "2026-12-02 16:00", actor=admin)
    clock.shift(120)
    mail_owed_notifications()
    mail = OutboundMessage.objects.get(user=alice)
    assert "moved Lunch to Wednesday 2 December 2026, 15:00 – 16:00" in mail.text
    assert "News of 26 November 2026" in mail.text
