"""Chromium against a live server: people with windows of their own, and an ear on the console."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebError,
    expect,
)

from crm.accounts.models import User
from tests.browser.pages import UnderWay

PHONE = {"viewport": {"width": 360, "height": 760}, "has_touch": True, "is_mobile": True}
# The browser itself notes every answer of 400 and more; a test that wants one says so.
REFUSED = r"status of (403|404|409|422)"


# Only a failing test waits this long; a busy machine needs it now and then.
PATIENCE = 20_000  # ms
MOMENT = 0.05  # s
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(autouse=True)
def _house(settings: Any, live_server: Any) -> None:
    """No limits, links that lead back here."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.EMAIL_BACKEND = "crm.mail.backend.OutboxBackend"
    settings.SITE_URL = live_server.url
    ContentType.objects.clear_cache()


class Ear:
    """Hears what the browser complains of; what a test did not expect fails it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def expect(self, pattern: str = REFUSED) -> None:
        self.expected.append(pattern)

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.heard.append(f"{message.type} {message.location.get('url', '')}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.heard.append(f"exception: {error.error}")

    @property
    def unexpected(self) -> list[str]:
        return [
            line
            for line in self.heard
            if not any(re.search(pattern, line) for pattern in self.expected)
        ]


@pytest.fixture
def ear() -> Iterator[Ear]:
    listener = Ear()
    yield listener
    assert listener.unexpected == []


class Traffic:
    """Requests that the server is answering: a page asks for its panels by itself, and a database
    that is emptied under them ends in a deadlock."""

    def __init__(self) -> None:
        self.number, self.changed = 0, threading.Condition()

    def _come(self, **_facts: Any) -> None:
        self._add(1)

    def _go(self, **_facts: Any) -> None:
        self._add(-1)

    def _add(self, difference: int) -> None:
        with self.changed:
            self.number += difference
            self.changed.notify_all()

    def calm_down(self) -> None:
        """Wait until nothing was under way for a moment: one may just have been accepted."""
        end = time.monotonic() + PATIENCE / 1000
        with self.changed:
            while self.number > 0 or self.changed.wait(MOMENT):
                if time.monotonic() > end:
                    raise TimeoutError(f"{self.number} requests are still being answered")
                if self.number > 0:
                    self.changed.wait(MOMENT)


@pytest.fixture
def traffic(live_server: Any) -> Iterator[Traffic]:
    counted = Traffic()
    request_started.connect(counted._come)
    request_finished.connect(counted._go)
    yield counted
    request_started.disconnect(counted._come)
    request_finished.disconnect(counted._go)


Window = Callable[..., Page]


@pytest.fixture
def window(browser: Browser, live_server: Any, ear: Ear, traffic: Traffic) -> Iterator[Window]:
    """`window(alice)` is a page of a browser of her own, already signed in; nobody: signed out."""
    contexts: list[BrowserContext] = []

    def enter(user: User | None = None, at: str = "", **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | options
        context = browser.new_context(base_url=live_server.url, locale="en-GB", **options)
        context.set_default_timeout(PATIENCE)
        ear.listen(context)
        UnderWay(context)
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user)
            name = django_settings.SESSION_COOKIE_NAME
            value = client.cookies[name].value
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        if at:
            page.goto(at)
        return page

    yield enter
    for context in contexts:
        context.close()
    traffic.calm_down()
