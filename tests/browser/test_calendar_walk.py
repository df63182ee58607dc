"""What the calendar shows: whose, of which days, of which types (F1.2, F1.3, F1.6, F2.29, F2.30,
F3.12)."""

import pytest
from playwright.sync_api import Locator, Page, expect

from crm.accounts.models import User
from tests.browser.calendars import named
from tests.browser.conftest import Window
from tests.browser.hands import Finger, Hand, Keys, by_each
from tests.browser.pages import overflow
from tests.factories import make_event, make_task

CALENDAR = "/calendar/?date=2026-11-26"  # a Thursday


@pytest.fixture
def busy_day(alice: User, bob: User, carol: User) -> None:
    """Alice and Bob are of one team; of Carol one sees when, not what."""
    make_event("Own visit", actor=alice)
    make_event("Ring them", actor=alice, type=named("Call"), start="2026-11-26 14:00")
    make_task("Write to them", actor=alice)
    make_event("Bob’s visit", actor=bob)
    make_event("Secret", actor=carol, start="2026-11-26 12:00")


def chip(page: Page, name: str) -> Locator:
    return page.locator("details", has=page.locator(f"[data-cal={name}]")).locator("summary")


def line(page: Page, name: str, words: str) -> Locator:
    return page.locator(f"[data-cal={name}] .menu-item", has=page.get_by_text(words, exact=True))


def titles(page: Page) -> Locator:
    return page.locator(".cal-item:visible .cal-title, .cal-row:visible .row-title")


def shown(page: Page, *expected: str) -> None:
    expect(page.locator("[data-calendar][aria-busy]")).to_have_count(0)
    expect(titles(page)).to_have_count(len(expected))
    assert sorted(titles(page).all_inner_texts()) == sorted(expected)


def are_side_by_side(parts: Locator, *, mirrored: bool) -> bool:
    places = [box["x"] for part in parts.all() if (box := part.bounding_box())]
    return places == sorted(places, reverse=mirrored)


@pytest.mark.usefixtures("busy_day")
@by_each(Keys("en"), Finger("he"))
def test_whose_and_which_days_are_chosen_and_known_at_the_next_visit(
    window: Window, alice: User, hand: Hand
) -> None:
    page = hand.open(window, alice, CALENDAR)

    def view(name: str) -> None:
        hand.press(page.locator(f"[data-cal=view-{name}]"))

    busy, is_mirrored = hand.says("Busy"), hand.is_mirrored
    own = ("Write to them", "Own visit", "Ring them")
    shown(page, *own)  # one's own, and nothing else

    hand.press(chip(page, "teams"))
    hand.press(line(page, "teams", "Technicians North"))
    shown(page, *own, "Bob’s visit")
    hand.press(chip(page, "people"))
    hand.press(line(page, "people", "Bob Rossi"))
    shown(page, *own)
    hand.press(line(page, "people", "Bob Rossi"))
    hand.press(line(page, "people", "Carol Rossi"))
    shown(page, *own, "Bob’s visit", busy)

    hand.press(chip(page, "group"))
    hand.press(page.locator("[data-cal=group] .menu-item").last)
    view("day")
    heads = page.locator(".cal-person")
    expect(heads).to_have_text([f"{name[0]}R{name} Rossi" for name in ("Alice", "Bob", "Carol")])
    assert are_side_by_side(heads, mirrored=is_mirrored)
    columns = page.locator(".cal-column")
    expect(columns.nth(1)).to_contain_text("Bob’s visit")
    expect(columns.nth(2)).to_contain_text(busy)
    expect(page.locator("main")).not_to_contain_text("Secret")
    assert overflow(page) == []

    hand.press(chip(page, "group"))
    hand.press(page.locator("[data-cal=group] .menu-item").first)
    days = page.locator(".cal-day strong")
    view("work-week")
    expect(days).to_have_text(list(map(str, range(22, 27) if is_mirrored else range(23, 28))))
    view("week")
    expect(days).to_have_text(list(map(str, range(22, 29) if is_mirrored else range(23, 30))))
    assert are_side_by_side(days, mirrored=is_mirrored)
    works = [column.locator(".cal-work").count() for column in columns.all()]
    assert works == [1, 1, 1, 1, 1, 0, 0]  # Sunday to Thursday, Monday to Friday
    view("month")
    expect(page.locator(".cal-date a").first).to_have_text("1" if is_mirrored else "26")
    assert overflow(page) == []

    view("list")
    shown(page, *own, "Bob’s visit", busy)
    hand.press(page.locator("[data-cal=tasks]"))
    shown(page, "Own visit", "Ring them", "Bob’s visit", busy)
    hand.press(chip(page, "types"))
    with page.expect_response("**/calendar/remember/"):
        hand.press(line(page, "types", hand.says(named("Call"))))
    shown(page, "Ring them")

    page.goto(CALENDAR)
    expect(page.locator("[data-cal=view-list]")).to_have_attribute("aria-current", "true")
    shown(page, "Ring them")
    expect(page.locator(".cal-row-who")).to_contain_text("Alice Rossi")
    assert overflow(page) == []
