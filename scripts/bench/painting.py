"""The calendar in Chromium: how soon it is seen, and how soon a drop is saved."""

import datetime as dt
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import FloatRect, Locator, Page, sync_playwright

from bench.client import SIGN_IN
from bench.pages import PASSWORD

CHROMIUM = "/usr/bin/chromium"
TIMES = 15
MOST_PAINT, MOST_DROP = 1.0, 0.15  # s, of the medians
# `seen`: a picture with the first things in it has been handed over; `whole`: the last one was put
# in its place. Both in ms since the navigation began.
WATCH = """
  new MutationObserver((changes) => {
    const isItem = (node) => node.matches?.(".cal-item") || node.querySelector?.(".cal-item");
    if (!changes.some(({ addedNodes }) => [...addedNodes].some(isItem))) return;
    window.whole = performance.now();
    if (window.isWatched) return;
    window.isWatched = true;
    requestAnimationFrame(() => setTimeout(() => { window.seen = performance.now(); }));
  }).observe(document, { childList: true, subtree: true });
  addEventListener("pointerup", ({ timeStamp }) => { window.dropped = timeStamp; }, true);
"""
IS_SAVED = """() => performance.getEntriesByType("resource")
  .some(({ name, responseEnd }) => name.endsWith("/move/") && responseEnd > window.dropped)"""
SAVED = """() => performance.getEntriesByType("resource")
  .findLast(({ name }) => name.endsWith("/move/")).responseEnd - window.dropped"""


@dataclass(frozen=True)
class Seen:
    what: str
    seconds: list[float]
    most: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def failures(self) -> list[str]:
        if self.most is None or self.median <= self.most:
            return []
        return [f"{self.what}: {1000 * self.median:.0f} ms, {1000 * self.most:.0f} allowed"]

    def __str__(self) -> str:
        return f"  {self.what:<40}{1000 * self.median:8.0f} ms  most {1000 * max(self.seconds):.0f}"


def measure(port: int, username: str, who: str) -> list[Seen]:
    addresses = {
        "own week": "/calendar/?view=week&group=date&who=",
        "everybody's week by person": f"/calendar/?view=week&group=people&who={who}",
        "everybody's week by date": f"/calendar/?view=week&group=date&who={who}",
        "everybody's month": f"/calendar/?view=month&group=date&who={who}",
    }
    found = []
    with signed_in(port, username) as page:
        for name, address in addresses.items():
            first, whole = zip(*(paint(page, address) for _time in range(TIMES)), strict=True)
            most = MOST_PAINT if "week" in name else None
            found.append(Seen(f"calendar: {name}: seen", list(first), most))
            found.append(Seen(f"calendar: {name}: whole", list(whole)))
        found.append(Seen("calendar: from drop to saved", list(drops(page)), MOST_DROP))
    return found


@contextmanager
def signed_in(port: int, username: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}",
            viewport={"width": 1440, "height": 1700},
            locale="en",
            bypass_csp=True,  # it keeps us from asking the page, too
        )
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(SIGN_IN)
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda address: SIGN_IN not in address)
        try:
            yield page
        finally:
            browser.close()


def paint(page: Page, address: str) -> tuple[float, float]:
    page.goto(address)
    page.wait_for_function("window.seen && performance.now() > window.whole + 500")
    return page.evaluate("window.seen") / 1000, page.evaluate("window.whole") / 1000


def drops(page: Page) -> Iterator[float]:
    """One thing of tomorrow, dragged to five and to six in the morning, where nothing else is."""
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    page.goto(f"/calendar/?view=day&group=date&who=&date={tomorrow}")
    single = page.locator(".cal-pieces .cal-item.is-movable:not(:has(svg))").first
    item = page.locator(f'.cal-item[data-key="{single.get_attribute("data-key")}"]')
    page.evaluate("document.querySelector('.cal-grid').scrollTop = 0")
    is_at_five = abs(top_of(page, 5) - box_of(item)["y"]) < 10  # where the run before left it
    for time in range(TIMES):
        yield dropped(page, item, hour=5 + (time + is_at_five) % 2)


def box_of(item: Locator) -> FloatRect:
    box = item.bounding_box()
    assert box
    return box


def top_of(page: Page, hour: int) -> float:
    column = box_of(page.locator(".cal-column"))
    return column["y"] + column["height"] * hour / 24


def dropped(page: Page, item: Locator, hour: int) -> float:
    box = box_of(item)
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    to = top_of(page, hour) + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, (y + to) / 2, steps=4)
    page.mouse.move(x, to, steps=4)
    with page.expect_response(lambda answer: "/calendar/feed/" in answer.url):
        page.mouse.up()
    page.wait_for_function("!document.querySelector('.cal-item.is-held')")
    page.wait_for_function(IS_SAVED)
    return page.evaluate(SAVED) / 1000
