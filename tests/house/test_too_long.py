"""A form that is too large to be read is told so; nothing is said about a server error."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.contacts.models import Contact

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]


@pytest.fixture
def small(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 30


@pytest.mark.parametrize("name", ["contact_edit", "entry_create"])
@pytest.mark.parametrize(
    "data", [{"text": "x" * 30_000}, {f"field{number}": "x" for number in range(40)}]
)
@pytest.mark.parametrize("kind", ["plain", "multipart"])
@pytest.mark.usefixtures("small")
def test_it_is_told(
    as_: Enter, company: Contact, name: str, data: dict[str, str], kind: str
) -> None:
    place = [company.pk] if name == "contact_edit" else ["contact", company.pk]
    how = {"content_type": "application/x-www-form-urlencoded"} if kind == "plain" else {}
    sent: Any = "&".join(f"{key}={value}" for key, value in data.items()) if how else data
    url, client = reverse(name, args=place), as_("alice")
    answer = client.post(url, sent, **how)
    assert answer.status_code == 413
    assert "This is too long" in answer.content.decode()
    quiet = client.post(url, sent, **how, headers={"HX-Request": "true"})
    assert quiet.status_code == 413
    assert "too long" in quiet["HX-Trigger"]


def test_what_cannot_be_understood_is_still_a_400(client: Client) -> None:
    assert client.get("/", headers={"Host": "not a host"}).status_code == 400


@pytest.mark.usefixtures("small")
def test_the_browser_knows_the_limit(as_: Enter) -> None:
    page = as_("alice").get(reverse("company_create")).content.decode()
    assert 'data-most-bytes="20000"' in page
    assert 'maxlength="100000"' in page
