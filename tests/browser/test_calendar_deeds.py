"""What is done to things on the calendar: status, copy, length, place; by mouse, keys and finger
(F2.34, F2.36, F2.38 – F2.42, B49)."""

import re

from playwright.sync_api import Locator, expect

from activities.models import Activity, Calendar
from crm.accounts.models import Team, User
from tests.browser.calendars import (
    HOUR,
    WAYS,
    box,
    item,
    long_touch,
    look,
    named,
    show_as,
    stored,
    toast,
)
from tests.browser.conftest import Ear, Window
from tests.browser.hands import Finger, Hand, Keys, Mouse, by_each
from tests.browser.pages import overflow
from tests.factories import make_event

DAY = "/calendar/?view=day&date=2026-11-26"
COLOURS = {"In progress": "blue", "Not done": "black", "Done": "green", "Planned": "red"}


def edge_colour(thing: Locator) -> str:
    """The colour that an eye sees at the edge where reading begins."""
    text = thing.evaluate("one => getComputedStyle(one).borderInlineStartColor")
    rgb = [int(part) for part in text.removeprefix("rgb(").removesuffix(")").split(",")]
    if max(rgb) - min(rgb) < 30:
        return "black" if max(rgb) < 80 else "grey"
    return ("red", "green", "blue")[rgb.index(max(rgb))]


def is_before(one: Locator, other: Locator, *, mirrored: bool) -> bool:
    """Beside each other, the first where reading begins."""
    first, second = box(one), box(other)
    if mirrored:
        first, second = second, first
    return first["x"] + first["width"] <= second["x"] + 5


@by_each(Mouse("he"), Keys("en"), Finger("he"))
def test_what_is_nobody_s_yet_is_taken_and_its_colour_says_how_far_it_is(
    window: Window, alice: User, bob: User, team: Team, hand: Hand
) -> None:
    start = "2026-11-26 08:00"  # high up on a phone, where no note lies over it
    event = make_event("Mend the boiler", owner=None, team=team, actor=bob, start=start)
    page = hand.open(window, alice, DAY)
    thing = item(page, event)
    expect(thing).to_contain_text(hand.says("Nobody has taken it"))
    expect(thing).to_have_css("border-inline-start-style", "dashed")
    look(hand, thing)
    take = page.locator("#calendar-peek").get_by_role("button", name=hand.says("Take"), exact=True)
    hand.press(take)
    expect(thing).to_have_css("border-inline-start-style", "solid")
    expect(thing).not_to_contain_text(hand.says("Nobody has taken it"))
    assert Activity.objects.get().owner == alice

    for way, (name, colour) in enumerate(COLOURS.items()):
        show_as(hand, thing, named(name), way)
        expect(thing).to_have_accessible_name(re.compile(f", {hand.says(named(name))}, "))
        assert edge_colour(thing) == colour
    assert overflow(page) == []


@by_each(Keys("he"), Finger("en"))
def test_without_a_mouse_it_is_copied_given_away_and_moved(
    window: Window, alice: User, bob: User, hand: Hand, ear: Ear
) -> None:
    """The dialog does what dragging does."""
    ear.expect()  # 409: it would meet the first
    Calendar.objects.create(user=bob).grants.create(user=alice, level="edit")
    event = make_event("Visit", actor=alice)
    page = hand.open(window, alice, f"{DAY}&group=people&who={alice.pk},{bob.pk}")
    columns, dialog = page.locator(".cal-column"), page.locator("#calendar-move")
    WAYS[hand.name][-1 if hand.name == "finger" else 0](hand, item(page, event))
    hand.press(page.locator("#calendar-menu .menu-item", has_text=hand.says("Copy…")))
    expect(
        dialog.get_by_label(hand.says("Make a copy and leave this one where it is"))
    ).to_be_checked()
    dialog.locator("[name=from_time]").fill("10:30")
    hand.press(dialog.locator("button[value=yes]"))
    hand.press(page.locator("#confirm button[value=yes]"))
    expect(columns.nth(0).locator(".cal-item")).to_have_count(2)
    copy = Activity.objects.exclude(pk=event.pk).get()
    assert is_before(item(page, event), item(page, copy), mirrored=hand.is_mirrored)

    look(hand, item(page, copy))
    move = page.locator("#calendar-peek").get_by_role("button", name=hand.says("Move…"))
    hand.press(move)
    dialog.locator("[name=person]").select_option(label="Bob Rossi")
    hand.press(dialog.locator("button[value=yes]"))
    expect(columns.nth(1)).to_contain_text("Visit")
    assert Activity.objects.get(pk=copy.pk).owner == bob
    assert stored(copy) == ("2026-11-26 10:30", "2026-11-26 11:30")
    assert overflow(page) == []


def test_a_finger_that_stays_drags_the_thing_and_its_lower_edge(
    window: Window, alice: User
) -> None:
    hand = Finger("he")
    event = make_event("Visit", actor=alice)
    page = hand.open(window, alice, DAY)
    at = box(item(page, event))
    long_touch(page, at["x"] + 60, at["y"] + 10, dy=HOUR)
    toast(page)
    assert stored(event) == ("2026-11-26 11:00", "2026-11-26 12:00")
    at = box(item(page, event))
    long_touch(page, at["x"] + 60, at["y"] + at["height"] - 6, dy=HOUR / 2)
    toast(page, "12:30")
    assert stored(event) == ("2026-11-26 11:00", "2026-11-26 12:30")


def test_ctrl_shows_a_plus_and_nothing_is_shorter_than_half_an_hour(
    window: Window, alice: User
) -> None:
    event = make_event("Visit", actor=alice)
    page = Mouse("he").open(window, alice, DAY)
    thing, plus = item(page, event), page.locator(".cal-plus")
    at = box(thing)
    x, y = at["x"] + 60, at["y"] + at["height"] - 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 1.5 * HOUR, steps=4)
    page.mouse.up()
    toast(page)
    assert stored(event) == ("2026-11-26 10:00", "2026-11-26 10:30")

    y = box(thing)["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + HOUR, steps=4)
    expect(plus).to_be_hidden()
    page.keyboard.down("Control")
    expect(plus).to_have_text("+")
    page.keyboard.up("Control")
    expect(plus).to_be_hidden()
    page.mouse.up()
    toast(page, "11:00")
    assert stored(event) == ("2026-11-26 11:00", "2026-11-26 11:30")

    y = box(thing)["y"] + 10
    page.mouse.move(x, y)
    page.keyboard.down("Control")  # only while it begins
    page.mouse.down()
    page.mouse.move(x, y + 30, steps=2)
    page.keyboard.up("Control")
    page.mouse.move(x, y + HOUR, steps=2)
    expect(plus).to_have_text("+")
    page.mouse.up()
    toast(page, "12:00")
    copy = Activity.objects.exclude(pk=event.pk).get()
    assert stored(copy) == ("2026-11-26 12:00", "2026-11-26 12:30")
    assert stored(event) == ("2026-11-26 11:00", "2026-11-26 11:30")
