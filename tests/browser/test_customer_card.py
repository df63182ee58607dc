"""The customer's card as people use it: what is open first, one hand on a phone, one history."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.accounts.models import Team, User
from crm.contacts.models import Contact, Employment
from crm.records.actions import add_entry
from tests.browser.conftest import PHONE, Window
from tests.browser.pages import in_both_lights, overflow, settle, small_targets
from tests.factories import make_company, make_person


@pytest.fixture
def busy(kinds: Any, request: pytest.FixtureRequest) -> Contact:
    """A customer with people, visits, offers and things said."""
    alice: User = request.getfixturevalue("alice")
    team: Team = request.getfixturevalue("team")
    mine: dict[str, Any] = {"owner": alice, "team": team}
    company = make_company(
        "F.I.A.T. S.p.A.", actor=alice, phones=["+390110061111"], emails=["a@fiat.example"],
        city="Torino", aliases=["FIAT"], **mine,
    )  # fmt: skip
    mario = make_person("Rossi", first_name="Mario", actor=alice, phones=["+3933312345"], **mine)
    Employment.objects.create(company=company, person=mario, function="Facility manager")
    mine["customer"] = company
    kinds.make_visit("Heating, quarterly service", contact_person=mario, **mine)
    boiler = kinds.make_visit("Boiler 3 loses pressure overnight", **mine)
    kinds.make_visit("Camera at gate B out of focus", is_done=True, **mine)
    kinds.make_offer("Cold room no. 2", amount=31_480, **mine)
    add_entry(mario, actor=alice, entry="call", text="Wants the offer split in two lots")
    add_entry(boiler, actor=alice, entry="email", text="Pressure is at 0.8 bar again")
    return company


def top(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]


def open_menu(page: Page, name: str) -> None:
    page.locator("main summary", has_text=name).click()


def test_a_phone_shows_what_is_open_first_and_the_history_last(
    window: Window, busy: Contact, alice: User
) -> None:
    page = window(alice, busy.get_absolute_url(), **PHONE)
    settle(page)
    order = [
        page.locator(".numbers"),
        page.get_by_role("heading", name="Visits"),
        page.get_by_role("heading", name="Offers"),
        page.get_by_role("heading", name="People"),
        page.get_by_role("heading", name="Details"),
        page.get_by_role("heading", name="History"),
    ]
    places = [top(part) for part in order]
    assert places == sorted(places)
    assert page.locator(".card-facts > details").get_attribute("open") is None
    assert overflow(page) + small_targets(page) == []
    bar = page.locator(".card-actions")
    bar.locator("summary", has_text="New").tap()
    for name in ("Note", "Phone call", "Person", "Visit", "Offer"):
        expect(bar.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    bar.get_by_role("link", name="Visit", exact=True).tap()
    expect(page.locator("[data-picker][data-name=customer]")).to_contain_text("F.I.A.T. S.p.A.")


def test_a_call_is_written_down_from_the_card(window: Window, busy: Contact, alice: User) -> None:
    page = window(alice, busy.get_absolute_url())
    settle(page)
    open_menu(page, "New")
    page.get_by_role("link", name="Phone call").click()
    words = page.get_by_label("Description")
    expect(words).to_be_focused()
    expect(page.get_by_label("Type")).to_have_value("call")
    words.fill("They moved the visit to Thursday")
    page.get_by_role("button", name="Add to history").click()
    expect(page.locator("#timeline")).to_contain_text("They moved the visit to Thursday")


def test_the_history_is_narrowed_to_kinds_of_lines_and_of_records(
    window: Window, busy: Contact, alice: User
) -> None:
    page = window(alice, busy.get_absolute_url())
    history = page.locator("#timeline")
    expect(history).to_contain_text("Wants the offer split")
    expect(history).to_contain_text("Pressure is at 0.8 bar again")
    open_menu(page, "All records")
    history.get_by_role("link", name="People").click()
    expect(history).not_to_contain_text("Pressure is at 0.8 bar")
    expect(history).to_contain_text("Wants the offer split")
    expect(history.locator("summary.is-on")).to_have_text("People")
    open_menu(page, "People")
    history.get_by_role("link", name="Only this record").click()
    expect(history).not_to_contain_text("Wants the offer split")
    open_menu(page, "More")
    history.get_by_role("link", name="E-mail", exact=True).click()
    expect(history.locator(".empty-small")).to_be_visible()
    open_menu(page, "Only this record")
    history.get_by_role("link", name="All records").click()
    history.get_by_role("link", name="Boiler 3 loses pressure overnight").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Boiler 3")


def test_axe_finds_nothing_on_a_busy_card(window: Window, busy: Contact, alice: User) -> None:
    page = window(alice, busy.get_absolute_url())
    found = in_both_lights(page)
    open_menu(page, "New")
    found += in_both_lights(page)
    page.keyboard.press("Escape")
    open_menu(page, "All records")
    found += in_both_lights(page)
    assert found == []
