"""Bringing companies and people in: what is made, what is matched, what is told (E6)."""

from typing import Any

import pytest

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.models import Event
from tests.exchange.importing import bring_in, check, counts, reasons, receive, run
from tests.factories import make_company

pytestmark = pytest.mark.django_db

FIRMS = "Company name,VAT id,City,Phone 1,E-mail 1\nRossi Srl,IT01234567890,Roma,06 1234567,info@rossi.example\nBianchi SpA,IT09876543210,Milano,02 7654321,info@bianchi.example\n"


def test_a_file_becomes_records_and_again_creates_nothing(alice: User) -> None:
    batch = bring_in(alice, FIRMS)
    assert counts(batch) == {"created": 2}
    rossi = Contact.objects.get(name="Rossi Srl")
    assert (rossi.number, rossi.city, rossi.phone) == ("C-00001", "Roma", "06 1234567")
    assert Event.objects.get(object_id=rossi.pk).verb == "imported"
    again = bring_in(alice, FIRMS)
    assert counts(again) == {"unchanged": 2}
    assert Contact.objects.count() == 2
