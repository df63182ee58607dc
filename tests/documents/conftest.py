"""Files in a folder of the test's own; tasks are noted, not sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.documents.actions import add_document
from crm.documents.models import Document
from tests.documents import samples

Keep = Callable[..., Document]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Woken tasks are noted instead of sent: tests run them themselves."""
    woken: list[tuple[str, Any]] = []

    def send_task(name: str, args: Any = (), **_options: Any) -> None:
        woken.append((name, args))

    monkeypatch.setattr("crm.ui.wake.current_app.send_task", send_task)
    return woken


@pytest.fixture
def keep(company: Contact, alice: User) -> Keep:
    def keep_file(data: bytes = samples.TEXT, name: str = "canary.txt") -> Document:
        return add_document(company, SimpleUploadedFile(name, data), actor=alice)

    return keep_file


@pytest.fixture
def stored(files: Path) -> Callable[[], list[Path]]:
    return lambda: [path for path in files.rglob("*") if path.is_file()]
