"""What matters to those who take part is told them, and nothing else (B14)."""

import datetime as dt
from typing import Any

import pytest

from activities import actions
from activities.actions.inviting import invite
from activities.models import Activity, Attendee
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.mail.models import OutboundMessage
from crm.records.actions import assign_record, restore_record, trash_record
from tests.activities.conftest import ROME, fresh
from tests.activities.taking_part.invited import (
    ANNA,
    change,
    letters,
    move,
    new_letters,
    news_of,
    status,
)
from tests.factories import make_event, make_person, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- changed -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "ours", "guests"),
    [
        ({"starts_on": dt.date(2026, 11, 30)}, ["rescheduled"], True),
        ({"end_time": dt.time(12)}, ["rescheduled"], True),
        ({"place": "Milano"}, ["relocated"], True),
        ({"subject": "Lunch"}, [], True),
        ({"notes": "x"}, [], False),
        ({"outcome": "x"}, [], False),
        ({"estimate": 30}, [], False),
        ({}, [], False),
    ],
)
def test_only_what_matters_is_told(
    visit: Activity, alice: User, bob: User, facts: dict[str, Any], ours: list[str], guests: bool
) -> None:
    change(visit, actor=alice, **facts)
    assert news_of(bob) == ours
    assert news_of(alice) == []
    mails = new_letters()
    assert [(mail.to, mail.method) for mail in mails] == ([(ANNA, "REQUEST")] if guests else [])
    if mails:
        assert mails[0].event["UID"] == f"{visit.uid}@localhost"
        assert mails[0].event["SEQUENCE"] == 1
        assert mails[0].subject.startswith("Modificato") or "Changed" in mails[0].subject
        assert visit.attendees.get(contact__isnull=False).told_sequence == 1
    assert fresh(visit).sequence == int(guests)


def test_the_owner_is_told_what_others_change(visit: Activity, alice: User, admin: User) -> None:
    change(visit, actor=admin, place="Milano")
    assert news_of(alice) == ["relocated"]


def test_who_becomes_responsible_is_told_that_and_nothing_besides(
    visit: Activity, carol: User, alice: User
) -> None:
    change(visit, actor=alice, place="Milano", owner=carol)
    assert news_of(carol) == ["changed"]
    assert carol.notifications.count() == 0


def test_another_time_asks_anew(visit: Activity, alice: User, bob: User) -> None:
    """Answers were to another time: who had declined may come now, and has it in the calendar."""
    visit.attendees.update(answer=Attendee.Answer.DECLINED, answered_at=dt.datetime.now(dt.UTC))
    visit.after_write()
    change(visit, actor=alice, place="Milano")
    assert (news_of(bob), new_letters()) == ([], [])  # a place is nothing to who is not coming
    assert not visit.slots.filter(person=bob).exists()
    move(visit, "2026-12-02 10:00", "2026-12-02 11:00", actor=alice)
    assert set(visit.attendees.values_list("answer", "answered_at")) == {("pending", None)}
    assert visit.slots.filter(person=bob).exists()
    assert news_of(bob) == ["rescheduled"]
    (letter,) = new_letters()
    assert letter.event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_who_is_added_is_invited_and_the_others_are_left_in_peace(
    visit: Activity, alice: User, bob: User, carol: User, anna: Contact
) -> None:
    other = make_person("Neri", actor=alice, owner=alice, emails=["neri@example.org"])
    change(visit, actor=alice, participants=[bob, carol], guests=[anna, other])
    assert (news_of(bob), news_of(carol)) == ([], ["invited"])
    assert {(mail.to, mail.method) for mail in letters()} == {
        ("neri@example.org", "REQUEST"),
        ("carol@example.com", "REQUEST"),
    }


def test_who_is_added_otherwise_than_by_saving_can_be_told(
    visit: Activity, carol: User, alice: User
) -> None:
    Attendee.objects.create(activity=visit, user=carol)
    invite(visit, actor=alice)
    invite(visit, actor=alice)
    assert news_of(carol) == ["invited"]
    assert [letter.to for letter in letters()] == ["carol@example.com"]


def test_a_guest_taken_off_is_told_that(visit: Activity, alice: User, anna: Contact) -> None:
    trash_me = make_person("Neri", actor=alice, owner=alice, emails=["neri@example.org"])
    made = make_event("Visit", actor=alice, start="2026-12-01 10:00", guests=[anna, trash_me])
    OutboundMessage.objects.filter(to=[ANNA]).delete()  # never written to
    change(made, actor=alice, guests=[])
    assert [(mail.to, mail.method) for mail in letters()][1:] == [("neri@example.org", "CANCEL")]


def test_a_cancelled_guest_has_the_same_uid_and_a_status(alice: User, anna: Contact) -> None:
    made = make_event("Visit", actor=alice, start="2026-12-01 10:00", guests=[anna])
    change(made, actor=alice, guests=[])
    first, last = letters()
    assert (last.method, last.event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert last.event["UID"] == first.event["UID"]
    assert last.link == ""


# --- cancelled, removed, back --------------------------------------------------------------------
def test_a_cancelled_event_is_called_off_once(visit: Activity, alice: User, bob: User) -> None:
    actions.set_status(visit, status("off"), actor=alice)
    assert news_of(bob) == ["called_off"]
    (letter,) = new_letters()
    assert (letter.method, letter.event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert letter.event["SEQUENCE"] == 1
    change(visit, actor=alice, place="Milano")
    trash_record(visit, actor=alice)
    assert (news_of(bob), new_letters()) == ([], [])


def test_what_is_on_again_is_told(visit: Activity, alice: User, bob: User) -> None:
    actions.set_status(visit, status("off"), actor=alice)
    new_letters(), news_of(bob)
    actions.set_status(fresh(visit), status("planned"), actor=alice)
    assert news_of(bob) == ["restated"]
    (letter,) = new_letters()
    assert (letter.method, letter.event["STATUS"]) == ("REQUEST", "CONFIRMED")


@pytest.mark.parametrize(("category", "told"), [("active", 0), ("done", 0), ("waiting", 1)])
def test_a_status_that_looks_the_same_elsewhere_is_no_news(
    visit: Activity, alice: User, category: str, told: int
) -> None:
    actions.set_status(visit, status(category), actor=alice)
    assert len(letters()) == told


def test_what_goes_to_the_trash_is_told_by_mail_for_no_page_shows_it(
    visit: Activity, alice: User
) -> None:
    quiet = make_user("quiet", role="colleague", mail_notifications="never")
    late, dora = make_user("late", role="colleague"), make_user("dora", role="colleague")
    for person in (quiet, late, dora):
        answer = "declined" if person is late else "pending"
        Attendee.objects.create(activity=visit, user=person, told_sequence=0, answer=answer)
    trash_record(visit, actor=alice)
    mails = new_letters()
    assert {(mail.to, mail.method) for mail in mails} == {(ANNA, "CANCEL"), (dora.email, "CANCEL")}
    to_dora = next(mail for mail in mails if mail.to == dora.email)
    assert to_dora.row.user == dora
    assert to_dora.subject == "Cancelled: Visit"


def test_the_owner_hears_that_it_is_in_the_trash_and_has_no_calendar_of_it(
    visit: Activity, alice: User, admin: User
) -> None:
    trash_record(visit, actor=admin)
    (letter,) = [mail for mail in new_letters() if mail.to == alice.email]
    assert (letter.subject, letter.calendar) == ("Cancelled: Visit", b"")


def test_what_comes_back_from_the_trash_invites_again(
    visit: Activity, alice: User, bob: User
) -> None:
    trash_record(visit, actor=alice)
    (cancelled,) = [mail for mail in new_letters() if mail.to == ANNA]
    restore_record(visit, actor=alice)
    assert news_of(bob) == ["invited"]
    (letter,) = new_letters()
    assert (letter.method, letter.event["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert letter.event["SEQUENCE"] > cancelled.event["SEQUENCE"]


def test_what_is_over_is_not_called_off(
    visit: Activity, alice: User, bob: User, clock: Any
) -> None:
    clock.move_to(dt.datetime(2026, 12, 2, 9, tzinfo=ROME))
    trash_record(visit, actor=alice)
    assert (letters(), news_of(bob)) == ([], [])


def test_an_assignment_tells_guests_nothing(visit: Activity, alice: User, carol: User) -> None:
    assign_record(visit, carol, actor=alice)
    assert letters() == []
