"""The list of activities with its filters, and activities and e-mails together (F1.4, F3.2,
F3.13)."""

import datetime as dt

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.actions import add_entry
from tests.browser.calendars import TODAY, named
from tests.browser.conftest import Window
from tests.browser.hands import Finger, Hand, Keys, by_each
from tests.browser.pages import cut_words, overflow
from tests.factories import make_event, make_task


@pytest.fixture
def planned(alice: User, bob: User, company: Contact) -> None:
    """Today, tomorrow, and what should have been done long ago."""
    tomorrow = TODAY + dt.timedelta(days=1)
    at_ten = f"{tomorrow} 10:00"
    make_event("Ring the bank", actor=alice, type=named("Call"), start=at_ten, customer=company)
    make_event("Meet the team", actor=alice, type=named("Meeting"), start=at_ten)
    make_event("Bob’s visit", actor=bob, start=at_ten)
    make_event("Held long ago", actor=alice, category="done", start="2026-01-08 10:00")
    make_task("Write today", actor=alice, due=str(TODAY))
    make_task("Forgotten", actor=alice, due="2026-01-08")
    add_entry(company, actor=bob, entry="email", text="They agree to the price")


def rows(page: Page) -> Locator:
    return page.locator(".row-title")


def preset(hand: Hand, page: Page, name: str) -> None:
    hand.menu(page.locator(".chips summary.chip").first, name)


@pytest.mark.usefixtures("planned")
@by_each(Keys("en"), Finger("he"))
def test_what_is_due_planned_and_past_is_found_and_kept_as_a_view(
    window: Window, alice: User, hand: Hand
) -> None:
    page = hand.open(window, alice, "/activities/")
    hand.press(page.locator("#list .tabs a", has_text=hand.says("Closed")))
    expect(rows(page)).to_have_text(["Held long ago"])
    preset(hand, page, hand.says("Save as a view…"))
    dialog = page.get_by_role("dialog")
    dialog.locator("input[name=name]").fill("What was")
    hand.press(dialog.locator("button.button-primary"))
    expect(page.locator("summary.chip.is-on")).to_contain_text("What was")

    planned = hand.says("Planned: %(type)s") % {"type": hand.says(named("Call"))}
    for name, found in (
        (planned, ["Ring the bank"]),
        (hand.says("Mine and overdue"), ["Forgotten"]),
    ):
        preset(hand, page, name)
        expect(rows(page)).to_have_text(found)
    preset(hand, page, hand.says("Due this week"))
    expect(rows(page).filter(has_text="Write today")).to_be_visible()
    expect(rows(page).filter(has_text="Forgotten")).to_have_count(0)
    assert overflow(page) + cut_words(page) == []

    preset(hand, page, "What was")
    expect(rows(page)).to_have_text(["Held long ago"])

    hand.press(page.locator(".tabs a[href$='/stream/']"))
    mail = page.locator(".rows .row-item", has_text="They agree to the price")
    expect(mail).to_contain_text(hand.says("E-mail"))
    expect(rows(page)).to_contain_text(["F.I.A.T. S.p.A.", "Write today"])
    page.locator("#id_what").select_option("email")
    hand.press(page.locator("main form button.button-primary"))
    expect(rows(page)).to_have_text(["F.I.A.T. S.p.A."])
    assert overflow(page) + cut_words(page) == []
