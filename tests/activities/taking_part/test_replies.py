"""What guests' calendar programs answer by mail (B25)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from activities import actions
from activities.actions import Reach, When
from activities.actions.answering import apply_reply
from activities.models import Activity
from activities.replies import read_reply
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.models import Event as Line
from tests.activities.conftest import ROME, fresh
from tests.activities.taking_part.invited import ANNA, guest_of, new_letters, news_of
from tests.factories import make_event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
As = Callable[[str], Client]


def reply(activity: Activity, *, address: str = ANNA, **facts: Any) -> bytes:
    calendar, event = Calendar(), Event()
    calendar.add("METHOD", facts.pop("method", "REPLY"))
    stamp = facts.pop("stamp", dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC))
    event.add("UID", facts.pop("uid", f"{activity.uid}@localhost"))
    event.add("DTSTAMP", stamp)
    event.add("SEQUENCE", facts.pop("sequence", 0))
    if original := facts.pop("original", None):
        event.add("RECURRENCE-ID", original)
    attendee = facts.pop("scheme", "mailto:") + address
    event.add("ATTENDEE", attendee, {"PARTSTAT": facts.pop("partstat", "ACCEPTED")})
    for name, value in facts.items():
        event.add(name, value)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


@pytest.mark.parametrize(
    ("partstat", "answer"),
    [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")],
)
def test_a_reply_is_an_answer(visit: Activity, alice: User, partstat: str, answer: str) -> None:
    assert apply_reply(reply(visit, partstat=partstat, comment="See you"), ANNA)
    assert guest_of(visit).answer == answer
    assert news_of(alice) == [f"guest_{answer}"]
    assert Line.objects.latest("pk").text == "See you"


def test_addresses_are_compared_as_people_write_them(visit: Activity) -> None:
    assert apply_reply(
        reply(visit, address="Anna@Example.org", scheme="MAILTO:"), " ANNA@example.ORG"
    )
    assert guest_of(visit).answer == "accepted"


def test_any_address_of_the_guest_will_do(visit: Activity, anna: Contact) -> None:
    anna.emails.create(address="home@example.org")
    assert apply_reply(reply(visit, address="home@example.org"), "home@example.org")


@pytest.mark.parametrize(
    "facts",
    [
        {"method": "REQUEST"},
        {"partstat": "NEEDS-ACTION"},
        {"partstat": "DELEGATED"},
        {"uid": "00000000-0000-4000-8000-000000000000@localhost"},
        {"uid": "x"},
        {"address": "eve@example.org"},
        {"original": dt.datetime(2026, 12, 1, 10, tzinfo=ROME)},
    ],
)
def test_what_is_no_answer_to_this_changes_nothing(visit: Activity, facts: Any) -> None:
    assert not apply_reply(reply(visit, **facts), facts.get("address", ANNA))
    assert guest_of(visit).answer == "pending"


def test_nobody_answers_for_others(visit: Activity) -> None:
    assert not apply_reply(reply(visit), "eve@example.org")
    assert guest_of(visit).answer == "pending"


def test_the_uid_of_another_house_is_not_ours(visit: Activity) -> None:
    assert not apply_reply(reply(visit, uid=f"{visit.uid}@elsewhere.example"), ANNA)


def test_an_older_reply_does_not_undo_a_newer_one(visit: Activity, clock: Any) -> None:
    early, late = (dt.datetime(2026, 11, 26, hour, tzinfo=dt.UTC) for hour in (12, 14))
    clock.move_to(late)
    assert apply_reply(reply(visit, partstat="DECLINED", stamp=late), ANNA)
    assert not apply_reply(reply(visit, stamp=early), ANNA)
    assert not apply_reply(reply(visit, partstat="DECLINED", stamp=late), ANNA)  # the same again
    assert guest_of(visit).answer == "declined"


def test_a_reply_to_how_it_was_before_is_none(visit: Activity, alice: User) -> None:
    day = dt.date(2026, 12, 2)
    when = When(day, dt.time(10), day, dt.time(11), ROME)
    actions.move_activity(fresh(visit), when, actor=alice)
    (letter,) = new_letters()[-1:]
    assert not apply_reply(reply(visit, sequence=0), ANNA)
    assert apply_reply(reply(visit, sequence=int(letter.event["SEQUENCE"])), ANNA)


def test_a_reply_to_one_of_a_series_is_to_that_one(alice: User, anna: Contact) -> None:
    series = make_event(
        "Round", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY", guests=[anna]
    )
    day = dt.date(2026, 11, 30)
    when = When(day, dt.time(15), day, dt.time(16), ROME)
    one = actions.move_activity(series, when, actor=alice, on=day, reach=Reach.ONE)
    original = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)  # ten in Rome
    facts = {"original": original, "sequence": 9, "partstat": "DECLINED"}
    assert apply_reply(reply(series, **facts), ANNA)
    assert (guest_of(one).answer, guest_of(series).answer) == ("declined", "pending")
    assert apply_reply(reply(series, sequence=9), ANNA)
    assert (guest_of(one).answer, guest_of(series).answer) == ("declined", "accepted")
    # One that is no event of its own: somebody has to read that.
    facts["original"] = dt.datetime(2026, 12, 7, 9, tzinfo=dt.UTC)
    assert not apply_reply(reply(series, **facts), ANNA)


def test_a_reply_comes_too_late_for_what_is_over(visit: Activity, clock: Any) -> None:
    clock.move_to(dt.datetime(2026, 12, 1, 12, tzinfo=ROME))
    late = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
    assert not apply_reply(reply(visit, stamp=late), ANNA)


@pytest.mark.parametrize(
    "ics",
    [
        b"",
        b"\xff\xfe",
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"X-A:" + b"y" * 300_000 + b"\r\nEND:VCALENDAR\r\n",
    ],
)
def test_what_cannot_be_read_is_no_reply(visit: Activity, ics: bytes) -> None:
    assert not apply_reply(ics, ANNA)


GOOD = reply(Activity(uid="7e5a3a52-5f0e-4f0e-8f5d-0c3f6c1d2a11"))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_bytes_are_too_odd(data: st.DataObject) -> None:
    """A reply with pieces cut out, doubled or replaced is read or is none, and never a crash."""
    lines = GOOD.split(b"\r\n")
    for _turn in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(
            st.one_of(
                st.binary(max_size=30),
                st.sampled_from(lines),
                st.just(lines[place][: len(lines[place]) // 2]),
                st.just(lines[place].partition(b":")[0] + b":\xd7\x90;,\\"),
            )
        )
    read_reply(b"\r\n".join(lines))
