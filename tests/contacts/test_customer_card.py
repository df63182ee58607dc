"""The customer's card: whatever belongs to a customer shows itself, to those who see it (F2.46)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import Team, User
from crm.accounts.rights import set_right
from crm.contacts.card import ON_PANEL
from crm.contacts.models import Contact, Employment, customer_kinds
from crm.records.actions import add_entry, save_record, trash_record
from crm.records.belongings import what_needs
from tests.factories import make_company, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
Enter = Callable[[str], Client]
MOST_OF_A_CARD = 15


@pytest.fixture
def anna(company: Contact, alice: User, team: Team) -> Contact:
    person = make_person("Bianchi", owner=alice, team=team, actor=alice)
    Employment.objects.create(company=company, person=person, function="Buyer")
    return person


def card(client: Client, contact: Contact) -> Any:
    answer = client.get(contact.get_absolute_url())
    assert answer.status_code == 200
    return answer


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def numbers(answer: Any) -> dict[str, str]:
    return {str(number.label): number.words for number in answer.context["numbers"]}


def test_a_kind_shows_itself_without_the_card_knowing_it(
    as_: Enter, company: Contact, alice: User, team: Team, kinds: Any
) -> None:
    assert [model.kind for model in customer_kinds()] == ["activity", "visit", "offer"]
    mine = {"owner": alice, "team": team, "customer": company}
    kinds.make_visit("Boiler 3", **mine)
    kinds.make_offer("Cold room", amount=31_480, **mine)
    elsewhere = make_company(owner=alice, actor=alice)
    kinds.make_visit("Elsewhere", owner=alice, customer=elsewhere)
    answer = card(as_("bob"), company)
    assert [panel.title for panel in answer.context["panels"]] == ["Visits", "Offers"]
    page = text_of(answer)
    for words in ("Boiler 3", "Planned", "Cold room", "€ 31,480.00", "V-00001", 'href="/visits/1/'):
        assert words in page
    assert "Elsewhere" not in page


def test_open_ones_come_first_then_the_newest_and_the_rest_is_a_link(
    as_: Enter, company: Contact, alice: User, kinds: Any
) -> None:
    for number in range(ON_PANEL):
        kinds.make_visit(f"Done {number}", is_done=True, owner=alice, customer=company)
    for number in range(2):
        kinds.make_visit(f"Open {number}", owner=alice, customer=company)
    client = as_("alice")
    panel = card(client, company).context["panels"][0]
    titles = [str(row.record) for row in panel.rows]
    assert titles == ["Open 1", "Open 0", "Done 4", "Done 3", "Done 2"]
    assert (panel.count, panel.open_count) == ("7", 2)
    listed = text_of(client.get(panel.more_url))
    assert all(title in listed for title in ("Open 0", "Done 0"))
    other = make_company(owner=alice, actor=alice)
    kinds.make_visit("Not theirs", owner=alice, customer=other)
    assert "Not theirs" not in text_of(client.get(panel.more_url))


def test_kinds_with_something_open_stand_above_the_others(
    as_: Enter, company: Contact, alice: User, kinds: Any
) -> None:
    kinds.make_visit(is_done=True, owner=alice, customer=company)
    kinds.make_offer(owner=alice, customer=company)
    titles = [panel.title for panel in card(as_("alice"), company).context["panels"]]
    assert titles == ["Offers", "Visits"]


def test_numbers_fill_themselves(
    as_: Enter, company: Contact, anna: Contact, alice: User, kinds: Any
) -> None:
    client = as_("alice")
    assert numbers(card(client, company)) == {"Open now": "0", "People": "1", "Documents": "0"}
    mine = {"owner": alice, "customer": company}
    kinds.make_offer(amount=1000, **mine)
    kinds.make_offer(amount=230, **mine)
    kinds.make_offer(amount=500, won_on=date(2026, 1, 2), **mine)
    kinds.make_visit(**mine)
    kinds.make_visit(is_done=True, **mine)
    answer = card(client, company)
    assert numbers(answer) == {"Open now": "3", "Open offers": "€ 1,230.00", "People": "1"}


@pytest.mark.parametrize("with_whom", ["company", "anna", "visit"])
def test_the_last_contact_is_found_wherever_it_was_written_down(
    request: pytest.FixtureRequest, as_: Enter, company: Contact, anna: Contact, alice: User,
    kinds: Any, with_whom: str,
) -> None:  # fmt: skip
    visit = kinds.make_visit(owner=alice, customer=company)
    record = visit if with_whom == "visit" else request.getfixturevalue(with_whom)
    now = timezone.now()
    talks = {"last week": now - timedelta(days=7), "tomorrow": now + timedelta(days=1)}
    for text, moment in talks.items():
        add_entry(record, actor=alice, entry="call", text=text, happened_at=moment)
    add_entry(record, actor=alice, entry="note", text="not a talk")
    answer = card(as_("alice"), company)
    assert answer.context["last_contact"].text == "last week"
    assert "by <bdi>Alice Rossi</bdi>" in text_of(answer)


def test_nobody_learns_of_records_they_do_not_see(
    as_: Enter, company: Contact, anna: Contact, alice: User, bob: User, team: Team, kinds: Any
) -> None:
    """E11: rows, counts, sums, the last contact and names of contact persons."""
    seen = {"owner": alice, "team": team, "customer": company}
    secret = make_person("Canaryson", owner=alice, team=team, actor=alice, is_restricted=True)
    hidden = kinds.make_visit("Canary visit", is_restricted=True, **seen)
    kinds.make_offer("Canary offer", amount=777, is_restricted=True, **seen)
    kinds.make_visit("Plain", contact_person=secret, **seen)
    add_entry(hidden, actor=alice, entry="call", text="Canary call")
    his, hers = card(as_("bob"), company), card(as_("alice"), company)
    assert numbers(hers)["Open now"] == "3"
    assert "Open offers" in numbers(hers)
    assert all(word in text_of(hers) for word in ("Canaryson", "Canary visit", "Canary offer"))
    assert numbers(his) == {"Open now": "1", "People": "1", "Documents": "0"}
    assert his.context["last_contact"] is None
    assert "Canary" not in text_of(his)
    assert "777" not in text_of(his)
    assert as_("carol").get(company.get_absolute_url()).status_code == 404
    assert "Canary" not in text_of(as_("bob").get(f"/visits/?customer={company.pk}"))


def test_who_may_not_see_a_kind_does_not_meet_it(
    as_: Enter, company: Contact, alice: User, kinds: Any
) -> None:
    kinds.make_visit(owner=alice, customer=company)
    set_right(alice.role, "visit", view="none", change="none")
    page = card(as_("alice"), company)
    assert [panel.title for panel in page.context["panels"]] == []
    assert [one.label for one in page.context["creations"]] == ["Activity", "Offer"]
    assert "of=visit" not in text_of(as_("alice").get(f"/history/contact/{company.pk}/"))


def test_what_is_in_the_trash_is_not_on_the_card(
    as_: Enter, company: Contact, alice: User, kinds: Any
) -> None:
    trash_record(kinds.make_visit("Thrown away", owner=alice, customer=company), actor=alice)
    client = as_("alice")
    assert not card(client, company).context["panels"]
    history = client.get(reverse("timeline_panel", args=["contact", company.pk]))
    assert "Thrown away" not in text_of(history)


def test_a_person_has_what_they_are_the_contact_person_of(
    as_: Enter, company: Contact, anna: Contact, alice: User, kinds: Any
) -> None:
    mine = {"owner": alice, "customer": company}
    kinds.make_visit("With Anna", contact_person=anna, **mine)
    kinds.make_visit("Without her", **mine)
    kinds.make_visit("At her home", owner=alice, customer=anna)
    answer = card(as_("alice"), anna)
    rows = {str(row.record): row.other for row in answer.context["panels"][0].rows}
    assert rows == {"With Anna": company, "At her home": None}
    assert 'href="/contacts/' in text_of(answer)
    every = text_of(as_("alice").get(f"/visits/?customer={anna.pk}"))
    assert "With Anna" in every
    assert "Without her" not in every


def test_the_new_menu_offers_what_one_may_create(
    as_: Enter, company: Contact, anna: Contact, alice: User
) -> None:
    client = as_("alice")
    urls = {creation.label: creation.url for creation in card(client, company).context["creations"]}
    query = f"?customer={company.pk}"
    event = "/activities/event/new/"
    assert urls == {
        "Activity": f"{event}{query}",
        "Visit": f"/visits/new/{query}",
        "Offer": f"/offers/new/{query}",
    }
    set_right(alice.role, "offer", change="none")
    urls = {creation.label: creation.url for creation in card(client, anna).context["creations"]}
    person = f"?contact_person={anna.pk}"
    assert urls == {"Activity": f"{event}{person}", "Visit": f"/visits/new/{person}"}
    assert f'data-create-context="contact_person={anna.pk}"' in text_of(card(client, anna))


def chosen(client: Client, query: str) -> dict[str, Any]:
    """What the form of a new visit starts with."""
    answer = client.get(f"/visits/new/?{query}")
    assert answer.status_code == 200
    initial = answer.context["form"].initial
    return {name: initial[name] for name in ("customer", "contact_person") if initial.get(name)}


def test_what_is_created_from_a_card_is_for_that_customer(
    as_: Enter, company: Contact, anna: Contact, alice: User
) -> None:
    client, other = as_("alice"), make_company(owner=alice, actor=alice)
    loner = make_person(owner=alice, actor=alice)
    both = {"customer": company, "contact_person": anna}
    assert chosen(client, f"customer={company.pk}") == {"customer": company}
    assert chosen(client, f"contact_person={anna.pk}") == both
    assert chosen(client, f"customer={company.pk}&contact_person={anna.pk}") == both
    assert chosen(client, f"customer={other.pk}&contact_person={anna.pk}") == {"customer": other}
    assert chosen(client, f"contact_person={loner.pk}") == {"customer": loner}
    assert chosen(client, f"contact_person={company.pk}x") == {}
    Employment.objects.create(company=other, person=anna)
    assert chosen(client, f"contact_person={anna.pk}") == {"contact_person": anna}
    assert company.name in text_of(client.get(f"/visits/new/?customer={company.pk}"))


@pytest.mark.parametrize("name", ["customer", "contact_person"])
def test_nobody_is_prefilled_with_whom_they_do_not_see(
    as_: Enter, anna: Contact, company: Contact, name: str
) -> None:
    pk = anna.pk if name == "contact_person" else company.pk
    assert as_("carol").get(f"/visits/new/?{name}={pk}").status_code == 404
    assert as_("carol").get(f"/visits/?customer={company.pk}").status_code == 422


def test_a_customer_whom_something_needs_does_not_end_and_a_contact_person_does(
    company: Contact, anna: Contact, alice: User, kinds: Any
) -> None:
    visit = kinds.make_visit(owner=alice, customer=company, contact_person=anna)
    assert [(need.label, need.count) for need in what_needs(company)] == [("visits", 1)]
    assert what_needs(anna) == []
    with pytest.raises(ProtectedError):
        company.delete()
    anna.delete()
    visit.refresh_from_db()
    assert visit.contact_person is None


def test_500_linked_records_and_one_history_take_no_more_statements_than_a_few(
    as_: Enter, company: Contact, alice: User, team: Team, kinds: Any
) -> None:
    from tests.kinds.models import Offer, Visit

    client, seen = as_("alice"), {"owner": alice, "team": team, "customer": company}
    history = reverse("timeline_panel", args=["contact", company.pk])

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            card(client, company)
            assert client.get(history, headers={"HX-Request": "true"}).status_code == 200
        return len(caught)

    people = [make_person(owner=alice, team=team, actor=alice) for _number in range(20)]
    Employment.objects.bulk_create(Employment(company=company, person=one) for one in people)
    kinds.make_visit(contact_person=people[0], **seen)
    kinds.make_offer(contact_person=people[1], **seen)
    statements()
    few = statements()
    for model in (Visit, Offer):
        model.objects.bulk_create(
            model(title=f"{number}", contact_person=people[number % 20], **seen)
            for number in range(240)
        )
    for record in (*people, *Visit.objects.all()[:10]):
        add_entry(record, actor=alice, entry="call", text="Hello")
        save_record(record, actor=alice)
    assert statements() == few <= MOST_OF_A_CARD
