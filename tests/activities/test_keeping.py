"""Time passes: series are shown where their next date is."""

import datetime as dt
from typing import Any

import pytest

from activities.models import Activity, Booking, catalog
from activities.tasks import move_series_on
from crm.accounts.models import User
from tests.activities.conftest import fresh
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def test_a_series_moves_on_in_lists_and_nobody_changed_it(alice: User, clock: Any) -> None:
    series = make_event(
        "Weekly", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO"
    )
    before = fresh(series)
    assert before.starts_at.date() == dt.date(2026, 11, 30)
    clock.shift(dt.timedelta(days=5))
    move_series_on()
    move_series_on()
    now = fresh(series)
    assert now.starts_at.date() == dt.date(2026, 12, 7)
    assert (now.version, now.updated_at) == (before.version, before.updated_at)


def test_a_series_that_has_ended_stays_where_it_was_last(alice: User, clock: Any) -> None:
    series = make_event(
        "Twice", actor=alice, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO;COUNT=2"
    )
    clock.shift(dt.timedelta(days=60))
    move_series_on()
    assert fresh(series).starts_at.date() == dt.date(2026, 11, 30)


def test_the_coming_year_is_booked_as_it_comes(alice: User, clock: Any) -> None:
    blocking = next(row for row in catalog().types.values() if row.overlap == "block")
    make_event(
        "Visit", actor=alice, type=blocking, start="2026-11-23 10:00", rule="FREQ=WEEKLY;BYDAY=MO"
    )
    clock.shift(dt.timedelta(days=70))
    move_series_on()
    last = max(row.span.upper for row in Booking.objects.all())
    assert last > dt.datetime(2028, 1, 20, tzinfo=dt.UTC)
    assert Activity.objects.count() == 1
