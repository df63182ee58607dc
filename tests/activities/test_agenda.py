"""The mail of the morning: to whom, when, and what it says."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.formats import date_format

from activities import agenda
from activities.agenda import agenda_of
from activities.models import Attendee
from activities.tasks import mail_daily_agendas
from crm.accounts.models import Team, User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.mail.models import OutboundMessage
from crm.records.actions import trash_record
from crm.records.models import Heartbeat
from tests.activities.reminders.reminding import at, mails
from tests.factories import make_event, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = dt.date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _own_address(settings: Any) -> None:
    settings.SITE_URL = "https://crm.example.com"


def ring(clock: Any, text: str) -> None:
    clock.move_to(at(text))
    mail_daily_agendas()


def agendas() -> list[OutboundMessage]:
    return mails("<agenda.")


def titles(user: User, day: dt.date = TODAY) -> tuple[list[str], list[str], list[str]]:
    found = agenda_of(User.objects.get(pk=user.pk), day)
    lines = (found.events, found.tasks, found.overdue)
    events, tasks, overdue = ([line.title for line in part] for part in lines)
    return events, tasks, overdue


# --- when and to whom -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Rome", dt.date(2026, 3, 29)),
        ("Europe/Rome", dt.date(2026, 10, 25)),
        ("America/New_York", dt.date(2026, 3, 8)),
        ("Asia/Jerusalem", dt.date(2026, 10, 25)),
        ("Asia/Kathmandu", dt.date(2026, 6, 1)),
    ],
)
def test_it_comes_at_seven_on_the_reader_s_clock(
    colleague: Any, clock: Any, zone: str, day: dt.date
) -> None:
    reader = make_user("reader", role="colleague", time_zone=zone)
    make_event("Visit", start=f"{day} 15:00", zone=zone, actor=reader)
    seven = dt.datetime.combine(day, dt.time(7), ZoneInfo(zone))
    for seconds, written in ((-120, 0), (-1, 0), (0, 1), (60, 1), (3600, 1)):
        clock.move_to(seven + dt.timedelta(seconds=seconds))
        mail_daily_agendas()
        assert len(agendas()) == written, seconds


def test_without_anything_there_is_no_mail_and_no_late_one(alice: User, clock: Any) -> None:
    ring(clock, "2026-11-27 07:00")
    make_event(start="2026-11-27 15:00", actor=alice)
    ring(clock, "2026-11-27 07:01")
    assert agendas() == []


def test_a_day_has_one_whatever_happens(alice: User, clock: Any) -> None:
    make_event(start="2026-11-27 15:00", actor=alice)
    ring(clock, "2026-11-27 07:00")
    Heartbeat.objects.all().delete()
    ring(clock, "2026-11-27 07:05")
    Heartbeat.objects.update(at=at("2026-11-27 06:00"))
    ring(clock, "2026-11-27 07:10")
    User.objects.update(time_zone="America/New_York")
    ring(clock, "2026-11-27 13:30")
    assert len(agendas()) == 1
    make_event(start="2026-11-28 15:00", actor=alice)
    ring(clock, "2026-11-28 13:00")
    assert len(agendas()) == 2


def test_after_a_failure_in_the_morning_it_comes_later_but_not_in_the_evening(
    alice: User, clock: Any
) -> None:
    make_event(start="2026-11-27 15:00", actor=alice)
    make_event(start="2026-11-28 15:00", actor=alice)
    ring(clock, "2026-11-26 23:00")
    ring(clock, "2026-11-27 08:10")
    assert len(agendas()) == 1
    ring(clock, "2026-11-28 18:00")
    assert len(agendas()) == 1


def test_who_wants_no_mail_has_no_address_or_left_gets_none(alice: User, clock: Any) -> None:
    for name, facts in (
        ("never", {"mail_notifications": "never"}),
        ("nowhere", {"email": ""}),
        ("gone", {"is_active": False}),
        ("daily", {"mail_notifications": "daily"}),
    ):
        person = make_user(name, role="colleague", **facts)
        make_event(start="2026-11-27 15:00", owner=person, actor=alice)
    ring(clock, "2026-11-27 07:00")
    assert [mail.to for mail in agendas()] == [["daily@example.com"]]


def test_one_that_cannot_be_written_keeps_nobody_waiting(
    alice: User, bob: User, carol: User, clock: Any, monkeypatch: Any
) -> None:
    User.objects.filter(pk=alice.pk).update(email="no address")
    for person in (alice, bob, carol):
        make_event(start="2026-11-27 15:00", actor=person)
    real = agenda.agenda_of

    def broken(user: User, day: dt.date) -> Any:
        if user == bob:
            raise RuntimeError
        return real(user, day)

    with monkeypatch.context() as patch:
        patch.setattr(agenda, "agenda_of", broken)
        ring(clock, "2026-11-27 07:00")
    assert [mail.user for mail in agendas()] == [carol]
    ring(clock, "2026-11-27 07:01")
    assert [mail.user for mail in agendas()] == [carol, bob]


# --- what it says ---------------------------------------------------------------------------------
def test_it_has_the_events_and_tasks_of_the_day_and_what_is_overdue(
    alice: User, bob: User, carol: User
) -> None:
    make_event("Own", start="2026-11-26 15:00", owner=alice, actor=alice)
    make_event("Taking part", start="2026-11-26 14:00", participants=[alice], actor=bob)
    declined = make_event("Declined", participants=[alice], actor=bob)
    Attendee.objects.filter(activity=declined).update(answer="declined")
    declined.after_write()
    make_event("All day", start="2026-11-25", end="2026-11-27", owner=alice, actor=alice)
    make_event("Bob's", actor=bob)
    make_event("Yesterday", start="2026-11-25 10:00", owner=alice, actor=alice)
    make_event("Tomorrow", start="2026-11-27 10:00", owner=alice, actor=alice)
    make_event("Done", category="done", owner=alice, actor=alice)
    make_event("Off", category="off", owner=alice, actor=alice)
    trash_record(make_event("Gone", owner=alice, actor=alice), actor=alice)
    make_task("Today", owner=alice, actor=alice)
    make_task("At eight", due="2026-11-26 08:00", owner=alice, actor=alice)
    make_task("Late", due="2026-11-20", owner=alice, actor=alice)
    make_task("Very late", due="2025-01-07 10:00", owner=alice, actor=alice)
    make_task("Late and done", due="2026-11-20", category="done", owner=alice, actor=alice)
    make_task("Later", due="2026-11-28", owner=alice, actor=alice)
    events, tasks, overdue = titles(alice)
    assert events == ["All day", "Taking part", "Own"]
    assert tasks == ["Today", "At eight"]
    assert overdue == ["Very late", "Late"]
    assert titles(carol) == ([], [], [])


def test_series_are_unfolded_and_of_what_is_late_the_last_date_is_told(alice: User) -> None:
    make_event("Stand-up", start="2026-11-20 09:30", rule="FREQ=DAILY", actor=alice)
    make_task("Report", due="2026-11-02", rule="FREQ=WEEKLY", actor=alice)
    make_event("Thursdays", start="2026-11-19 18:00", rule="FREQ=WEEKLY", actor=alice)
    found = agenda_of(alice, TODAY)
    assert [line.title for line in found.events] == ["Stand-up", "Thursdays"]
    assert [line.on for line in found.overdue] == [dt.date(2026, 11, 23)]
    assert found.overdue[0].address.endswith("/?on=2026-11-23")


def test_what_a_team_was_given_is_on_the_agenda_of_each_of_it(
    alice: User, bob: User, carol: User, team: Team
) -> None:
    make_task("For one of you", team=team, actor=alice)
    make_task("Since long", due="2026-01-07", team=team, actor=alice)
    for member in (alice, bob):
        found = agenda_of(User.objects.get(pk=member.pk), TODAY)
        assert [(line.title, line.is_unclaimed) for line in found.tasks] == [
            ("For one of you", True)
        ]
        assert [line.title for line in found.overdue] == ["Since long"]
    assert titles(carol) == ([], [], [])


def test_rights_hold(alice: User, colleague: Any) -> None:
    make_event("Own", actor=alice)
    make_task("Old", due="2026-01-07", actor=alice)
    set_right(colleague, "activity", view="none", change="none", delete="none", export="none")
    assert titles(alice) == ([], [], [])


def test_of_many_overdue_ones_the_oldest_are_listed(alice: User) -> None:
    for day in range(1, 26):
        make_task(f"{day}", due=f"2026-{10 if day % 2 else 11}-{day:02}", actor=alice)
    found = agenda_of(alice, TODAY)
    assert (len(found.overdue), found.more) == (20, 5)
    days = [line.on for line in found.overdue]
    assert days == sorted(days)


def test_the_mail_in_the_reader_s_words_and_times(
    alice: User, company: Contact, clock: Any
) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone="America/New_York")
    visit = make_event(
        "Visit <b>", start="2026-11-27 15:00", customer=company, place="Turin", actor=alice
    )
    make_event("Night", start="2026-11-27 20:00", end="2026-11-28 10:00", actor=alice)
    make_task("Offer", due="2026-11-27", actor=alice)
    make_task("Old", due="2026-11-20", actor=alice)
    ring(clock, "2026-11-27 13:00")
    (mail,) = agendas()
    assert mail.subject == "Your day: Friday 27 November"
    for text in (mail.text, mail.html):
        assert "09:00 – 10:00" in text
        assert "14:00 –" in text
        assert "F.I.A.T. S.p.A. · Turin" in text
        assert f"https://crm.example.com/activities/{visit.pk}/" in text
        assert date_format(dt.date(2026, 11, 20), "SHORT_DATE_FORMAT") in text
    assert "Visit &lt;b&gt;" in mail.html
    assert "\n\n\n\n" not in mail.text
    assert f"activities.activity:{visit.pk}" in mail.mentions
    assert mail.user == alice


def test_it_is_read_in_a_few_statements(
    alice: User, company: Contact, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        make_event(f"{number}", customer=company, actor=alice)
        make_task(f"{number}", due="2026-11-20", actor=alice)
        make_task(f"{number}", due="2026-01-20", actor=alice)
    reader = User.objects.select_related("role").get(pk=alice.pk)
    with django_assert_max_num_queries(14):
        assert not agenda_of(reader, TODAY).is_empty
