"""A real SMTP server that can be told to misbehave, and people to write to."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from crm.accounts.models import Role, Team, User
from crm.contacts.models import Contact
from tests.factories import make_company, make_user


class Post:
    """The post office: keeps what it takes, refuses and hangs as told."""

    def __init__(self) -> None:
        self.taken: list[Parsed] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuses: dict[str, str] = {}
        self.data_answer = ""
        self.hang = 0.0
        self.connections = 0
        self.after_taking: Callable[[], None] | None = None
        self.port = _free_port()
        self._controller: Controller | None = None

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, name: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data_answer:
            return self.data_answer
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, Parsed)
        self.taken.append(parsed)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.after_taking:
            self.after_taking()
        if self.hang:
            await asyncio.sleep(self.hang)
        return "250 OK"

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def shut(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(autouse=True)
def outbox_backend(settings: Any) -> None:
    settings.EMAIL_BACKEND = "crm.mail.backend.OutboxBackend"
    settings.SITE_URL = "https://crm.example.com"


@contextmanager
def open_office(settings: Any) -> Iterator[Post]:
    """Where the outbox delivers to meanwhile."""
    office = Post()
    settings.DELIVERY_EMAIL = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": office.port,
        "EMAIL_TIMEOUT": 2,
    }
    office.open()
    yield office
    office.shut()


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with open_office(settings) as office:
        yield office


@pytest.fixture
def colleague_of(colleague: Role, team: Team) -> Callable[..., User]:
    """More people of Alice's and Bob's team."""

    def make(username: str, **fields: Any) -> User:
        return make_user(username, role="colleague", teams=[team], **fields)

    return make


@pytest.fixture
def company_of(alice: User, team: Team) -> Callable[[str], Contact]:
    """More companies of Alice's, which her team sees."""
    return lambda name: make_company(name, owner=alice, team=team, actor=alice)
