"""The same deeds by mouse, by keys alone, and by finger on a phone of 360 × 760 (B49).

What is but pressed is pressed by keys and by finger: where a tap goes, a click does. The mouse is
asked where it does something else: a right click, a double one, a drag."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Locator, Page, expect

from crm.accounts.models import Organisation, User
from tests.browser.conftest import PHONE

SUNDAY = 7
SUNDAY_TO_THURSDAY = [1, 2, 3, 4, 7]


@dataclass(frozen=True)
class Hand(ABC):
    """Of somebody who reads `language`; from right to left their week begins on Sunday."""

    language: str
    name: ClassVar[str]
    screen: ClassVar[dict[str, Any]] = {}

    @property
    def is_mirrored(self) -> bool:
        return self.language == "he"

    def open(self, window: Callable[..., Page], user: User, at: str) -> Page:
        user.language = self.language
        if self.is_mirrored:
            user.working_days = SUNDAY_TO_THURSDAY
            Organisation(working_days=SUNDAY_TO_THURSDAY, first_day=SUNDAY).save()
        user.save()
        return window(user, at, **self.screen)

    def says(self, words: Any, context: str = "") -> str:
        """What the page calls it; of a row of a list, its name."""
        with override(self.language):
            if not isinstance(words, str):
                return str(words)
            return pgettext(context, words) if context else gettext(words)

    @abstractmethod
    def press(self, part: Locator) -> None:
        """As this hand presses a button, a link or a field."""

    def tick(self, part: Locator) -> None:
        self.press(part)

    def save(self, page: Page) -> None:
        self.press(page.locator("[data-save]"))

    def pick(self, field: Locator, name: str, words: str = "") -> None:
        """What a type-ahead field offers first, for `words` or for nothing."""
        self.press(field)
        if words:
            field.fill(words)
        first = offered(field)
        expect(first).to_contain_text(name)
        self.press(first)

    def menu(self, summary: Locator, line: Any) -> None:
        """A menu's line, by what it says."""
        self.press(summary)
        panel = summary.locator("xpath=../*[contains(@class, 'menu-panel')]")
        self.press(panel.locator(".menu-item:visible", has_text=self.says(line)).first)


class Mouse(Hand):
    name = "mouse"

    def press(self, part: Locator) -> None:
        part.click()


class Finger(Hand):
    name = "finger"
    screen = PHONE

    def press(self, part: Locator) -> None:
        part.tap()


class Keys(Hand):
    """Only what Tab comes to is pressed."""

    name = "keys"

    def press(self, part: Locator) -> None:
        self._come(part)
        part.press("Enter")

    def tick(self, part: Locator) -> None:
        self._come(part)
        part.press("Space")

    def save(self, page: Page) -> None:
        page.keyboard.press("Control+s")

    def pick(self, field: Locator, name: str, words: str = "") -> None:
        self._come(field)
        if words:
            field.press_sequentially(words)
        else:
            field.press("ArrowDown")
        first = offered(field)
        expect(first).to_contain_text(name)
        expect(first).to_have_attribute("aria-selected", "true")
        field.press("Enter")

    @staticmethod
    def _come(part: Locator) -> None:
        expect(part).to_be_visible()
        assert part.evaluate("one => one.tabIndex") >= 0, "Tab does not come here"
        part.focus()
        expect(part).to_be_focused()


def offered(field: Locator) -> Locator:
    return field.page.locator(".picker-list:visible [role=option]").first


def by_each(*hands: Hand) -> Any:
    names = [f"{one.name}-{one.language}" for one in hands]
    return pytest.mark.parametrize("hand", hands, ids=names)
