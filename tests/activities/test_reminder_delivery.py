"""Sending what is due: to whom, in which words, and not what is not owed any more."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from activities import alarm
from activities.actions import move_activity
from activities.actions.delivering import deliver_reminders_of
from activities.models import Activity, Reminder
from activities.tasks import deliver_due_reminders, tell_of_unsent_reminders
from crm.accounts.models import User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.mail.models import OutboundMessage
from crm.mail.tasks import mail_owed_notifications
from crm.records.actions import add_entry, purge_record, trash_record
from crm.records.models import Event, Notification
from crm.records.tasks import note_heartbeat
from tests.activities.reminding import (
    CANCELLED,
    PENDING,
    SENT,
    at,
    mails,
    owed_of,
    states,
    wanting,
    when,
)
from tests.factories import make_company, make_event, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _own_address(settings: Any) -> None:
    settings.SITE_URL = "https://crm.example.com"


@pytest.fixture
def visit(alice: User, bob: User, company: Contact) -> Activity:
    """Today from ten to eleven, with a reminder at half past nine."""
    event = make_event(
        "Visit F.I.A.T.",
        owner=alice,
        participants=[bob],
        customer=company,
        place="Via Nizza 250",
        actor=alice,
    )
    Notification.objects.all().delete()  # that it was made is told elsewhere
    return wanting(event, 30)


def ring(clock: Any, text: str) -> None:
    clock.move_to(at(text))
    deliver_due_reminders()


def bells(user: User) -> list[Notification]:
    return list(user.notifications.filter(event__verb="reminded").order_by("pk"))


# --- what is sent ---------------------------------------------------------------------------------
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


# --- what is not ----------------------------------------------------------------------------------
def test_who_does_not_see_it_any_more_is_not_told(
    visit: Activity, bob: User, colleague: Any, clock: Any
) -> None:
    set_right(colleague, "activity", view="none", change="none", delete="none", export="none")
    ring(clock, "2026-11-26 09:30")
    assert (mails(), states(visit), bells(bob)) == ([], {CANCELLED}, [])
    assert not Event.objects.filter(verb="reminded").exists()


def test_who_left_meanwhile_is_not_told(visit: Activity, bob: User, clock: Any) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    ring(clock, "2026-11-26 09:30")
    assert {row.user.username: row.state for row in owed_of(visit)} == {
        "alice": SENT,
        "bob": CANCELLED,
    }
    assert [mail.to for mail in mails()] == [["alice@example.com"]]


@pytest.mark.parametrize("what", ["trashed", "closed", "moved", "unwanted"])
def test_what_changed_without_a_word_is_found_when_it_is_due(
    visit: Activity, clock: Any, what: str
) -> None:
    """Written past every action: what is sent is looked at once more."""
    rows = Activity.objects.filter(pk=visit.pk)
    if what == "trashed":
        rows.update(trashed_at=timezone.now())
    elif what == "closed":
        rows.update(category="done")
    elif what == "moved":
        rows.update(start_time=dt.time(15), end_time=dt.time(16))
    else:
        visit.reminders.all().delete()
    ring(clock, "2026-11-26 09:30")
    assert mails() == []
    assert states(visit) == {PENDING if what == "moved" else CANCELLED}


def test_late_it_still_goes_unless_the_event_is_over(
    visit: Activity, alice: User, clock: Any
) -> None:
    long = wanting(make_event("Long", end="2026-11-26 18:00", actor=alice), 30)
    task = wanting(make_task("Task", due="2026-11-26 10:00", actor=alice), 30)
    after = wanting(make_event("After", start="2026-11-26 09:00", actor=alice), -61)
    ring(clock, "2026-11-26 11:30")
    assert states(visit) == {CANCELLED}
    assert states(long) == states(task) == states(after) == {SENT}
    assert {mail.subject for mail in mails()} == {
        "Now: Long",
        "Overdue: Task",
        "Today at 09:00: After",
    }


def test_an_hour_late_it_goes_even_if_the_event_is_over(alice: User, clock: Any) -> None:
    short = make_event(end="2026-11-26 10:15", actor=alice)
    wanting(short, 30)
    ring(clock, "2026-11-26 10:30")
    assert states(short) == {SENT}


def test_moved_to_the_same_day_later_it_is_another_mail(
    visit: Activity, alice: User, clock: Any
) -> None:
    ring(clock, "2026-11-26 09:30")
    move_activity(visit, when("2026-11-26 15:00", "2026-11-26 16:00"), actor=alice)
    ring(clock, "2026-11-26 14:30")
    told = [mail for mail in mails() if mail.user == alice]
    assert [mail.subject for mail in told] == ["In 30 minutes: Visit F.I.A.T."] * 2
    assert len({mail.message_id for mail in told}) == 2


def test_what_fails_of_one_keeps_no_other_waiting(
    visit: Activity, alice: User, clock: Any, monkeypatch: Any
) -> None:
    other = wanting(make_event("Other", actor=alice), 30)

    def deliver(pk: int) -> int:
        if pk == visit.pk:
            raise RuntimeError
        return deliver_reminders_of(pk)

    monkeypatch.setattr("activities.tasks.deliver_reminders_of", deliver)
    ring(clock, "2026-11-26 09:30")
    assert (states(visit), states(other)) == ({PENDING}, {SENT})


def test_what_breaks_in_the_middle_leaves_nothing_done(
    visit: Activity, alice: User, clock: Any, monkeypatch: Any
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("activities.actions.delivering.notify", fail)
        ring(clock, "2026-11-26 09:30")
    assert (mails(), states(visit)) == ([], {PENDING})
    assert not Event.objects.filter(verb="reminded").exists()
    ring(clock, "2026-11-26 09:31")
    assert (len(mails()), states(visit)) == (2, {SENT})


def test_many_cost_a_few_statements_each(
    alice: User, clock: Any, django_assert_max_num_queries: Any
) -> None:
    for _number in range(3):
        wanting(make_event(actor=alice), 30)
    clock.move_to(at("2026-11-26 09:30"))
    with django_assert_max_num_queries(1 + 3 * 40):
        deliver_due_reminders()
    assert len(mails()) == 3


def test_a_purged_record_takes_its_mail_and_its_reminders_along(
    visit: Activity, alice: User, clock: Any
) -> None:
    ring(clock, "2026-11-26 09:30")
    trash_record(visit, actor=alice)
    purge_record(visit, actor=alice)
    assert not Reminder.objects.exists()
    assert {(mail.subject, mail.text) for mail in mails()} == {("", "")}


# --- whether they are sent at all (B4) -----------------------------------------------------------
def test_administrators_are_told_once_a_day_that_reminders_are_unsent(
    visit: Activity, admin: User, alice: User, clock: Any
) -> None:
    User.objects.filter(pk=admin.pk).update(mail_notifications="never")
    for time, unsent, written in (("09:40", 0, 0), ("09:41", 4, 1), ("09:51", 4, 1)):
        clock.move_to(at(f"2026-11-26 {time}"))
        tell_of_unsent_reminders()
        assert (alarm.unsent_count(), len(mails("<unsent."))) == (unsent, written), time
    (mail,) = mails("<unsent.")
    assert (mail.user, mail.subject) == (admin, "4 reminders have not been sent")
    assert "https://crm.example.com/activities/health/" in mail.text
    clock.move_to(at("2026-11-27 09:00"))
    tell_of_unsent_reminders()
    assert len(mails("<unsent.")) == 2
    deliver_due_reminders()
    clock.move_to(at("2026-11-28 09:00"))
    tell_of_unsent_reminders()
    assert len(mails("<unsent.")) == 2


def test_an_administrator_without_an_address_keeps_no_other_in_the_dark(
    visit: Activity, admin: User, clock: Any
) -> None:
    make_user("broken", role="administrator", email="no address")
    make_user("silent", role="administrator", email="")
    clock.move_to(at("2026-11-26 09:50"))
    tell_of_unsent_reminders()
    assert [mail.user for mail in mails("<unsent.")] == [admin]


def test_the_health_page_is_for_administrators(
    visit: Activity, admin: User, as_: Any, clock: Any, client: Client
) -> None:
    note_heartbeat()
    clock.move_to(at("2026-11-26 09:50"))
    page = as_("admin").get("/activities/health/")
    assert page.status_code == 200
    assert "<bdi>4</bdi>" in page.content.decode()
    assert as_("alice").get("/activities/health/").status_code == 403
    assert client.get("/activities/health/").status_code == 302
