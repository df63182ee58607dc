"""Who takes part is told: ours by the bell, guests by mail (B6, B16). Ours by mail: see
`test_letters_to_ours.py`."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions import save_record
from crm.records.models import Event
from tests.activities.conftest import fresh
from tests.activities.taking_part.invited import (
    ANNA,
    change,
    letters,
    move,
    new_letters,
    news_of,
)
from tests.factories import make_event, make_person, make_task, make_user
from tests.forms import as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_new_event_invites_those_who_take_part(alice: User, bob: User, anna: Contact) -> None:
    made = make_event("Visit", actor=alice, participants=[bob], guests=[anna])
    assert news_of(bob) == ["invited"]
    assert news_of(alice) == []
    (letter,) = new_letters()
    assert (letter.to, letter.method) == (ANNA, "REQUEST")
    assert letter.event["UID"] == f"{made.uid}@localhost"
    assert set(made.attendees.values_list("told_sequence", flat=True)) == {0}


def test_who_invites_themselves_is_not_told(bob: User, alice: User) -> None:
    make_event("Visit", actor=bob, owner=alice, participants=[bob])
    assert news_of(bob) == []


def test_nobody_inactive_is_told(alice: User) -> None:
    gone = make_user("gone", role="colleague", is_active=False)
    make_event("Visit", actor=alice, participants=[gone])
    assert news_of(gone) == []


def test_a_task_tells_ours_too(alice: User, bob: User) -> None:
    make_task("Call back", actor=alice, participants=[bob])
    assert news_of(bob) == ["invited"]


def test_an_event_of_the_past_invites_nobody(alice: User, bob: User, anna: Contact) -> None:
    made = make_event(
        "Visit", actor=alice, start="2026-11-25 10:00", participants=[bob], guests=[anna]
    )
    change(made, actor=alice, place="Milano")
    assert (news_of(bob), letters()) == ([], [])
    # Moved ahead it is news.
    move(made, "2026-12-02 10:00", "2026-12-02 11:00", actor=alice)
    assert news_of(bob) == ["invited"]
    assert [letter.method for letter in letters()] == ["REQUEST"]


def test_a_guest_without_an_address_keeps_nobody_from_saving(alice: User) -> None:
    silent = make_person(actor=alice, owner=alice)
    odd = make_person(actor=alice, owner=alice, emails=["not an address"])
    made = make_event("Visit", actor=alice, guests=[silent, odd])
    assert letters() == []
    assert set(made.attendees.values_list("told_sequence", flat=True)) == {None}
    silent.emails.create(address="now@example.org")
    save_record(Contact.objects.get(pk=silent.pk), actor=alice)
    change(made, actor=alice, notes="x", subject="Visit")
    assert [letter.to for letter in letters()] == ["now@example.org"]


def test_what_is_written_is_written_with_the_change_or_not_at_all(
    alice: User, bob: User, anna: Contact
) -> None:
    with transaction.atomic():
        make_event("Visit", actor=alice, participants=[bob], guests=[anna])
        assert letters()
        transaction.set_rollback(True)
    assert (letters(), news_of(bob)) == ([], [])


def test_the_form_invites_and_takes_off(
    as_: Callable[[str], Client], alice: User, bob: User, anna: Contact
) -> None:
    client = as_("alice")

    def send(url: str, **changes: Any) -> None:
        page = client.get(url).content.decode()
        assert client.post(url, as_sent(page) | changes).status_code == 302

    address = f"{reverse('event_create')}?start=2026-12-01T10:00"
    send(address, subject="Visit", participants=[str(bob.pk)], guests=[str(anna.pk)])
    assert news_of(bob) == ["invited"]
    assert [(mail.to, mail.method) for mail in letters()] == [(ANNA, "REQUEST")]
    url = reverse("activity_edit", args=[Activity.objects.get().pk])
    send(url, notes="Bring the samples")
    assert (news_of(bob), len(letters())) == ([], 1)
    send(url, start_time="09:00")
    assert news_of(bob) == ["rescheduled"]
    send(url, guests=[])
    assert [mail.method for mail in letters()] == ["REQUEST", "REQUEST", "CANCEL"]


# --- in the history ------------------------------------------------------------------------------
def test_history_says_that_people_were_told_and_names_no_guest(
    visit: Activity, alice: User
) -> None:
    change(visit, actor=alice, place="Milano")
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-4:] == ["created", "invited", "changed", "relocated"]
    assert "Verdi" not in str(list(Event.objects.values()))


def test_an_event_without_others_tells_nobody_and_says_nothing(alice: User) -> None:
    made = make_event("Alone", actor=alice)
    change(made, actor=alice, place="Milano")
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "created",
        "changed",
    ]
    assert fresh(made).sequence == 1
