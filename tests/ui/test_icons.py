"""Every icon a page names is in the sprite."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))


def used() -> dict[str, str]:
    found = {}
    for page in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r'{% icon "([\w-]+)"', page.read_text()):
            found[name] = str(page.relative_to(ROOT))
    for module in (ROOT / "crm").rglob("*.py"):
        for name in re.findall(r'\bicon\w*\s*[:=]\s*(?:str = )?"([\w-]+)"', module.read_text()):
            found[name] = str(module.relative_to(ROOT))
    return found


def test_every_icon_named_is_in_the_sprite() -> None:
    assert {name: page for name, page in used().items() if name not in SPRITE} == {}
