"""Activities and e-mails in one list, to slice and to search (F1.4, F3.13)."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities import stream
from activities.models import Activity
from crm.accounts.models import User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.records.actions import add_entry, trash_record
from crm.records.models import Event, Record
from crm.ui.paging import write_cursor
from tests.factories import make_company, make_event, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = reverse("activity_stream")


def mail(record: Record, text: str, actor: User, *, days_ago: int = 0) -> Event:
    then = timezone.now() - dt.timedelta(days=days_ago)
    return add_entry(record, actor=actor, entry="email", text=text, happened_at=then)


def lines(client: Client, query: str = "") -> list[str]:
    """The second words of each line: of an e-mail what it says, of an activity its subject."""
    return shown(client.get(f"{URL}?{query}").content.decode())


def shown(page: str) -> list[str]:
    found = []
    for row in re.findall(r'<li class="row-item">.*?</li>', page, re.DOTALL):
        told = re.findall(r"<bdi>(.*?)</bdi>", row)
        found.append(told[1] if "icon-envelope" in row or "#envelope" in row else told[0])
    return found


@pytest.fixture
def fiat(alice: User) -> Contact:
    company = make_company("F.I.A.T.", owner=alice, actor=alice)
    make_event("Meeting", actor=alice, start="2026-11-25 10:00", customer=company)
    mail(company, "Offer sent", alice, days_ago=2)
    make_task("Call back", actor=alice, due="2026-11-23")
    return company


def test_they_stand_together_by_when_they_were(as_: Any, fiat: Contact) -> None:
    assert lines(as_("alice")) == ["Meeting", "Offer sent", "Call back"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("what=event", ["Meeting"]),
        ("what=task", ["Call back"]),
        ("what=email", ["Offer sent"]),
        ("q=meet", ["Meeting"]),
        ("q=OFFER+sent", ["Offer sent"]),
        ("q=nothing+of+this", []),
        ("since=2026-11-25", ["Meeting"]),
        ("until=2026-11-23", ["Call back"]),
        ("since=2026-11-24&until=2026-11-24", ["Offer sent"]),
        ("since=0001-01-01&until=9999-12-31", ["Meeting", "Offer sent", "Call back"]),
        ("since=9999-12-31&until=0001-01-01", []),
        ("customer={fiat}", ["Meeting", "Offer sent"]),
        ("person={alice}", ["Meeting", "Offer sent", "Call back"]),
        ("person={bob}", []),
    ],
)
def test_it_is_sliced(
    as_: Any, alice: User, bob: User, fiat: Contact, query: str, expected: list[str]
) -> None:
    query = query.format(fiat=fiat.pk, alice=alice.pk, bob=bob.pk)
    assert lines(as_("alice"), query) == expected


def test_at_first_it_ends_today_and_shows_what_comes_if_asked(as_: Any, alice: User) -> None:
    make_event("In spring", actor=alice, start="2027-04-01 10:00")
    make_event("This evening", actor=alice, start="2026-11-26 20:00")
    assert lines(as_("alice")) == ["This evening"]
    assert lines(as_("alice"), "until=") == ["In spring", "This evening"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("until=2026-11-25", []),
        ("until=2026-11-26", ["Fair", "Offer due"]),
        ("since=2026-11-26&until=", ["Fair", "Offer due"]),
        ("since=2026-11-27&until=", []),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Honolulu"])
def test_whole_days_are_of_their_own_zone(
    as_: Any, alice: User, zone: str, query: str, expected: list[str]
) -> None:
    """E7: the 26th in Tokyo begins on the 25th in Rome."""
    make_event("Fair", actor=alice, start="2026-11-26", zone=zone)
    make_task("Offer due", actor=alice, due="2026-11-26", zone=zone)
    assert sorted(lines(as_("alice"), query)) == expected


def test_an_email_on_what_belongs_to_a_customer_is_theirs(
    as_: Any, alice: User, fiat: Contact
) -> None:
    mail(Activity.objects.get(subject="Meeting"), "Agenda of the meeting", alice)
    assert lines(as_("alice"), f"customer={fiat.pk}&what=email") == [
        "Agenda of the meeting",
        "Offer sent",
    ]


def test_what_is_not_for_one_is_in_no_page_of_it(
    as_: Any, alice: User, carol: User, fiat: Contact
) -> None:
    """E11."""
    hidden = make_company("Closed", owner=alice, is_restricted=True, actor=alice)
    mail(hidden, "Secret", alice)
    make_event("Private", actor=alice, is_restricted=True, start="2026-11-26 10:00")
    gone = make_company("Gone", owner=carol, actor=carol)
    mail(gone, "In the trash", carol)
    trash_record(gone, actor=carol)
    assert "Secret" in lines(as_("alice"))
    page = as_("carol").get(URL).content.decode()
    assert not re.search("Secret|Private|Closed|In the trash", page)


def test_pages_follow_on_each_other_without_a_gap_or_a_repetition(
    as_: Any, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where many happened at the same moment."""
    monkeypatch.setattr(stream, "SIZE", 4)
    company = make_company("F.I.A.T.", owner=alice, actor=alice)
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    for number in range(7):
        mail(company, f"Mail {number}", alice, days_ago=0 if number < 5 else number)
        make_event(f"Event {number}", actor=alice, start=now)
    client = as_("alice")
    whole, page = [], client.get(URL).content.decode()
    pages = [shown(page)]
    while found := re.search(r'href="(\?[^"]*)" rel="next"', page):
        page = client.get(URL + found[1].replace("&amp;", "&")).content.decode()
        pages.append(shown(page))
    whole = [line for part in pages for line in part]
    assert len(whole) == len(set(whole)) == 14
    assert [len(part) for part in pages] == [4, 4, 4, 2]
    back = []
    while found := re.search(r'href="(\?[^"]*)" rel="prev"', page):
        page = client.get(URL + found[1].replace("&amp;", "&")).content.decode()
        back.append(shown(page))
    assert back == pages[-2::-1]


@pytest.mark.parametrize("query", ["since=x", "customer=999999", "person=abc", "what=letter"])
def test_what_cannot_be_is_said_beside_the_field(as_: Any, fiat: Contact, query: str) -> None:
    answer = as_("alice").get(f"{URL}?{query}&q=kept+words")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "kept words" in page
    assert "error" in page


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "W10", "WyJhIiwieCIsMV0", "WyJhIiwiMjAyNiIsLTFd"),
        write_cursor("b", "0001-01-01T00:00:00+00:00", 1),
        write_cursor("a", "9999-12-31T00:00:00+00:00", 1),
    ],
)
def test_a_place_that_cannot_be_is_not_found(as_: Any, fiat: Contact, cursor: str) -> None:
    assert as_("alice").get(URL, {"at": cursor}).status_code == 404


def test_how_many_there_are_costs_no_statements(
    as_: Any, alice: User, fiat: Contact, django_assert_max_num_queries: Any
) -> None:
    client = as_("alice")
    client.get(URL)
    for number in range(20):
        company = make_company(f"Company {number}", owner=alice, actor=alice)
        mail(company, f"Mail {number}", alice)
        make_event(f"Event {number}", actor=alice, start="2026-11-26 08:00", customer=company)
    with django_assert_max_num_queries(8):
        assert len(lines(client)) == 43


def test_who_may_see_no_customers_at_all_still_sees_the_rest(
    as_: Any, fiat: Contact, alice: User
) -> None:
    set_right(alice.role, "contact", view="none", change="none", delete="none", export="none")
    assert lines(as_("alice")) == ["Meeting", "Call back"]


# --- the dates of series --------------------------------------------------------------------------
@pytest.fixture
def mondays(alice: User) -> Activity:
    event = make_event("Weekly", actor=alice, start="2026-10-05 10:00", rule="FREQ=WEEKLY")
    event.left_out = [dt.date(2026, 11, 2)]
    event.save()
    return event


def days(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{URL}?{query}").content.decode()
    return re.findall(r'href="/activities/\d+/\?on=([\d-]+)"', page)


def test_what_was_done_every_monday_stands_there_monday_by_monday(
    as_: Any, mondays: Activity
) -> None:
    expected = ["2026-11-23", "2026-11-16", "2026-11-09", "2026-10-26", "2026-10-19"]
    assert days(as_("alice")) == [*expected, "2026-10-12", "2026-10-05"]
    assert days(as_("alice"), "q=weekly&since=2026-10-20&until=2026-11-16") == expected[1:4]
    assert days(as_("alice"), "what=task") == []
    coming = days(as_("alice"), "since=2026-11-24")
    assert coming == ["2026-12-21", "2026-12-14", "2026-12-07", "2026-11-30"]


def test_dates_stand_among_the_rest_and_only_for_those_who_see_them(
    as_: Any, mondays: Activity, fiat: Contact, alice: User
) -> None:
    mondays.customer = fiat
    mondays.save()
    found = lines(as_("alice"), f"customer={fiat.pk}&since=2026-11-10&until=2026-11-26")
    assert found == ["Meeting", "Offer sent", "Weekly", "Weekly"]
    assert days(as_("carol")) == []


def test_pages_of_dates_follow_on_each_other_both_ways(as_: Any, alice: User) -> None:
    for hour in (9, 9, 11):
        make_event("Daily", actor=alice, start=f"2026-08-03 {hour:02}:00", rule="FREQ=DAILY")
    for day in range(1, 26):
        make_event("Single", actor=alice, start=f"2026-11-{day:02} 09:00")
    client, seen, cursor = as_("alice"), list[tuple[Any, int]](), ""
    pages = []
    while True:
        page = client.get(URL, {"until": "2026-11-26", "at": cursor}).context["page"]
        pages.append([(line.moment, line.pk) for line in page.rows])
        seen += pages[-1]
        if not page.older:
            break
        cursor = page.older
    assert len(seen) == len(set(seen)) == 3 * 116 + 25
    assert seen == sorted(seen, reverse=True)
    for expected in reversed(pages[:-1]):
        page = client.get(URL, {"until": "2026-11-26", "at": page.newer}).context["page"]
        assert [(line.moment, line.pk) for line in page.rows] == expected
    assert page.newer == ""


def test_of_too_many_series_each_stands_there_once(
    as_: Any, alice: User, mondays: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_event("Other", actor=alice, start="2026-11-26 08:00", rule="FREQ=DAILY;COUNT=3")
    monkeypatch.setattr("activities.dated.MOST", 1)
    assert days(as_("alice")) == []
    assert lines(as_("alice"), "until=2026-12-31") == ["Weekly", "Other"]


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Pacific/Auckland"])
def test_whole_days_of_a_series_are_asked_for_by_their_dates(
    as_: Any, alice: User, zone: str
) -> None:
    make_event("Daily", actor=alice, start="2026-11-01", rule="FREQ=DAILY")
    alice.time_zone = zone
    alice.save()
    found = days(as_("alice"), "since=2026-11-24&until=2026-11-25")
    assert found == ["2026-11-25", "2026-11-24"]
    assert days(as_("alice"))[0] == timezone.localdate(timezone=alice.tz).isoformat()


def test_what_is_too_much_to_look_into_is_so_on_every_page(
    as_: Any, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_event("Ended", actor=alice, start="2026-01-05 10:00", rule="FREQ=WEEKLY;COUNT=9")
    make_event("Daily", actor=alice, start="2026-07-01 08:00", rule="FREQ=DAILY")
    for day in range(1, 29):
        for month in ("04", "05"):
            make_event("Single", actor=alice, start=f"2026-{month}-{day:02} 09:00")
    monkeypatch.setattr("activities.dated.MOST", 1)
    client = as_("alice")
    first = client.get(URL, {"until": "2026-11-26"}).context["page"]
    second = client.get(URL, {"until": "2026-11-26", "at": first.older}).context["page"]
    back = client.get(URL, {"until": "2026-11-26", "at": second.newer}).context["page"]
    assert [line.pk for line in back.rows] == [line.pk for line in first.rows]
    assert [str(line.record) for line in second.rows].count("Ended") == 1
