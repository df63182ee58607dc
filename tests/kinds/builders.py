"""Visits and offers for tests, saved as the product saves."""

from typing import Any

from crm.records.actions import save_record
from tests.kinds.models import Offer, Visit


def make_visit(title: str = "A visit", **fields: Any) -> Visit:
    return save_record(Visit(title=title, **fields), actor=fields.get("owner"))


def make_offer(title: str = "An offer", **fields: Any) -> Offer:
    return save_record(Offer(title=title, **fields), actor=fields.get("owner"))
