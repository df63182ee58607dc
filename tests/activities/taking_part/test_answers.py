"""Answers to invitations: by the page behind a mail's link, and on the card (B24)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from activities import actions
from activities.actions import When
from activities.models import Activity, Attendee, catalog
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions import trash_record
from crm.records.history import events_of, lines_of
from crm.records.models import Event as Line
from tests.activities.conftest import ROME, fresh
from tests.activities.taking_part.invited import (
    change,
    guest_of,
    new_letters,
    news_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
As = Callable[[str], Client]


@pytest.fixture
def link(visit: Activity, alice: User, bob: User) -> str:
    """What the mail about the last change leads to."""
    change(visit, actor=alice, place="Torino, Via Nizza")
    (letter,) = new_letters()
    news_of(bob)
    assert letter.link
    return letter.link


# --- the page ------------------------------------------------------------------------------------
def test_looking_changes_nothing(visit: Activity, link: str, alice: User) -> None:
    for look in (Client().get, Client().head):
        assert look(link).status_code == 200
    assert guest_of(visit).answer == "pending"
    assert news_of(alice) == []


def test_the_page_says_what_a_guest_may_know_and_nothing_else(
    visit: Activity, link: str, bob: User
) -> None:
    answer = Client().get(link)
    page = answer.content.decode()
    assert answer.headers["Content-Language"] == "it"
    assert '<html lang="it"' in page
    assert "martedì 1 dicembre 2026, 10:00 – 11:00" in page.lower()
    for said in ("Visit", "Torino", "Alice Rossi"):
        assert said in page
    for word in ("Secret", "pay late", "Bob", "Verdi", visit.number, f"/{visit.pk}/"):
        assert str(word) not in page
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_an_answer_is_kept_and_told_to_the_one_responsible(
    visit: Activity, link: str, alice: User, bob: User, answer: str
) -> None:
    client = Client()
    page = client.post(link, {"answer": answer, "comment": " See you "}, follow=True)
    assert page.redirect_chain == [(link, 302)]
    row = guest_of(visit)
    assert (row.answer, row.answered_at is not None) == (answer, True)
    assert news_of(alice) == [f"guest_{answer}"]
    assert news_of(bob) == []
    event = Line.objects.latest("pk")
    assert (event.text, event.actor) == ("See you", None)
    assert new_letters() == []


def test_an_answer_can_be_changed_and_the_same_again_is_none(
    visit: Activity, link: str, alice: User
) -> None:
    for answer in ("accepted", "accepted", "declined"):
        Client().post(link, {"answer": answer})
    assert guest_of(visit).answer == "declined"
    lines = Line.objects.filter(verb__startswith="guest_").order_by("pk")
    assert [line.verb for line in lines] == ["guest_accepted", "guest_declined"]


def test_history_points_at_the_guest_for_who_sees_them(
    visit: Activity, link: str, anna: Contact, alice: User, bob: User
) -> None:
    Client().post(link, {"answer": "accepted"})
    event = Line.objects.latest("pk")
    assert "Verdi" not in str(event.changes) + event.text
    Contact.objects.filter(pk=anna.pk).update(is_restricted=True)
    for reader, is_named in ((alice, True), (bob, False)):
        line = lines_of(visit, events_of(visit), reader)[0]
        assert ("Anna Verdi" in line.sentence) == is_named
        assert "accepted" in line.sentence


@pytest.mark.parametrize("answer", ["", "pending", "maybe", "\x00"])
def test_what_is_no_answer_is_asked_again(visit: Activity, link: str, answer: str) -> None:
    page = Client().post(link, {"answer": answer})
    assert page.status_code == 422
    assert guest_of(visit).answer == "pending"


def test_a_comment_may_be_anything_but_long(visit: Activity, link: str) -> None:
    Client().post(link, {"answer": "accepted", "comment": "<script>\x00" + "x" * 5000})
    text = Line.objects.latest("pk").text
    assert text.startswith("<script>x")
    assert len(text) == 1000


def test_a_stranger_s_site_cannot_answer(visit: Activity, link: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, {"answer": "declined"}).status_code == 403
    assert guest_of(visit).answer == "pending"


def test_unknown_and_old_links_are_calm(visit: Activity, link: str, alice: User) -> None:
    unknown = Client().get("/calendar/answer/unknown/")
    assert unknown.status_code == 404
    assert "does not work any more" in unknown.content.decode()
    day = dt.date(2026, 12, 2)
    when = When(day, dt.time(10), day, dt.time(11), ROME)
    actions.move_activity(fresh(visit), when, actor=alice)
    (letter,) = new_letters()
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"answer": "accepted"}).status_code == 404
    assert Client().get(letter.link).status_code == 200
    assert guest_of(visit).answer == "pending"


def test_a_link_is_nowhere_to_be_read(visit: Activity, link: str) -> None:
    token = link.removeprefix("/calendar/answer/").rstrip("/")
    assert len(token) >= 22  # 128 bit
    assert token not in str(Attendee.objects.values())


def test_after_the_event_it_is_over(visit: Activity, link: str, clock: Any) -> None:
    clock.move_to(dt.datetime(2026, 12, 1, 12, tzinfo=ROME))
    for page in (Client().get(link), Client().post(link, {"answer": "accepted"})):
        assert page.status_code == 410
        assert "Visit" in page.content.decode()
        assert "<button" not in page.content.decode().split("<main")[1].split("</main")[0]
    assert guest_of(visit).answer == "pending"


@pytest.mark.parametrize("how", ["off", "trash"])
def test_what_is_cancelled_says_so(visit: Activity, link: str, alice: User, how: str) -> None:
    off = catalog().status_in("off", is_task=False)
    assert off is not None
    if how == "off":
        actions.set_status(visit, off, actor=alice)
    else:
        trash_record(visit, actor=alice)
    assert Client().post(link, {"answer": "accepted"}).status_code == 410
    assert guest_of(visit).answer == "pending"


def test_who_was_taken_off_has_no_link(visit: Activity, link: str) -> None:
    visit.guests.clear()
    assert Client().get(link).status_code == 404


# --- on the card ---------------------------------------------------------------------------------
def answer_on_card(client: Client, activity: Activity, **data: str) -> Any:
    return client.post(
        f"/activities/{activity.pk}/answer/", data, headers={"accept": "application/json"}
    )


def test_one_of_ours_answers_on_the_card(visit: Activity, as_: As, alice: User, bob: User) -> None:
    answer = answer_on_card(as_("bob"), visit, answer="declined", comment="On leave")
    assert answer.status_code == 200
    assert visit.attendees.get(user=bob).answer == "declined"
    assert news_of(alice) == ["declined"]
    event = Line.objects.latest("pk")
    assert (event.actor, event.text) == (bob, "On leave")


def test_who_declines_has_that_time_again(visit: Activity, as_: As, bob: User) -> None:
    before = fresh(visit)
    answer_on_card(as_("bob"), visit, answer="declined")
    assert not visit.slots.filter(person=bob).exists()
    answer_on_card(as_("bob"), visit, answer="tentative")
    assert visit.slots.filter(person=bob).exists()
    after = fresh(visit)
    assert after.version == before.version  # a form that is open can still be saved
    assert after.updated_at >= before.updated_at


def test_calendars_that_are_open_notice_an_answer(
    visit: Activity, as_: As, bob: User, clock: Any
) -> None:
    before = fresh(visit)
    clock.shift(60)
    answer_on_card(as_("bob"), visit, answer="tentative")
    assert fresh(visit).updated_at > before.updated_at


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 200), ("alice", 403), ("admin", 403), ("carol", 404)]
)
def test_only_who_takes_part_answers(
    visit: Activity, as_: As, admin: User, carol: User, who: str, status: int
) -> None:
    assert answer_on_card(as_(who), visit, answer="accepted").status_code == status
    told = visit.attendees.exclude(answer="pending").count()
    assert told == (1 if who == "bob" else 0)


def test_a_card_refuses_what_is_no_answer_or_too_late(visit: Activity, as_: As, clock: Any) -> None:
    assert answer_on_card(as_("bob"), visit, answer="x").status_code == 422
    clock.move_to(dt.datetime(2026, 12, 1, 12, tzinfo=ROME))
    assert answer_on_card(as_("bob"), visit, answer="accepted").status_code == 422
    assert as_("bob").get(f"/activities/{visit.pk}/answer/").status_code == 405
