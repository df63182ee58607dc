"""What the calendar says and shows where there is little room, and what it takes for a date."""

from playwright.sync_api import expect

from crm.accounts.models import User
from tests.browser.calendars import item, stored, toast
from tests.browser.conftest import Window
from tests.factories import make_event

WEEK = "/calendar/?view=week&date=2026-11-26"


def test_a_year_of_two_digits_is_no_year_of_the_last_century(window: Window, alice: User) -> None:
    event = make_event("Visit", actor=alice)
    page = window(alice, WEEK)
    item(page, event).focus()
    page.keyboard.press("m")
    dialog = page.locator("#calendar-move")
    dialog.locator("[name=from_day]").fill("0026-12-03")
    expect(dialog.locator("[name=to_day]")).to_have_value("0026-12-03")
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.locator("[name=from_day]").fill("2027-12-03")
    page.keyboard.press("Enter")
    toast(page)
    expect(page.locator("#toasts")).to_contain_text("3 December 2027")
    assert stored(event) == ("2027-12-03 10:00", "2027-12-03 11:00")
