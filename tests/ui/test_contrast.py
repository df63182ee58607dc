"""Every text colour of the tokens reaches 4.5:1 on every ground it is used on."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
CATEGORIES = ("planned", "active", "waiting", "done", "not-done", "off")
INKS = ("ink", "ink-2", "ink-3", "accent-text")
PAIRS = [
    *((ink, ground) for ink in INKS for ground in ("paper", "surface", "sunken")),
    *((ink, "accent-soft") for ink in ("ink", "ink-2", "accent-text")),
    *((name, f"{name}-soft") for name in CATEGORIES),
    *((name, ground) for name in ("planned", "done") for ground in ("paper", "surface")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *(("on-color", f"c{number}") for number in range(1, 9)),
]


def block(start: str) -> dict[str, str]:
    body = CSS.split(start, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body))


LIGHT = block(":root {")
DARK = LIGHT | block(":root[data-theme=dark] {")
AUTO = LIGHT | block(":root:not([data-theme=light]) {")


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(theme: dict[str, str], ink: str, ground: str) -> None:
    dark, light = sorted((luminance(theme[ink]), luminance(theme[ground])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_device_s_dark_is_the_chosen_dark() -> None:
    assert AUTO == DARK


def test_colours_are_named_in_the_tokens_only() -> None:
    for sheet in (Path(__file__).parents[2] / "static/css").glob("*.css"):
        if sheet.name != "tokens.css":
            found = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", sheet.read_text())
            assert [color for color in found if color != "#ffffff"] == [], sheet.name


def test_places_are_named_along_the_line_of_reading() -> None:
    sides = "(left|right|top|bottom)"
    physical = re.compile(rf"(?<![\w-])((margin|padding|border)-{sides}|(left|right)):")
    for sheet in (Path(__file__).parents[2] / "static/css").glob("*.css"):
        assert not physical.search(sheet.read_text()), sheet.name
