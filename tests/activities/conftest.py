"""Calendars are read on a fixed day: Thursday 26 November 2026, 09:00 in Rome."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from activities.models import Activity
from activities.reading import Asked, Item, read_calendars
from activities.sharing import levels_for, members_of_teams
from crm.accounts.models import User

ROME = ZoneInfo("Europe/Rome")
Read = Callable[..., list[Item]]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 11, 26, 9, tzinfo=ROME), tick=False) as moved:
        yield moved


@pytest.fixture
def read(db: None) -> Read:
    """`read(reader, "2026-11-23", "2026-11-30", of=[alice])`: the items of these days."""

    def reading(
        reader: User, since: str, before: str, *, of: list[User] | None = None, **more: Any
    ) -> list[Item]:
        reader = User.objects.get(pk=reader.pk)
        asked = Asked(
            reader=reader,
            since=dt.date.fromisoformat(since),
            before=dt.date.fromisoformat(before),
            zone=more.pop("zone", reader.tz),
            people=[person.pk for person in (of or [reader])],
            members=members_of_teams(),
            **more,
        )
        return read_calendars(asked, levels_for(reader)).items

    return reading


def fresh(activity: Activity) -> Activity:
    found: Activity = Activity.objects.get(pk=activity.pk)
    return found
