"""Hands on the calendar: its things, where they are, and what dragging does to them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from activities.models import Activity, catalog
from tests.browser.hands import Hand

TODAY = dt.datetime.now(ZoneInfo("Europe/Rome")).date()  # where those of the tests live
HOUR = 60  # pixels of an hour, as many as its minutes


def named(name: str, *, is_task: bool = False) -> Any:
    """A type or a status, by its English name."""
    rows = [*catalog().types.values(), *catalog().statuses.values()]
    return next(row for row in rows if row.name_en == name and row.fits(is_task=is_task))


def item(page: Page, activity: Activity, on: str = "") -> Locator:
    key = f"{activity.pk}/{on}" if on else str(activity.pk)
    return page.locator(f'.cal-item[data-key="{key}"]').first


def box(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None
    return dict(found)


def drag(page: Page, part: Locator, dx: float, dy: float, key: str = "") -> None:
    """From near its upper edge; with a key held down."""
    at = box(part)
    x, y = at["x"] + at["width"] / 2, at["y"] + 10
    page.mouse.move(x, y)
    if key:
        page.keyboard.down(key)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2, steps=4)
    page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def stored(activity: Activity) -> tuple[str, str]:
    now = Activity.objects.get(pk=activity.pk)
    return (f"{now.starts_on} {now.start_time:%H:%M}", f"{now.ends_on} {now.end_time:%H:%M}")


def toast(page: Page, said: str = "") -> None:
    """The last one of the calendar; and everything is where it is now."""
    expect(page.locator("#toasts [data-toast]")).to_have_count(1)
    expect(page.locator("#toasts [data-toast]")).to_contain_text(said)
    expect(page.locator(".is-preview")).to_have_count(0)


# --- by finger ------------------------------------------------------------------------------------
def long_touch(page: Page, x: float, y: float, dx: float = 0, dy: float = 0) -> None:
    """The finger stays until what it touches is lifted, and then drags it; as a phone tells it."""
    wire = page.context.new_cdp_session(page)

    def touch(what: str, *points: tuple[float, float]) -> None:
        places = [{"x": at[0], "y": at[1]} for at in points]
        wire.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": places})

    touch("touchStart", (x, y))
    expect(page.locator("html.is-dragging")).to_be_attached()
    for part in (0.3, 0.6, 1) if dx or dy else ():
        touch("touchMove", (x + dx * part, y + dy * part))
    touch("touchEnd")
    wire.detach()


# --- the menus of a place and of a thing ----------------------------------------------------------
def ask_at(hand: Hand, column: Locator, hour: int) -> None:
    """What an empty hour offers: by right click, by a walk of the place with keys from nine
    o'clock in the first column, by a long touch."""
    if hand.name == "mouse":
        column.click(button="right", position={"x": 40, "y": hour * HOUR + 10})
    elif hand.name == "keys":
        keys = column.page.keyboard
        column.page.locator(".cal-slot").focus()
        for _column in range(int(column.get_attribute("data-column") or 0)):
            keys.press("ArrowLeft" if hand.is_mirrored else "ArrowRight")
        for _half in range(2 * (hour - 9)):
            keys.press("ArrowDown")
        keys.press("Shift+F10")
    else:
        at = box(column)
        long_touch(column.page, at["x"] + at["width"] / 2, at["y"] + hour * HOUR + 10)


def right_click(_hand: Hand, thing: Locator) -> None:
    thing.click(button="right")


def arrow_button(_hand: Hand, thing: Locator) -> None:
    thing.hover()
    thing.locator(".cal-arrow").click()


def menu_key(_hand: Hand, thing: Locator) -> None:
    thing.focus()
    thing.press("Shift+F10")


def long_tap(_hand: Hand, thing: Locator) -> None:
    at = box(thing)
    long_touch(thing.page, at["x"] + at["width"] / 2, at["y"] + 10)


def look(hand: Hand, thing: Locator) -> None:
    """What a click, a tap or Enter opens."""
    if hand.name == "keys":
        thing.focus()
        thing.press("Enter")
    else:
        hand.press(thing)


def look_first(hand: Hand, thing: Locator) -> None:
    look(hand, thing)
    peek = thing.page.locator("#calendar-peek")
    hand.press(peek.get_by_role("button", name=hand.says("Show as"), exact=True))


WAYS = {
    "mouse": (right_click, arrow_button, look_first),
    "keys": (menu_key, look_first),
    "finger": (look_first, long_tap),
}


def show_as(hand: Hand, thing: Locator, status: Any, way: int = 0) -> None:
    """F2.39: right click or arrow button, and what stands for them without a mouse."""
    ways = WAYS[hand.name]
    ways[way % len(ways)](hand, thing)
    line = thing.page.get_by_text(hand.says(status), exact=True)
    hand.press(thing.page.locator("#calendar-menu button.menu-item", has=line))
