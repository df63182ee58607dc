"""Several kinds in one statement: the rows are what the ORM would have brought."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Window
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.together import read_together
from tests.factories import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(kinds: Any, request: pytest.FixtureRequest) -> Any:
    alice: User = request.getfixturevalue("alice")
    company = make_company("F.I.A.T.", aliases=["FIAT"], actor=alice, owner=alice)
    return kinds.make_offer(
        amount="31480.50", won_on=dt.date(2026, 11, 22), scores=[1, {"a": None}],
        owner=alice, customer=company,
    )  # fmt: skip


def test_every_column_comes_as_the_orm_brings_it(offer: Any) -> None:
    model = type(offer)
    with CaptureQueriesContext(connection) as caught:
        found = read_together({"offers": model.objects.all(), "contacts": Contact.objects.all()})
    assert len(caught) == 1
    for rows in found.values():
        (row,) = rows
        plain = type(row).objects.get(pk=row.pk)
        deferred = row.get_deferred_fields()
        assert deferred <= {"search", "near"}
        for field in row._meta.concrete_fields:
            if field.attname not in deferred:
                assert getattr(row, field.attname) == getattr(plain, field.attname), field
    assert found["offers"][0].amount == Decimal("31480.50")
    assert found["contacts"][0].search  # read when somebody asks for it


def test_order_limit_and_annotations_are_the_querysets_own(alice: User) -> None:
    for number in range(5):
        make_company(f"Firm {number}", actor=alice, owner=alice)
    rows = Contact.objects.annotate(found=Window(Count("pk"))).order_by("-sort_name")[:2]
    nothing = Contact.objects.none()
    found = read_together({"last": rows, "none": nothing, "again": Contact.objects.order_by("pk")})
    assert [(str(row), row.found) for row in found["last"]] == [("Firm 4", 5), ("Firm 3", 5)]
    assert found["none"] == []
    assert [str(row) for row in found["again"]] == [f"Firm {number}" for number in range(5)]
    assert read_together({"none": nothing}) == {"none": []}
