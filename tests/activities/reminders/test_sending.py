"""What is sent when it is due: to whom and how."""

from typing import Any

import pytest

from activities.models import Activity
from crm.accounts.models import User
from crm.mail.models import OutboundMessage
from crm.mail.tasks import mail_owed_notifications
from crm.records.actions import add_entry
from crm.records.models import Event, Notification
from tests.activities.reminders.reminding import (
    PENDING,
    SENT,
    at,
    bells,
    mails,
    owed_of,
    ring,
    states,
    wanting,
)
from tests.factories import make_company, make_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_address")]


def test_at_its_time_each_has_one_mail_and_one_line_under_the_bell(
    visit: Activity, alice: User, bob: User, clock: Any
) -> None:
    ring(clock, "2026-11-26 09:29:59")
    assert (mails(), states(visit)) == ([], {PENDING})
    for second in (10, 40):
        ring(clock, f"2026-11-26 09:30:{second}")
    assert sorted(mail.to for mail in mails()) == [["alice@example.com"], ["bob@example.com"]]
    assert [len(bells(user)) for user in (alice, bob)] == [1, 1]
    assert states(visit) == {SENT}
    assert {row.settled_at for row in owed_of(visit)} == {at("2026-11-26 09:30:10")}
    event = Event.objects.get(verb="reminded")
    assert (event.actor, event.changes[0]["new"]) == (None, "2026-11-26T09:00:00+00:00")
    assert {row.event_id for row in Notification.objects.filter(event__verb="reminded")} == {
        event.pk
    }


def test_the_mail_says_what_when_where_and_for_whom(visit: Activity, bob: User, clock: Any) -> None:
    ring(clock, "2026-11-26 09:30:20")
    mail = OutboundMessage.objects.get(user=bob, message_id__startswith="<reminder.")
    assert mail.subject == "In 30 minutes: Visit F.I.A.T."
    for text in (mail.text, mail.html):
        assert "Thursday 26 November 2026, 10:00 – 11:00" in text
        assert "Via Nizza 250" in text
        assert "F.I.A.T. S.p.A." in text
        assert f"https://crm.example.com/activities/{visit.pk}/" in text
    assert mail.text.count("\n\n\n") == 0
    assert mail.mentions == [
        f"activities.activity:{visit.pk}",
        f"contacts.contact:{visit.customer_id}",
    ]
    assert mail.headers["Auto-Submitted"] == "auto-generated"


def test_in_the_language_and_on_the_clock_of_its_reader(
    visit: Activity, bob: User, clock: Any
) -> None:
    User.objects.filter(pk=bob.pk).update(language="he", time_zone="America/New_York")
    ring(clock, "2026-11-26 09:30:20")
    mail = OutboundMessage.objects.get(user=bob, message_id__startswith="<reminder.")
    assert "04:00" in mail.text
    assert 'dir="rtl"' in mail.html
    assert "נובמבר" in mail.text


def test_a_customer_is_named_only_to_who_sees_them(alice: User, carol: User, clock: Any) -> None:
    secret = make_company("Zyx", owner=alice, is_restricted=True, actor=alice)
    event = make_event(owner=alice, participants=[carol], customer=secret, actor=alice)
    wanting(event, 30)
    ring(clock, "2026-11-26 09:30")
    told = {mail.user: mail for mail in mails()}
    assert "Zyx" in told[alice].text
    assert "Zyx" not in told[carol].text + told[carol].html + told[carol].subject
    assert told[carol].mentions == [f"activities.activity:{event.pk}"]


def test_markup_in_a_title_stays_text_and_a_line_break_no_header(alice: User, clock: Any) -> None:
    event = make_event("<b>Hi</b>\nBcc: x@example.com", owner=alice, actor=alice)
    wanting(event, 30)
    ring(clock, "2026-11-26 09:30")
    (mail,) = mails()
    assert mail.subject == "In 30 minutes: <b>Hi</b> Bcc: x@example.com"
    assert "&lt;b&gt;Hi&lt;/b&gt;" in mail.html
    assert "<b>Hi</b>" in mail.text


def test_who_wants_no_mail_has_the_bell_even_where_only_mail_was_asked_for(
    alice: User, bob: User, clock: Any
) -> None:
    User.objects.filter(pk=bob.pk).update(mail_notifications="never")
    User.objects.filter(pk=alice.pk).update(mail_notifications="daily")
    event = make_event(owner=alice, participants=[bob], actor=alice)
    wanting(event, 30, channel="mail")
    ring(clock, "2026-11-26 09:30")
    assert [mail.user for mail in mails()] == [alice], "a reminder does not wait for the morning"
    assert (bells(alice), len(bells(bob))) == ([], 1)


def test_who_cannot_be_written_to_has_the_bell_and_keeps_nobody_waiting(
    alice: User, bob: User, clock: Any
) -> None:
    User.objects.filter(pk=alice.pk).update(email="no address")
    event = make_event(owner=alice, participants=[bob], actor=alice)
    wanting(event, 30, channel="mail")
    ring(clock, "2026-11-26 09:30")
    assert ([mail.user for mail in mails()], len(bells(alice))) == ([bob], 1)
    assert states(event) == {SENT}


def test_the_bell_of_a_reminder_owes_no_mail_of_its_own(
    visit: Activity, alice: User, bob: User, clock: Any
) -> None:
    clock.move_to(at("2026-11-26 09:10"))
    add_entry(visit, actor=alice, entry="note", text="Bring the offer", inform=[bob])
    mail_due = bob.notifications.get().mail_due_at
    assert mail_due
    ring(clock, "2026-11-26 09:30")
    assert [news.mail_due_at for news in bells(alice)] == [None]
    assert [(news.count, news.mail_due_at) for news in bells(bob)] == [(2, mail_due)]
    before = OutboundMessage.objects.count()
    clock.move_to(at("2026-11-26 09:40"))
    mail_owed_notifications()
    assert OutboundMessage.objects.count() == before + 1, "the note's, to Bob"


def test_news_that_was_mailed_already_is_not_mailed_again_for_a_reminder(
    visit: Activity, alice: User, bob: User, clock: Any
) -> None:
    clock.move_to(at("2026-11-26 09:10"))
    add_entry(visit, actor=alice, entry="note", text="Bring the offer", inform=[bob])
    clock.move_to(at("2026-11-26 09:20"))
    mail_owed_notifications()
    ring(clock, "2026-11-26 09:30")
    before = OutboundMessage.objects.count()
    clock.move_to(at("2026-11-26 10:40"))
    mail_owed_notifications()
    assert OutboundMessage.objects.count() == before


def test_history_and_bell_tell_of_it(visit: Activity, alice: User, clock: Any, as_: Any) -> None:
    ring(clock, "2026-11-26 09:30")
    assert b"Reminder: <bdi>Visit F.I.A.T.</bdi>" in as_("bob").get("/notifications/").content
    page = as_("alice").get(f"/history/activity/{visit.pk}/").content.decode()
    assert "sent a reminder of this" in page
