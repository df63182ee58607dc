"""What a guest reads, and what they learn (E11)."""

from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from crm.accounts.models import User
from crm.contacts.models import Contact
from tests.activities.taking_part.invited import (
    ANNA,
    letters,
)
from tests.factories import make_company, make_event, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_guest_reads_what_when_where_and_who_in_their_language(
    alice: User, anna: Contact
) -> None:
    make_event("Visita", actor=alice, guests=[anna], place="Torino", zone="America/New_York")
    (letter,) = letters()
    assert letter.row.reply_to == ["alice@example.com"]
    assert letter.row.from_address.startswith("Alice Rossi <")
    assert "giovedì 26 novembre 2026, 10:00 – 11:00" in letter.text.lower()
    assert "Ora standard orientale USA" in letter.text
    for said in ("Visita", "Torino", "Alice Rossi"):
        assert said in letter.text
        assert said in letter.html
    assert letter.link in letter.html


def test_without_a_language_of_their_own_it_is_that_of_who_asks_them(alice: User) -> None:
    alice.language = "he"
    alice.save()
    guest = make_person(actor=alice, owner=alice, emails=[ANNA])
    make_event("Visit", actor=alice, guests=[guest])
    (letter,) = letters()
    assert "חמישי 26 נובמבר 2026" in letter.text
    assert 'dir="rtl"' in letter.html


def test_a_guest_learns_nothing_else(alice: User, bob: User, anna: Contact) -> None:
    company = make_company("Secret & Sons", actor=alice, owner=alice)
    other = make_person("Neri", actor=alice, owner=alice, emails=["neri@example.org"])
    make_event(
        "Visit",
        actor=alice,
        customer=company,
        other_customers=[company],
        contact_person=other,
        notes="They pay late",
        outcome="Sold",
        participants=[bob],
        guests=[anna, other],
    )
    for to, others in ((ANNA, "neri"), ("neri@example.org", "anna")):
        (letter,) = letters(to)
        whole = letter.mime.as_string() + letter.text + letter.html + letter.calendar.decode()
        for word in ("Secret", "pay late", "Sold", "bob", "Bob", "/activities/", others):
            assert word not in whole, (to, word)
        assert letter.event["ATTENDEE"] == f"mailto:{to}"
        assert letter.event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
        assert letter.event["ORGANIZER"] == "mailto:alice@example.com"


def test_the_mail_as_it_leaves_has_text_html_calendar_and_a_file(
    alice: User, anna: Contact
) -> None:
    make_event("Visita ✓ שלום", actor=alice, guests=[anna], place="x" * 200)
    (letter,) = letters()
    mail: Any = message_from_bytes(letter.mime.as_bytes(linesep="\r\n"), policy=default)
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert mail.get_content_type() == "multipart/mixed"
    calendar, attached = list(mail.walk())[-2:]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar.get_payload(decode=True) == letter.calendar
    assert attached.get_filename() == "invite.ics"
    assert attached.get_payload(decode=True) == letter.calendar
    assert str(letter.event["SUMMARY"]) == "Visita ✓ שלום"


@pytest.mark.parametrize("name", ['Eve" <eve@example.org>, x', "Ε" * 150, "a\r\nBcc: x@y.z"])
def test_a_hostile_name_is_only_a_name(alice: User, anna: Contact, name: str) -> None:
    alice.first_name = name
    alice.save()
    make_event(f"{name}\nBcc: x@y.z", actor=alice, guests=[anna])
    (letter,) = letters()
    mail = message_from_bytes(letter.mime.as_bytes(), policy=default)
    assert mail["To"] == ANNA
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["From"].addresses] == ["bottega@localhost"]
    assert letter.event["ATTENDEE"] == f"mailto:{ANNA}"
