"""Asked of any page: axe, no sideways scroll, targets for a thumb, whole words, whole names."""

import re
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Request

MOMENT, CALM = 40, 3  # ms, and how many of them
AXE = Axe().axe_script
# axe fetches style sheets anew for one experimental rule that is off; our policy would complain.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}
# What may differ in the dark; all other rules ask about what is the same in both lights.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
IN_LIGHT = """async (theme) => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important }");
  document.adoptedStyleSheets = [still];
  document.documentElement.dataset.theme = theme;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = (one) => one.effect.getComputedTiming().endTime !== Infinity;
  await Promise.all(
    document.getAnimations().filter(ends).map((one) => one.finished.catch(() => 0)));
}"""
SMALL = """() => {
  const wanted = "a.button, button, summary, select, .chip, .menu-item, .tabs a, .chip-x, "
    + "input:not([type=hidden], [type=checkbox], [type=radio], [type=file])";
  const seen = (one) => one.checkVisibility({checkVisibilityCSS: true, checkOpacity: true})
    && !one.closest("dialog:not([open])");
  return [...document.querySelectorAll(wanted)].filter(seen).flatMap((one) => {
    const box = (one.closest(".picker") && one.matches("input") ? one.closest(".picker") : one)
      .getBoundingClientRect();
    const fits = box.width >= 43.5 && box.height >= 43.5;
    return fits || !box.width ? [] : [`${Math.round(box.width)}×${Math.round(box.height)} `
      + one.outerHTML.slice(0, 120)];
  });
}"""
CUT = """() => [...document.querySelectorAll(
  "h1, h2, .button, .menu-item, .chip, .tabs a, th, .field > label, .status, .row-title")]
  .filter((one) => one.checkVisibility() && one.clientWidth
    && ![one, one.closest("thead"), one.closest(".visually-hidden")]
      .some((part) => part && getComputedStyle(part).clipPath !== "none"))
  .filter((one) => getComputedStyle(one).overflowX !== "visible"
    && one.scrollWidth > one.clientWidth + 1 && !one.title)
  .map((one) => one.outerHTML.slice(0, 140))"""
BARE = """() => [...document.querySelectorAll(".row-title, .code, .person, td.first a")]
  .filter((one) => /[A-Za-z]{2}/.test(one.textContent)
    && !one.matches("bdi") && !one.querySelector("bdi"))
  .map((one) => one.outerHTML.slice(0, 140))"""


class UnderWay:
    """Requests of a browser that have no answer yet. Its own word for that, "networkidle", waits
    for half a second, once a page."""

    of: ClassVar[WeakKeyDictionary[BrowserContext, "UnderWay"]] = WeakKeyDictionary()

    def __init__(self, context: BrowserContext) -> None:
        self.of[context] = self
        self.number = 0
        context.on("request", self._ask)
        context.on("requestfinished", self._end)
        context.on("requestfailed", self._end)

    def _ask(self, _request: Request) -> None:
        self.number += 1

    def _end(self, _request: Request) -> None:
        self.number -= 1


def settle(page: Page) -> None:
    """What htmx brings by itself has come."""
    page.wait_for_load_state()
    under_way, calm = UnderWay.of[page.context], 0
    while calm < CALM:
        page.wait_for_timeout(MOMENT)
        calm = 0 if under_way.number else calm + 1


def serious(page: Page, **options: Any) -> list[str]:
    """axe, every rule where `options` say nothing else; what it calls serious or critical."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Of all it answers only this is brought here: the rest takes as long as the looking.
    found = page.evaluate(
        "async (options) => (await axe.run(document, options)).violations", OPTIONS | options
    )
    return [
        f"{page.url} {one['impact']} {one['id']}: {node['html'][:160]} {_why(node)}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def _why(node: dict[str, Any]) -> str:
    return " ".join(check["message"] for check in [*node["any"], *node["all"]])[:200]


def in_both_lights(page: Page) -> list[str]:
    settle(page)
    found = []
    for theme, options in {"light": {}, "dark": COLOURS}.items():
        page.evaluate(IN_LIGHT, theme)
        found += [f"{theme}: {line}" for line in serious(page, **options)]
    return found


def overflow(page: Page) -> list[str]:
    """The page is wider than the screen: what sticks out."""
    settle(page)
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{page.url} is {wide} wide on {screen}"] if wide > screen else []


def small_targets(page: Page) -> list[str]:
    return [f"{page.url} {line}" for line in page.evaluate(SMALL)]


def cut_words(page: Page) -> list[str]:
    return [f"{page.url} {line}" for line in page.evaluate(CUT)]


def bare_names(page: Page) -> list[str]:
    """Names that would pull a right-to-left line apart."""
    return [f"{page.url} {line}" for line in page.evaluate(BARE)]


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)
