"""Alice asks Bob, one of ours, and Anna, a guest from outside, who reads Italian."""

import pytest

from activities.models import Activity
from crm.accounts.models import MailNotifications, User
from crm.contacts.models import Contact
from tests.activities.calendars import line
from tests.activities.taking_part.invited import ANNA, new_letters, news_of
from tests.factories import make_company, make_event, make_person


@pytest.fixture
def bob(bob: User) -> User:
    """With the bell alone. What ours are written is in `test_letters_to_ours.py`."""
    bob.mail_notifications = MailNotifications.NEVER
    bob.save()
    return bob


@pytest.fixture
def anna(alice: User) -> Contact:
    return make_person(
        "Verdi", actor=alice, owner=alice, emails=[ANNA, "second@example.org"], language="it"
    )


@pytest.fixture
def visit(alice: User, bob: User, anna: Contact) -> Activity:
    """Alice's, with Bob and Anna, who have been told."""
    company = make_company("Secret & Sons", actor=alice, owner=alice)
    made = make_event(
        "Visit",
        actor=alice,
        start="2026-12-01 10:00",
        place="Torino",
        notes="They pay late",
        customer=company,
        participants=[bob],
        guests=[anna],
    )
    new_letters()
    news_of(bob)
    return made


@pytest.fixture
def weekly(alice: User, bob: User, anna: Contact) -> Activity:
    made = make_event(
        "Round",
        actor=alice,
        start="2026-11-23 10:00",
        rule="FREQ=WEEKLY;BYDAY=MO",
        participants=[bob],
        guests=[anna],
    )
    (letter,) = new_letters()
    assert line(letter.event, "RRULE") == "FREQ=WEEKLY;BYDAY=MO"
    assert "ogni settimana" in letter.text.lower() or "Every week" in letter.text
    news_of(bob)
    return made
