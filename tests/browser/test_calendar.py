"""The calendar by mouse, keyboard and finger, from left to right and from right to left
(F1.6, F2.29 – F2.42, F3.3, F3.12, B49)."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from activities.models import Activity, Calendar
from crm.accounts.models import Team, User
from crm.records.actions import trash_record
from tests.browser.calendars import HOUR, box, drag, item, stored, toast
from tests.browser.conftest import PHONE, Ear, Window
from tests.browser.pages import bare_names, in_both_lights, overflow, serious, settle
from tests.factories import make_event, make_task, make_user

DAY = "/calendar/?view=day&date=2026-11-26&group=people"
WEEK = "/calendar/?view=week&date=2026-11-26"


@pytest.fixture(params=["en", "he"])
def reader(request: pytest.FixtureRequest, alice: User) -> User:
    alice.language = request.param
    alice.save()
    return alice


@pytest.fixture
def event(alice: User) -> Activity:
    return make_event("Visit F.I.A.T.", actor=alice)


def with_bob(reader: User, bob: User) -> str:
    return f"{DAY}&who={reader.pk},{bob.pk}"


def test_it_is_moved_stretched_and_copied_by_dragging(
    window: Window, reader: User, event: Activity
) -> None:
    """F2.40, F2.41, F2.42."""
    page = window(reader, WEEK)
    drag(page, item(page, event), 0, HOUR)
    toast(page)
    assert stored(event) == ("2026-11-26 11:00", "2026-11-26 12:00")
    at = box(item(page, event))
    page.mouse.move(at["x"] + 30, at["y"] + at["height"] - 3)
    page.mouse.down()
    page.mouse.move(at["x"] + 30, at["y"] + at["height"] + HOUR / 2, steps=4)
    page.mouse.up()
    toast(page, "11:00–12:30")
    assert stored(event) == ("2026-11-26 11:00", "2026-11-26 12:30")
    drag(page, item(page, event), 0, 2 * HOUR, key="Control")
    toast(page, "13:00")
    assert stored(event) == ("2026-11-26 11:00", "2026-11-26 12:30")
    copy = Activity.objects.exclude(pk=event.pk).get()
    assert stored(copy) == ("2026-11-26 13:00", "2026-11-26 14:30")
    expect(item(page, copy)).to_be_visible()


def test_it_is_dragged_to_a_colleague_and_taken_back(
    window: Window, reader: User, bob: User, event: Activity
) -> None:
    """F3.12. Columns stand side by side, mirrored from right to left."""
    Calendar.objects.create(user=bob).grants.create(user=reader, level="edit")
    page = window(reader, with_bob(reader, bob))
    columns = page.locator(".cal-column")
    first, second = box(columns.nth(0)), box(columns.nth(1))
    assert (first["x"] < second["x"]) == (reader.language == "en")
    drag(page, item(page, event), second["x"] - first["x"], 0)
    toast(page)
    assert Activity.objects.get(pk=event.pk).owner == bob
    page.locator("#toasts form button").click()
    expect(columns.nth(0).locator(".cal-item")).to_have_count(1)
    assert Activity.objects.get(pk=event.pk).owner == reader


def test_show_as_is_a_right_click_and_a_choice(
    window: Window, reader: User, event: Activity
) -> None:
    """F2.38, F2.39."""
    page = window(reader, WEEK)
    item(page, event).click(button="right")
    menu = page.locator("#calendar-menu")
    done = {"en": "Done", "he": "בוצעה"}[reader.language]
    menu.get_by_text(done, exact=True).click()
    toast(page)
    assert Activity.objects.get(pk=event.pk).category == "done"


def test_a_double_click_on_an_empty_hour_opens_the_form(window: Window, reader: User) -> None:
    """F2.31, F3.3."""
    page = window(reader, WEEK)
    column = page.locator(".cal-column").nth(3)
    grid = box(page.locator(".cal-grid"))
    column.dblclick(position={"x": 40, "y": 11 * HOUR + 10})
    page.wait_for_url(re.compile("/activities/new/"))
    assert grid["width"] > 600
    expect(page.locator("[name=starts_on]")).to_have_value("2026-11-26")
    expect(page.locator("[name=start_time]")).to_have_value("11:00")
    page.locator("[name=subject]").fill("Made with two clicks")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/activities/\d+/"))
    assert Activity.objects.get().owner == reader


def test_of_a_series_it_is_asked_which(window: Window, reader: User) -> None:
    series = make_event(
        "Weekly", actor=reader, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO"
    )
    page = window(reader, WEEK)
    drag(page, item(page, series, "2026-11-23"), 0, HOUR)
    page.locator("#calendar-scope button[value=one]").click()
    toast(page)
    moved = Activity.objects.exclude(pk=series.pk).get()
    assert stored(moved) == ("2026-11-23 11:00", "2026-11-23 12:00")
    page.goto("/calendar/?view=week&date=2026-11-30")
    drag(page, item(page, series, "2026-11-30"), 0, HOUR)
    page.keyboard.press("Escape")
    expect(item(page, series, "2026-11-30")).to_be_visible()
    assert Activity.objects.count() == 2


def test_everything_is_done_without_a_mouse(window: Window, reader: User, event: Activity) -> None:
    """B49, D18."""
    page = window(reader, WEEK)
    item(page, event).focus()
    page.keyboard.press("Alt+ArrowDown")
    toast(page)
    assert stored(event) == ("2026-11-26 10:30", "2026-11-26 11:30")
    item(page, event).focus()
    page.keyboard.press("m")
    dialog = page.locator("#calendar-move")
    dialog.locator("[name=from_time]").fill("15:00")
    dialog.locator("[name=to_time]").fill("16:00")
    page.keyboard.press("Enter")
    toast(page, "15:00")
    assert stored(event) == ("2026-11-26 15:00", "2026-11-26 16:00")
    item(page, event).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#calendar-peek")).to_contain_text("Visit F.I.A.T.")


def test_what_somebody_else_changed_springs_back_with_the_reason(
    window: Window, reader: User, event: Activity, ear: Ear
) -> None:
    ear.expect()
    page = window(reader, WEEK)
    expect(item(page, event)).to_be_visible()
    Activity.objects.filter(pk=event.pk).update(version=7)
    drag(page, item(page, event), 0, HOUR)
    expect(page.locator("#toasts .is-error, #toasts .is-warning").first).to_be_visible()
    assert stored(event) == ("2026-11-26 10:00", "2026-11-26 11:00")


def test_a_clash_is_asked_before_it_is_moved(
    window: Window, reader: User, event: Activity, ear: Ear
) -> None:
    """B13."""
    ear.expect()
    make_event("Other", actor=reader, start="2026-11-26 12:00")
    page = window(reader, WEEK)
    drag(page, item(page, event), 0, 2 * HOUR)
    confirm = page.locator("#confirm")
    expect(confirm).to_contain_text("Other")
    confirm.locator("button[value=no]").click()
    assert stored(event) == ("2026-11-26 10:00", "2026-11-26 11:00")
    drag(page, item(page, event), 0, 2 * HOUR)
    confirm.locator("button[value=yes]").click()
    toast(page)
    assert stored(event) == ("2026-11-26 12:00", "2026-11-26 13:00")


def test_what_a_colleague_changes_appears_by_itself(
    window: Window, reader: User, bob: User, event: Activity
) -> None:
    page = window(reader, WEEK)
    expect(item(page, event)).to_be_visible()
    page.clock.install()
    page.reload()
    later = make_event("Just booked", owner=reader, actor=bob, start="2026-11-25 14:00")
    page.clock.run_for(21_000)
    expect(item(page, later)).to_be_visible()


def test_on_a_phone_it_is_moved_by_the_form_and_nothing_is_cut(
    window: Window, reader: User, event: Activity
) -> None:
    make_task("Write", actor=reader)
    page = window(reader, f"{DAY}&who={reader.pk}", **PHONE)
    problems = overflow(page) + bare_names(page) + serious(page)
    item(page, event).tap()
    page.locator("#calendar-peek [data-do=move], #calendar-peek button").first.wait_for()
    for view in ("week", "month", "list"):
        page.goto(f"/calendar/?view={view}&date=2026-11-26")
        settle(page)
        problems += overflow(page) + bare_names(page) + serious(page)
    assert problems == []


def test_nothing_serious_in_either_light(
    window: Window, reader: User, bob: User, team: Team, event: Activity
) -> None:
    make_task("Late", actor=reader, due="2026-11-24")
    make_event("Fair", actor=reader, start="2026-11-24", end="2026-11-27")
    make_event("Unclaimed", owner=None, team=team, actor=bob, start="2026-11-25 09:00")
    make_event("Hidden", owner=bob, actor=bob, is_restricted=True, start="2026-11-25 12:00")
    page = window(reader)
    problems: list[str] = []
    for view in ("day", "work-week", "week", "month", "list"):
        page.goto(f"/calendar/?view={view}&date=2026-11-25&who={reader.pk},{bob.pk}")
        settle(page)
        problems += in_both_lights(page)
    pages = (
        *("/activities/", "/activities/event/new/", "/activities/task/new/", "/activities/stream/"),
        *("/calendar/sharing/", "/calendar/feeds/", "/calendar/free/"),
        event.get_absolute_url(),
    )
    for path in pages if reader.language == "en" else pages[-1:]:
        page.goto(path)
        settle(page)
        problems += in_both_lights(page)
    assert problems == []


def test_forty_people_are_chosen_by_their_team(window: Window, alice: User, team: Team) -> None:
    """F2.29."""
    for number in range(12):
        make_user(f"member{number}", role="colleague", teams=[team])
    page = window(alice, WEEK)
    page.locator("summary", has=page.locator("[data-label]")).first.click()
    page.locator("[data-cal=teams]").get_by_text("Technicians North").click()
    page.wait_for_url(re.compile(r"who=[^&]+(,|%2C)"))
    asked: Any = re.search(r"who=([^&]+)", page.url)
    assert asked.group(1).count("%2C") + asked.group(1).count(",") >= 12


def test_what_somebody_deleted_meanwhile_goes_and_one_is_told(
    window: Window, reader: User, event: Activity, ear: Ear
) -> None:
    ear.expect()
    page = window(reader, WEEK)
    expect(item(page, event)).to_be_visible()
    trash_record(event, actor=reader)
    drag(page, item(page, event), 0, HOUR)
    toast(page)
    if reader.language == "en":
        expect(page.locator("#toasts")).to_contain_text("It is not there any more.")
    expect(item(page, event)).to_have_count(0)


def test_it_is_given_to_a_colleague_whose_calendar_shows_only_busy_times(
    window: Window, reader: User, carol: User, event: Activity
) -> None:
    """F3.12: by dropping and by the dialog, as a form allows it."""
    second = make_event("Second", actor=reader, start="2026-11-26 12:00")
    page = window(reader, f"{DAY}&who={reader.pk},{carol.pk}")
    columns = page.locator(".cal-column")
    along = box(columns.nth(1))["x"] - box(columns.nth(0))["x"]
    drag(page, item(page, event), along, 0)
    toast(page)
    assert Activity.objects.get(pk=event.pk).owner == carol
    item(page, second).focus()
    page.keyboard.press("m")
    page.locator("#move-person").select_option(str(carol.pk))
    page.locator("#calendar-move button[value=yes]").click()
    toast(page, "12:00")
    assert Activity.objects.get(pk=second.pk).owner == carol


def test_what_cannot_be_dropped_on_a_team_springs_back_and_says_why(
    window: Window, reader: User, team: Team, event: Activity
) -> None:
    make_event("Unclaimed", owner=None, team=team, actor=reader)
    page = window(reader, f"{DAY}&who={reader.pk},-{team.pk}")
    columns = page.locator(".cal-column")
    expect(columns.last).to_be_visible()
    along = box(columns.last)["x"] - box(columns.nth(0))["x"]
    drag(page, item(page, event), along, HOUR)
    toast(page)
    if reader.language == "en":
        told = "To give it to a team, choose the team in the form."
        expect(page.locator("#toasts")).to_contain_text(told)
    assert stored(event) == ("2026-11-26 10:00", "2026-11-26 11:00")
