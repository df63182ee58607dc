"""Calendars that people share, and booking for a colleague (F1.3, F1.10, F3.12)."""

import re

from playwright.sync_api import expect

from activities.models import Activity
from crm.accounts.models import User
from tests.browser.calendars import ask_at, item
from tests.browser.conftest import Window
from tests.browser.hands import Finger, Hand, Keys, Mouse, by_each
from tests.browser.pages import cut_words, overflow, small_targets
from tests.factories import make_event


@by_each(Keys("en"), Finger("he"))
def test_what_a_colleague_opens_is_seen_and_in_the_end_booked(
    window: Window, alice: User, carol: User, hand: Hand
) -> None:
    """Carol is in no team of Alice's."""
    make_event("Dentist", actor=carol)
    day = f"/calendar/?view=day&date=2026-11-26&group=people&who={alice.pk},{carol.pk}"
    page = hand.open(window, alice, day)
    column = page.locator(".cal-column").nth(1)
    expect(column.locator(".cal-item")).to_contain_text(hand.says("Busy"))  # as it is at first
    expect(page.locator("main")).not_to_contain_text("Dentist")

    hers = hand.open(window, carol, "/calendar/sharing/")
    hand.tick(hers.locator("[name=sharing][value=public]"))
    problems = overflow(hers) + cut_words(hers)
    problems += small_targets(hers) if hand.name == "finger" else []
    assert problems == []
    hand.save(hers)
    expect(hers.locator("#toasts")).to_contain_text(hand.says("Saved."))

    page.reload()
    expect(column.locator(".cal-item")).to_contain_text("Dentist")
    ask_at(hand, column, 11)
    hand.press(page.locator("#calendar-menu .menu-item").first)
    expect(page.locator("[data-name=owner] .picked")).to_contain_text("Carol Rossi")
    page.locator("#id_subject").fill("Booked for her")
    hand.save(page)
    page.wait_for_url(re.compile(r"/activities/\d+/$"))
    booked = Activity.objects.get(subject="Booked for her")
    assert (booked.owner, booked.created_by) == (carol, alice)
    hers.goto("/calendar/?view=day&date=2026-11-26")
    expect(item(hers, booked)).to_be_visible()


def test_the_next_time_at_which_both_are_free_is_found_and_booked(
    window: Window, alice: User, carol: User
) -> None:
    hand = Mouse("he")
    make_event("Fair", actor=carol, start="2026-11-26", end="2026-11-26")
    page = hand.open(window, alice, "/calendar/free/")
    hand.pick(page.locator("#id_people"), "Carol Rossi", "carol")
    page.locator("#id_minutes").fill("90")
    page.locator("#id_day").fill("2026-11-26")
    hand.press(page.locator("main form button.button-primary"))
    first = page.locator(".free-times .row-item").first
    expect(first).to_contain_text("09:00–10:30")
    assert overflow(page) + cut_words(page) == []
    hand.press(first.get_by_role("link"))
    expect(page.locator("[data-name=participants] .picked")).to_contain_text("Carol Rossi")
    expect(page.locator("#id_end_time")).to_have_value("10:30")
    expect(page.locator("#id_starts_on")).not_to_have_value("2026-11-26")  # she is at the fair
