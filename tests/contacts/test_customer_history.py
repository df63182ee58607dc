"""One history of a customer: of the customer, their people and all that belongs to them (D11)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import Team, User
from crm.contacts.models import Contact, Employment
from crm.documents.actions import add_document
from crm.records.actions import add_entry, save_record
from crm.records.models import Event, Record
from tests.factories import make_company, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
Enter = Callable[[str], Client]
HTMX = {"HX-Request": "true"}
START = timezone.now() - dt.timedelta(days=30)


@pytest.fixture
def anna(company: Contact, alice: User, team: Team) -> Contact:
    person = make_person("Bianchi", owner=alice, team=team, actor=alice)
    Employment.objects.create(company=company, person=person)
    return person


@pytest.fixture
def visit(company: Contact, alice: User, team: Team, kinds: Any) -> Record:
    made: Record = kinds.make_visit("Boiler 3", owner=alice, team=team, customer=company)
    return made


def say(record: Record, actor: User, text: str, at: int, entry: str = "note") -> Event:
    """At so many minutes after START."""
    moment = START + dt.timedelta(minutes=at)
    return add_entry(record, actor=actor, entry=entry, text=text, happened_at=moment)


def panel(client: Client, record: Record, **query: str) -> Any:
    url = reverse("timeline_panel", args=[record.kind, record.pk])
    answer = client.get(url, query, headers=HTMX)
    assert answer.status_code == 200
    return answer


def texts(answer: Any) -> list[str]:
    """Of what was said; the others as their verb."""
    return [line.event.text or line.event.verb for line in answer.context["lines"]]


def html_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_everything_stands_in_one_row_newest_first(
    as_: Enter, company: Contact, anna: Contact, visit: Record, alice: User
) -> None:
    say(company, alice, "with the company", 3)
    say(anna, alice, "with Anna", 2, "call")
    say(visit, alice, "about the visit", 1, "email")
    answer = panel(as_("bob"), company, show="notes")
    assert texts(answer) == ["with the company", "with Anna", "about the visit"]
    html = html_of(answer)
    assert f'href="{visit.get_absolute_url()}"><bdi>Boiler 3</bdi></a>' in html
    assert f'href="{anna.get_absolute_url()}"><bdi>Anna Bianchi</bdi></a>' in html
    assert f'href="{company.get_absolute_url()}"' not in html  # one is there already


def test_of_people_only_what_was_said_and_of_records_every_change(
    as_: Enter, company: Contact, anna: Contact, visit: Any, alice: User
) -> None:
    anna.language = "it"
    save_record(anna, actor=alice)
    visit.title = "Boiler 4"
    save_record(visit, actor=alice)
    answer = panel(as_("alice"), company, show="changes")
    told = [(line.event.verb, line.record) for line in answer.context["lines"]]
    assert told == [("changed", visit), ("created", visit), ("created", None)]
    assert "<ins><bdi>Boiler 4</bdi></ins>" in html_of(answer)


def test_a_persons_history_has_their_records_but_not_their_company(
    as_: Enter, company: Contact, anna: Contact, visit: Any, alice: User
) -> None:
    say(company, alice, "with the company", 1)
    say(anna, alice, "with Anna", 2)
    say(visit, alice, "about the visit", 3)
    assert texts(panel(as_("alice"), anna, show="notes")) == ["with Anna"]
    visit.contact_person = anna
    save_record(visit, actor=alice)
    assert texts(panel(as_("alice"), anna, show="notes")) == ["about the visit", "with Anna"]
    assert texts(panel(as_("alice"), visit, show="notes")) == ["about the visit"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"show": "note"}, ["a note"]),
        ({"show": "call"}, ["a call"]),
        ({"show": "email"}, ["a mail"]),
        ({"show": "appointment"}, ["a meeting"]),
        ({"show": "documents"}, ["plan.txt"]),
        ({"show": "notes", "of": "this"}, ["a note"]),
        ({"show": "notes", "of": "people"}, ["a call"]),
        ({"show": "notes", "of": "visit"}, ["a meeting", "a mail"]),
        ({"show": "notes", "of": "offer"}, []),
        ({"show": "changes", "of": "this"}, ["plan.txt", "created"]),
        ({"show": "nonsense", "of": "\x00"}, ["plan.txt", "created", "created", "a meeting",
                                              "a mail", "a call", "a note"]),
    ],
)  # fmt: skip
def test_lines_are_found_by_what_they_are_and_whose(
    as_: Enter, company: Contact, anna: Contact, visit: Record, alice: User,
    query: dict[str, str], expected: list[str],
) -> None:  # fmt: skip
    add_document(company, SimpleUploadedFile("plan.txt", b"hello"), actor=alice)
    say(company, alice, "a note", 1)
    say(anna, alice, "a call", 2, "call")
    say(visit, alice, "a mail", 3, "email")
    say(visit, alice, "a meeting", 4, "appointment")
    assert texts(panel(as_("alice"), company, **query)) == expected


def test_a_filter_stays_when_another_is_chosen(as_: Enter, company: Contact, visit: Record) -> None:
    html = html_of(panel(as_("alice"), company, show="call", of="visit"))
    assert "show=changes&amp;of=visit" in html
    assert "show=call&amp;of=offer" in html
    plain = html_of(panel(as_("alice"), visit))
    assert "of=" not in plain  # a history of one record has nothing to choose from


def test_every_line_of_every_kind_is_reached_once_by_going_older_and_back(
    as_: Enter, company: Contact, anna: Contact, visit: Record, alice: User
) -> None:
    for number in range(50):  # several of each moment: the key decides
        say((company, anna, visit)[number % 3], alice, f"line {number}", number // 5)
    client, pages = as_("alice"), []
    answer = panel(client, company, show="notes")
    while True:
        pages.append(texts(answer))
        if not answer.context["older_url"]:
            break
        answer = client.get(answer.context["older_url"], headers=HTMX)
    assert [len(page) for page in pages] == [20, 20, 10]
    assert [text for page in pages for text in page] == [
        f"line {number}" for number in reversed(range(50))
    ]
    assert texts(client.get(answer.context["newer_url"], headers=HTMX)) == pages[1]


def test_an_outsider_reads_nothing_of_what_is_restricted(
    as_: Enter, company: Contact, alice: User, bob: User, team: Team, kinds: Any
) -> None:
    """E11: texts, titles, names and how many lines there are."""
    seen = {"owner": alice, "team": team, "is_restricted": True}
    person = make_person("Canaryson", actor=alice, **seen)
    Employment.objects.create(company=company, person=person)
    secret = kinds.make_visit("Canary visit", customer=company, **seen)
    plain = kinds.make_visit("Plain", owner=alice, team=team, customer=company)
    plain.contact_person = person
    save_record(plain, actor=alice)
    for number in range(30):
        say(secret, alice, f"Canary {number}", number)
    say(person, alice, "Canary call", 40, "call")
    say(plain, alice, "To be read", 0)
    his = panel(as_("bob"), company, show="notes")
    assert texts(his) == ["To be read"]
    assert not his.context["older_url"]
    for show in ("", "notes", "changes"):
        assert "Canary" not in html_of(panel(as_("bob"), company, show=show))
    assert "<ins><bdi>Anna Canaryson</bdi></ins>" in html_of(panel(as_("alice"), company))
    assert texts(panel(as_("alice"), company, show="notes"))[0] == "Canary call"
    assert panel(as_("alice"), company, show="notes").context["older_url"]
    secret.viewers.add(bob)
    assert "Canary 29" in html_of(panel(as_("bob"), company, show="notes"))
    url = reverse("timeline_panel", args=["contact", company.pk])
    assert as_("carol").get(url).status_code == 404


def test_an_administrator_opens_what_is_restricted_by_its_own_door(
    as_: Enter, company: Contact, alice: User, admin: User, kinds: Any
) -> None:
    """There it is written down that they did (E11)."""
    seen = {"owner": alice, "customer": company, "is_restricted": True}
    say(kinds.make_visit("Closed", **seen), alice, "not in passing", 1)
    shared = kinds.make_visit("Shared", **seen)
    shared.viewers.add(admin)
    say(shared, alice, "for both", 2)
    assert texts(panel(as_("admin"), company, show="notes")) == ["for both"]
    assert not Event.objects.filter(verb="opened").exists()


def test_statements_do_not_grow_with_kinds_people_and_lines(
    as_: Enter, company: Contact, alice: User, kinds: Any
) -> None:
    client = as_("alice")

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            panel(client, company)
        return len(caught)

    def live(number: int) -> None:
        person = make_person(owner=alice, actor=alice)
        Employment.objects.create(company=company, person=person)
        visit = kinds.make_visit(owner=alice, customer=company, contact_person=person)
        offer = kinds.make_offer(owner=alice, customer=company)
        for record in (company, person, visit, offer):
            say(record, alice, "Hello", number)

    live(0)
    statements()
    few = statements()
    for number in range(5):
        live(number)
    assert statements() == few <= 6


def test_a_page_takes_from_the_index_and_no_more_than_it_shows(
    company: Contact, alice: User, kinds: Any
) -> None:
    """EXPLAIN: each record is a range of `event_of_record`; nobody reads the whole table."""
    from crm.records.merged import events_at_place, newest_among, own_place, places_of

    other = make_company(owner=alice, actor=alice)
    Event.objects.bulk_create(
        Event(record=other, verb="note", entry="note", text="elsewhere") for _number in range(3000)
    )
    kinds.make_visit(owner=alice, customer=company)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE records_event")
        cursor.execute("SET LOCAL enable_seqscan = off")  # so small a table is read whole else
    places = [own_place(company), *places_of(company.history_parts(alice), alice)]
    plan = newest_among(places)(events_at_place().order_by("-happened_at", "-pk")[:21]).explain()
    assert "event_of_record" in plan
    assert "Seq Scan on records_event" not in plan
