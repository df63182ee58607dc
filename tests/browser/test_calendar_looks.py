"""What the calendar says and shows where there is little room, and what it takes for a date."""

import pytest
from playwright.sync_api import expect

from activities.models import Calendar
from crm.accounts.models import User
from tests.browser.calendars import box, item, stored, toast
from tests.browser.conftest import PHONE, Traffic, Window
from tests.factories import make_event

DAY = "/calendar/?view=day&date=2026-11-26&group=people"
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


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_time_is_shown_whole_or_not_at_all(window: Window, alice: User, language: str) -> None:
    alice.language = language
    alice.save()
    titles = ("Call the forwarder", "Call the one and only forwarder of the town", "שיחה עם המוביל")
    for hour, title in enumerate(titles, start=10):
        start, end = f"2026-11-26 {hour}:00", f"2026-11-26 {hour}:30"
        make_event(title, actor=alice, start=start, end=end)
    page = window(alice, WEEK)
    blocks = page.locator(".cal-item.has-1 .cal-beside")
    expect(blocks).to_have_count(3)
    # Of each beginning and end: within its line, or under it and not seen.
    assert page.evaluate(CUT_TIMES) == []
    page.goto(f"{DAY}&who={alice.pk}")
    expect(blocks).to_have_count(3)
    assert page.evaluate(CUT_TIMES) == []


CUT_TIMES = """() => [...document.querySelectorAll(".cal-beside")].flatMap((line) => {
  const seen = line.getBoundingClientRect();
  const range = document.createRange();
  return [line.querySelector(".range").firstChild, line.querySelector(".cal-until")]
    .filter(Boolean).map((part) => {
      range.selectNodeContents(part);
      return [part.textContent, range.getBoundingClientRect()];
    })
    .filter(([, at]) => at.width && at.top < seen.bottom - 2
      && (at.left < seen.left - 1 || at.right > seen.right + 1)).map(([text]) => text);
})"""


def test_a_month_of_six_weeks_is_whole_on_a_phone(window: Window, alice: User) -> None:
    for number in range(3):
        make_event(f"Sixth week {number}", actor=alice, start="2026-11-30 10:00")
    page = window(alice, "/calendar/?view=month&date=2026-11-10", **PHONE)
    page.locator(".cal-more").click()
    week, more = box(page.locator(".cal-week").last), box(page.locator(".cal-more"))
    assert more["y"] + more["height"] <= week["y"] + week["height"]


def test_what_is_deleted_leaves_the_focus_to_its_neighbour(window: Window, alice: User) -> None:
    hours = ("09", "11", "13")
    events = [make_event("Call", actor=alice, start=f"2026-11-26 {hour}:00") for hour in hours]
    page = window(alice, WEEK)
    item(page, events[1]).focus()
    page.keyboard.press("Delete")
    page.locator("#confirm button[value=yes]").click()
    toast(page)
    expect(item(page, events[2])).to_be_focused()


def test_a_choice_is_remembered_although_the_page_is_left_at_once(
    window: Window, alice: User, traffic: Traffic
) -> None:
    page = window(alice, WEEK)
    page.locator("[data-cal=tasks]").click()
    page.goto("/activities/")
    traffic.calm_down()
    page.goto("/calendar/")
    expect(page.locator("[data-cal=tasks]")).to_have_attribute("aria-pressed", "false")


def test_whose_calendar_is_private_is_said(window: Window, alice: User, carol: User) -> None:
    Calendar.objects.create(user=carol, sharing="private")
    page = window(alice, f"{WEEK}&who={carol.pk}")
    expect(page.locator("[data-cal=silent]")).to_have_text(f"{carol.name} · not shared with you")


def test_an_italian_week_has_no_leading_zero(window: Window, alice: User) -> None:
    alice.language = "it"
    alice.save()
    page = window(alice, "/calendar/?view=week&date=2026-12-02")
    expect(page.locator("h1")).to_have_text("30 novembre – 6 dicembre 2026")
