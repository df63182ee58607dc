"""A visit that is reminded of."""

from typing import Any

import pytest

from activities.models import Activity
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.models import Notification
from tests.activities.reminders.reminding import wanting
from tests.factories import make_event


@pytest.fixture
def own_address(settings: Any) -> None:
    settings.SITE_URL = "https://crm.example.com"


@pytest.fixture
def visit(alice: User, bob: User, company: Contact) -> Activity:
    """Today from ten to eleven, with a reminder at half past nine."""
    event = make_event(
        "Visit F.I.A.T.",
        owner=alice,
        participants=[bob],
        customer=company,
        place="Via Nizza 250",
        actor=alice,
    )
    Notification.objects.all().delete()  # that it was made is told elsewhere
    return wanting(event, 30)
