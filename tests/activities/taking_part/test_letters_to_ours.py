"""Ours who take part have the letters that guests have, as far as they want mail (B1, F3.9)."""

import datetime as dt
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from activities import actions
from activities.actions import Reach, When
from activities.actions.answering import apply_reply
from activities.models import Activity, Attendee
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.mail.models import OutboundMessage
from crm.mail.tasks import deliver_outbox, mail_owed_notifications
from crm.records.actions import restore_record, trash_record
from crm.records.models import Event
from tests.activities.calendars import line
from tests.activities.conftest import ROME, fresh
from tests.activities.taking_part.invited import (
    ANNA,
    Letter,
    change,
    letters,
    move,
    new_letters,
    news_of,
    status,
)
from tests.activities.taking_part.test_replies import reply
from tests.factories import make_event, make_person, make_user
from tests.mail.conftest import open_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
As = Callable[[str], Client]


@pytest.fixture
def dora(db: None) -> User:
    return make_user("dora", role="colleague", language="it", time_zone="America/New_York")


@pytest.fixture
def lunch(alice: User, dora: User) -> Activity:
    return make_event(
        "Lunch", actor=alice, start="2026-12-01 13:00", place="Torino", participants=[dora]
    )


@pytest.fixture
def invited(lunch: Activity, dora: User) -> Letter:
    """The first letter to Dora, who has seen the bell."""
    (letter,) = new_letters()
    news_of(dora)
    return letter


def owed(person: User) -> list[bool]:
    """Of each piece of news: whether a mail is owed of it."""
    return [row.mail_due_at is not None for row in person.notifications.order_by("pk")]


# --- what is written -----------------------------------------------------------------------------
def test_who_is_invited_has_the_event_in_their_mail_language_and_zone(
    lunch: Activity, dora: User
) -> None:
    (letter,) = letters()
    assert (letter.to, letter.method, letter.row.user) == (dora.email, "REQUEST", dora)
    assert "martedì 1 dicembre 2026, 07:00 – 08:00" in letter.text  # by her clocks
    assert line(letter.event, "DTSTART") == "20261201T130000"  # and by those of Rome
    assert letter.event["UID"] == f"{lunch.uid}@localhost"
    assert letter.event["ATTENDEE"] == f"mailto:{dora.email}"
    assert letter.event["ORGANIZER"] == "mailto:alice@example.com"
    for said in ("Lunch", "Torino", f"/activities/{lunch.pk}/", "/account/settings/"):
        assert said in letter.text
    assert letter.link in letter.html


def test_the_letter_is_delivered_once_and_with_it_no_mail_of_the_bell(
    lunch: Activity, dora: User, clock: Any, settings: Any
) -> None:
    with open_office(settings) as post:
        clock.shift(3600)
        for _turn in range(2):
            mail_owed_notifications()
            deliver_outbox()
    (mail,) = post.taken
    assert isinstance(mail, EmailMessage)
    assert mail["To"] == dora.email
    assert mail["Auto-Submitted"] == "auto-generated"
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert owed(dora) == [False]
    assert news_of(dora) == ["invited"]


@pytest.mark.parametrize(("wish", "count"), [("now", 1), ("daily", 1), ("never", 0)])
def test_who_wants_no_mail_has_the_bell_alone(alice: User, wish: str, count: int) -> None:
    wishing = make_user("eve", role="colleague", mail_notifications=wish)
    made = make_event("Lunch", actor=alice, participants=[wishing])
    change(made, actor=alice, place="Milano")
    trash_record(made, actor=alice)
    assert len(letters()) == 3 * count
    assert owed(wishing) == [False]


def test_an_address_that_cannot_be_leaves_the_mail_of_the_bell(alice: User) -> None:
    odd = make_user("odd", role="colleague", email="not an address")
    make_event("Lunch", actor=alice, participants=[odd])
    assert letters() == []
    assert owed(odd) == [True]


def test_nobody_is_written_about_what_they_did(alice: User, dora: User) -> None:
    made = make_event("Lunch", actor=dora, owner=alice, participants=[dora])
    move(made, "2026-12-02 10:00", "2026-12-02 11:00", actor=dora)
    trash_record(fresh(made), actor=dora)
    assert [letter.to for letter in letters()] == [alice.email]  # that it is in the trash


def test_who_may_not_see_activities_is_not_written_to(alice: User) -> None:
    blind = make_user("blind", role=None)
    make_event("Lunch", actor=alice, participants=[blind])
    assert (letters(), news_of(blind)) == ([], [])


def test_one_of_ours_who_is_a_guest_as_well_has_one_letter(alice: User, dora: User) -> None:
    same = make_person(actor=alice, owner=alice, emails=[dora.email.upper()])
    made = make_event("Lunch", actor=alice, participants=[dora], guests=[same])
    change(made, actor=alice, notes="x")
    (letter,) = new_letters()
    assert letter.row.user == dora
    change(made, actor=alice, place="Milano")
    assert len(new_letters()) == 1


# --- what changes --------------------------------------------------------------------------------
def test_a_change_updates_their_calendar(
    lunch: Activity, invited: Letter, alice: User, dora: User
) -> None:
    move(lunch, "2026-12-02 10:00", "2026-12-02 11:00", actor=alice)
    (letter,) = new_letters()
    assert (letter.method, letter.event["UID"]) == ("REQUEST", invited.event["UID"])
    assert letter.event["SEQUENCE"] > invited.event["SEQUENCE"]
    assert letter.link != invited.link
    assert owed(dora) == [False]
    change(lunch, actor=alice, subject="Dinner")
    (letter,) = new_letters()
    assert str(letter.event["SUMMARY"]) == "Dinner"
    assert news_of(dora) == ["rescheduled"]  # a new subject does not ring


def test_who_declined_is_left_in_peace_until_it_is_at_another_time(
    lunch: Activity, invited: Letter, alice: User
) -> None:
    lunch.attendees.update(answer=Attendee.Answer.DECLINED)
    change(lunch, actor=alice, place="Milano")
    assert new_letters() == []
    move(lunch, "2026-12-02 10:00", "2026-12-02 11:00", actor=alice)
    (letter,) = new_letters()
    assert letter.event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_what_is_cancelled_is_cancelled_in_their_calendar_once(
    lunch: Activity, invited: Letter, alice: User
) -> None:
    actions.set_status(lunch, status("off"), actor=alice)
    (letter,) = new_letters()
    assert (letter.method, letter.link) == ("CANCEL", "")
    assert letter.event["SEQUENCE"] > invited.event["SEQUENCE"]
    trash_record(fresh(lunch), actor=alice)
    assert new_letters() == []


def test_the_trash_and_back(lunch: Activity, invited: Letter, alice: User) -> None:
    trash_record(lunch, actor=alice)
    (off,) = new_letters()
    restore_record(fresh(lunch), actor=alice)
    (again,) = new_letters()
    assert (off.method, again.method) == ("CANCEL", "REQUEST")
    assert off.event["SEQUENCE"] < again.event["SEQUENCE"]


def test_a_copy_is_another_event(lunch: Activity, invited: Letter, alice: User) -> None:
    day = dt.date(2026, 12, 9)
    when = When(day, dt.time(10), day, dt.time(11), ROME)
    actions.copy_activity(lunch, when, actor=alice, on=None)
    (letter,) = new_letters()
    assert letter.method == "REQUEST"
    assert letter.event["UID"] != invited.event["UID"]


def test_who_is_taken_off_learns_nothing_new(lunch: Activity, alice: User, dora: User) -> None:
    change(lunch, actor=alice, subject="Her farewell", place="Milano", participants=[])
    assert not Activity.objects.visible_to(dora).filter(pk=lunch.pk).exists()
    _first, letter = letters()
    assert (letter.to, letter.method, letter.event["STATUS"]) == (dora.email, "CANCEL", "CANCELLED")
    whole = letter.text + letter.html + letter.subject + letter.calendar.decode()
    assert "Lunch" in whole
    for word in ("farewell", "Milano", f"/activities/{lunch.pk}/"):
        assert word not in whole


def test_who_never_had_a_letter_is_taken_off_silently(lunch: Activity, alice: User) -> None:
    OutboundMessage.objects.all().delete()
    change(lunch, actor=alice, participants=[])
    assert letters() == []


def test_who_becomes_responsible_is_not_told_that_it_is_off(
    lunch: Activity, alice: User, dora: User
) -> None:
    change(lunch, actor=alice, owner=dora, participants=[])
    assert [letter.method for letter in letters()] == ["REQUEST"]


@pytest.mark.parametrize("hour", [13, 15])
def test_another_takes_the_place(
    lunch: Activity, alice: User, dora: User, carol: User, hour: int
) -> None:
    """At another time, too, which is nothing to the one who gave it away."""
    day = dt.date(2026, 12, 1)
    when = When(day, dt.time(hour), day, dt.time(hour + 1), ROME)
    actions.move_activity(fresh(lunch), when, actor=alice, people=(dora, carol))
    _invited, off, asked = letters()
    assert [(off.to, off.method), (asked.to, asked.method)] == [
        *((dora.email, "CANCEL"), (carol.email, "REQUEST")),
    ]
    assert line(off.event, "DTSTART") == "20261201T130000"
    assert line(asked.event, "DTSTART") == f"20261201T{hour}0000"


def test_a_date_of_a_series_is_cancelled_alone(alice: User, dora: User) -> None:
    made = make_event(
        "Round", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY", participants=[dora]
    )
    new_letters()
    day = dt.date(2026, 11, 30)
    actions.remove_activity(made, actor=alice, on=day, reach=Reach.ONE)
    (letter,) = new_letters()
    assert (letter.method, line(letter.event, "RECURRENCE-ID")) == ("CANCEL", "20261130T100000")
    assert "lunedì 30 novembre 2026" in letter.text


# --- answers -------------------------------------------------------------------------------------
def test_they_answer_by_the_link_under_their_own_name(
    lunch: Activity, invited: Letter, alice: User, dora: User
) -> None:
    page = Client().get(invited.link).content.decode()
    assert '<html lang="it"' in page
    assert "07:00 – 08:00" in page
    assert lunch.attendees.get().answer == "pending"
    assert Client().post(invited.link, {"answer": "accepted"}).status_code == 302
    assert lunch.attendees.get().answer == "accepted"
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor) == ("accepted", dora)
    assert news_of(alice) == ["accepted"]


def test_the_link_is_of_no_use_to_who_is_not_here_any_more(invited: Letter, dora: User) -> None:
    dora.is_active = False
    dora.save()
    assert Client().get(invited.link).status_code == 404


def test_their_calendar_program_answers_for_them(
    lunch: Activity, invited: Letter, dora: User
) -> None:
    assert not apply_reply(reply(lunch, address=dora.email), ANNA)
    assert apply_reply(reply(lunch, address=dora.email, partstat="TENTATIVE"), dora.email)
    assert lunch.attendees.get().answer == "tentative"
    assert Event.objects.latest("pk").actor == dora


def test_bob_and_carol_see_what_they_are_invited_to_and_others_do_not(
    as_: As, alice: User, bob: User, carol: User, anna: Contact
) -> None:
    made = make_event("Lunch", actor=alice, participants=[carol], guests=[anna])
    assert {letter.to for letter in letters()} == {carol.email, ANNA}
    assert as_("carol").get(f"/activities/{made.pk}/").status_code == 200
    assert "Will you take part?" in as_("carol").get(f"/activities/{made.pk}/").content.decode()
