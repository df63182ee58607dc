"""Copies and series: guests' calendars have what ours have (B9)."""

import datetime as dt

import pytest

from activities import actions
from activities.actions import Reach, When
from activities.models import Activity, Attendee
from crm.accounts.models import User
from crm.records.actions import trash_record
from tests.activities.calendars import line
from tests.activities.conftest import ROME, fresh
from tests.activities.taking_part.invited import (
    ANNA,
    change,
    letters,
    move,
    new_letters,
    news_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_copy_is_an_invitation_of_its_own(visit: Activity, alice: User, bob: User) -> None:
    visit.attendees.update(answer=Attendee.Answer.ACCEPTED)
    day = dt.date(2026, 12, 9)
    when = When(day, dt.time(10), day, dt.time(11), ROME)
    made = actions.copy_activity(visit, when, actor=alice, on=None)
    assert news_of(bob) == ["invited"]
    (letter,) = letters()
    assert letter.event["UID"] == f"{made.uid}@localhost" != f"{visit.uid}@localhost"
    assert letter.event["SEQUENCE"] == 0
    assert letter.event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


MONDAY = dt.date(2026, 11, 30)


def test_a_single_one_that_is_moved_is_told_as_that(
    weekly: Activity, alice: User, bob: User
) -> None:
    one = move(
        weekly, "2026-11-30 15:00", "2026-11-30 16:00", actor=alice, on=MONDAY, reach=Reach.ONE
    )
    assert news_of(bob) == ["rescheduled"]
    (letter,) = new_letters()
    assert letter.method == "REQUEST"
    assert line(letter.event, "RECURRENCE-ID") == "20261130T100000"
    assert line(letter.event, "DTSTART") == "20261130T150000"
    assert "RRULE" not in letter.event
    # From now on it comes along with its series.
    change(weekly, actor=alice, place="Milano")
    (letter,) = new_letters()
    whole, exception = letter.events
    assert "EXDATE" not in whole
    assert line(exception, "RECURRENCE-ID") == "20261130T100000"
    news_of(bob)
    trash_record(one, actor=alice)
    (letter,) = [mail for mail in new_letters() if mail.to == ANNA]
    assert (letter.method, line(letter.event, "RECURRENCE-ID")) == ("CANCEL", "20261130T100000")


def test_a_note_on_a_single_one_tells_nobody(weekly: Activity, alice: User, bob: User) -> None:
    def note(one: Activity) -> None:
        one.notes = "Bring the samples"

    one = actions.change_activity(weekly, note, actor=alice, on=MONDAY, reach=Reach.ONE)
    assert (news_of(bob), new_letters()) == ([], [])
    change(one, actor=alice, outcome="x")
    assert (news_of(bob), new_letters()) == ([], [])


def test_a_date_taken_out_is_cancelled_and_one_put_back_is_told(
    weekly: Activity, alice: User, bob: User
) -> None:
    actions.remove_activity(weekly, actor=alice, on=MONDAY, reach=Reach.ONE)
    assert news_of(bob) == ["date_called_off"]
    (letter,) = new_letters()
    assert (letter.method, line(letter.event, "RECURRENCE-ID")) == ("CANCEL", "20261130T100000")
    assert "RRULE" not in letter.event
    assert "30 novembre 2026" in letter.text.lower()
    actions.put_back(fresh(weekly), MONDAY, actor=alice)
    assert news_of(bob) == ["date_back"]
    (letter,) = new_letters()
    assert (letter.method, "EXDATE" in letter.event) == ("REQUEST", False)


def test_a_date_that_has_been_is_taken_out_silently(
    weekly: Activity, alice: User, bob: User
) -> None:
    actions.remove_activity(weekly, actor=alice, on=dt.date(2026, 11, 23), reach=Reach.ONE)
    assert (news_of(bob), new_letters()) == ([], [])


def test_a_series_that_is_split_ends_and_another_begins(
    weekly: Activity, alice: User, bob: User
) -> None:
    rest = move(
        weekly,
        "2026-11-30 15:00",
        "2026-11-30 16:00",
        actor=alice,
        on=MONDAY,
        reach=Reach.FOLLOWING,
    )
    mails = {str(mail.event["UID"]): mail for mail in new_letters()}
    assert set(mails) == {f"{rest.uid}@localhost", f"{weekly.uid}@localhost"}
    old = mails[f"{weekly.uid}@localhost"]
    assert "UNTIL=20261129T090000Z" in line(old.event, "RRULE")
    assert old.event["SEQUENCE"] > 0


def test_what_differs_comes_along_with_the_part_that_it_is_of_now(
    weekly: Activity, alice: User
) -> None:
    """Else it would be gone from guests' calendars: there it was of the series that has ended."""
    later = dt.date(2026, 12, 7)
    times = ("2026-12-07 08:00", "2026-12-07 09:00")
    move(weekly, *times, actor=alice, on=later, reach=Reach.ONE)
    new_letters()
    times = ("2026-12-01 10:00", "2026-12-01 11:00")  # from Mondays to Tuesdays
    rest = move(weekly, *times, actor=alice, on=MONDAY, reach=Reach.FOLLOWING)
    (letter,) = (mail for mail in new_letters() if f"{rest.uid}" in str(mail.calendar))
    whole, exception = letter.events
    assert "EXDATE" not in whole
    assert line(exception, "RECURRENCE-ID") == "20261208T100000"
    assert line(exception, "DTSTART") == "20261207T080000"


def test_a_series_that_goes_to_the_trash_is_called_off_with_all_that_differ_at_once(
    weekly: Activity, alice: User
) -> None:
    move(weekly, "2026-11-30 15:00", "2026-11-30 16:00", actor=alice, on=MONDAY, reach=Reach.ONE)
    new_letters()
    trash_record(fresh(weekly), actor=alice)
    (letter,) = [mail for mail in new_letters() if mail.to == ANNA]
    assert (letter.method, "RECURRENCE-ID" in letter.event) == ("CANCEL", False)
