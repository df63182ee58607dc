"""Hands on the calendar: its things, where they are, and what dragging does to them."""

from playwright.sync_api import Locator, Page, expect

from activities.models import Activity

HOUR = 60  # pixels of an hour, as many as its minutes


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


def toast(page: Page, n: int = 1) -> None:
    """And everything is where it is now."""
    expect(page.locator("#toasts [data-toast]")).to_have_count(n)
    expect(page.locator(".is-preview")).to_have_count(0)
