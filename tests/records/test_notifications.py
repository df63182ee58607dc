import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone

from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from crm.records.actions import add_entry, assign_record, notify, record_event, trash_record
from crm.records.models import Event, Notification
from crm.records.models.notification import unread_count
from crm.records.sentences import Sentence, register_verbs, told_here, told_plainly
from tests.factories import make_company

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]


def tell(company: Contact, actor: User, *people: User, text: str = "Look") -> Event:
    return add_entry(company, actor=actor, entry="note", text=text, inform=people)


def flood(reader: User, company: Contact, actor: User, many: int) -> None:
    """Old read news; as many as somebody gets in a year."""
    event = record_event(company, "changed", actor=actor)
    place = ContentType.objects.get_for_model(company)
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(
            user=reader,
            event=event,
            actor=actor,
            content_type=place,
            object_id=company.pk,
            created_at=now - dt.timedelta(minutes=number),
            read_at=now,
        )
        for number in range(1, many + 1)
    )


def test_the_page_tells_who_did_what(as_: As, company: Contact, alice: User, bob: User) -> None:
    tell(company, alice, bob, text="They will <b>call</b>")
    page = as_("bob").get("/notifications/").content.decode()
    assert "<strong><bdi>Alice Rossi</bdi></strong> wrote a note on <bdi>F.I.A.T." in page
    assert "They will &lt;b&gt;call&lt;/b&gt;" in page
    assert "Alice" not in as_("carol").get("/notifications/?show=all").content.decode()


def test_who_gets_a_record_is_told_that_it_is_theirs(
    as_: As, company: Contact, alice: User, bob: User
) -> None:
    assign_record(company, bob, actor=alice)
    page = as_("bob").get("/notifications/panel/").content.decode()
    assert "assigned <bdi>F.I.A.T. S.p.A.</bdi> to you" in page


def test_nobody_is_told_of_what_they_did_or_may_not_see(
    company: Contact, alice: User, bob: User, carol: User
) -> None:
    gone = User.objects.create_user("gone", is_active=False)
    event = record_event(company, "changed", actor=alice)
    told = notify([alice, bob, carol, gone, bob], company, event=event, actor=alice)
    assert [notification.user for notification in told] == [bob]


def test_opening_marks_as_read_and_goes_to_the_record(
    as_: As, company: Contact, alice: User, bob: User
) -> None:
    tell(company, alice, bob)
    notification = bob.notifications.get()
    answer = as_("bob").get(f"/notifications/{notification.pk}/")
    assert (answer.status_code, answer.url) == (302, company.get_absolute_url())
    notification.refresh_from_db()
    assert notification.read_at is not None
    assert notification.mail_due_at is None


def test_the_news_of_others_does_not_exist(
    as_: As, company: Contact, alice: User, bob: User
) -> None:
    tell(company, alice, bob)
    pk = bob.notifications.get().pk
    assert as_("alice").get(f"/notifications/{pk}/").status_code == 404
    assert bob.notifications.unread().exists()
    assert as_("alice").post("/notifications/read/").status_code == 302
    assert bob.notifications.unread().exists()


def test_marking_all_as_read(as_: As, company: Contact, alice: User, bob: User) -> None:
    tell(company, alice, bob)
    client = as_("bob")
    assert client.get("/notifications/read/").status_code == 405
    partial = client.post("/notifications/read/", headers={"HX-Request": "true"})
    assert 'data-unread="0" hx-swap-oob="true"' in partial.content.decode()
    assert unread_count(bob) == 0
    assert "Nothing unread" in client.get("/notifications/").content.decode()
    assert "wrote a note" in client.get("/notifications/?show=all").content.decode()


@pytest.mark.parametrize("how", ["restricted", "trashed", "left the team"])
def test_a_record_hidden_meanwhile_is_neither_shown_nor_counted_nor_opened(
    as_: As, company: Contact, alice: User, bob: User, how: str
) -> None:
    tell(company, alice, bob, text="Canary")
    pk = bob.notifications.get().pk
    match how:
        case "restricted":
            Contact.objects.filter(pk=company.pk).update(is_restricted=True)
        case "trashed":
            trash_record(company, actor=alice)
        case _:
            bob.teams.clear()
    client = as_("bob")
    for address in ("/notifications/panel/", "/notifications/", "/notifications/?show=all"):
        page = client.get(address).content.decode()
        assert "F.I.A.T." not in page
        assert "Canary" not in page
    assert client.get(f"/notifications/{pk}/").status_code == 404
    assert unread_count(bob) == 0, "no dot points to nothing"


def test_the_dot_is_asked_for_cheaply(
    as_: As, company: Contact, alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    client = as_("bob")
    client.get("/notifications/unread/?shown=0")
    with django_assert_num_queries(2):  # the person, the count
        assert client.get("/notifications/unread/?shown=0").status_code == 204
    tell(company, alice, bob)
    answer = client.get("/notifications/unread/?shown=0")
    assert 'data-unread="1"' in answer.content.decode()
    assert client.get("/notifications/unread/?shown=1").status_code == 204


def test_the_dot_counts_over_an_index_however_much_was_read(
    company: Contact, alice: User, bob: User
) -> None:
    flood(bob, company, alice, 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE records_notification")
    assert "one_unread_notification_a_record" in bob.notifications.unread().explain()


def test_the_pages_cost_the_same_for_much_news(
    as_: As,
    company: Contact,
    alice: User,
    bob: User,
    team: Team,
    django_assert_max_num_queries: Any,
) -> None:
    client = as_("bob")
    for number in range(40):
        record = make_company(f"Firm {number}", owner=alice, team=team, actor=alice)
        tell(record, alice, bob)
    flood(bob, company, alice, 100)
    client.get("/notifications/")
    with django_assert_max_num_queries(7):
        client.get("/notifications/panel/")
    with django_assert_max_num_queries(8):
        client.get("/notifications/?show=all")


def test_paging_shows_everything_once(as_: As, alice: User, bob: User, team: Team) -> None:
    names = {f"Firm {number:02}" for number in range(65)}
    for name in sorted(names):
        tell(make_company(name, owner=alice, team=team, actor=alice), alice, bob)
    client, address, seen = as_("bob"), "", []
    while address is not None:
        context = client.get(f"/notifications/?at={address}").context
        seen += [str(item.record) for item in context["news"]]
        address = context["older"] or None
    assert sorted(seen) == sorted(names)
    assert seen[0] == "Firm 64"


@pytest.mark.parametrize("cursor", ["x", "Ww", "W10", "%00", "WyJhIiwxLDFd"])
def test_a_mangled_address_is_nowhere(as_: As, bob: User, cursor: str) -> None:
    assert as_("bob").get(f"/notifications/?at={cursor}").status_code == 404


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    for address in ("", "panel/", "unread/", "1/"):
        assert client.get(f"/notifications/{address}").status_code == 302


def test_later_news_of_the_same_record_joins_the_unread(
    as_: As, company: Contact, alice: User, bob: User
) -> None:
    for text in ("One", "Two", "Three"):
        tell(company, alice, bob, text=text)
    assert bob.notifications.get().count == 3
    page = as_("bob").get("/notifications/").content.decode()
    assert "Three" in page
    assert "and 2 more pieces of news" in page


@pytest.mark.django_db(transaction=True)
def test_two_tellers_at_once_make_one_line(company: Contact, alice: User, bob: User) -> None:
    event = record_event(company, "changed", actor=alice)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            notify([bob], company, event=event, actor=alice)
        finally:
            connection.close()

    tellers = [threading.Thread(target=work) for _teller in range(4)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    assert bob.notifications.get().count == 4


def test_an_app_brings_its_own_verbs(company: Contact, alice: User, bob: User) -> None:
    sentence = Sentence("{actor} waved at {record}", "{actor} waved")
    register_verbs({"waved": sentence})
    register_verbs({"waved": sentence})
    with pytest.raises(ValueError, match="waved"):
        register_verbs({"waved": Sentence("{actor} {record}", "{actor}")})
    event = record_event(company, "waved", actor=None)
    assert told_plainly(event, company, bob) == "Bottega waved at F.I.A.T. S.p.A."
    assert told_here(event) == "<strong><bdi>Bottega</bdi></strong> waved"
    unknown = record_event(company, "sneezed", actor=alice)
    assert told_plainly(unknown, company, bob) == "Alice Rossi changed F.I.A.T. S.p.A."


def test_the_bell_is_in_the_frame(as_: As, company: Contact, alice: User, bob: User) -> None:
    tell(company, alice, bob)
    page = as_("bob").get("/notifications/").content.decode()
    assert 'data-bell="/notifications/unread/"' in page
    assert 'hx-get="/notifications/panel/"' in page
    assert '<span id="bell-dot" data-unread="1">' in page
