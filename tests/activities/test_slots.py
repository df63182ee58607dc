"""The slot finder: when everybody is free, on whole steps of the clock, over several days (E7)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.hours import Hours, Span, working_spans
from activities.slots import common, free, merged, slots

MIDNIGHT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)  # a Monday
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
LONG = 90 * MINUTE


def span(start: float, end: float) -> Span:
    """Of hours from that Monday's midnight on."""
    return Span(MIDNIGHT + start * HOUR, MIDNIGHT + end * HOUR)


def hours_of(spans: list[Span]) -> list[tuple[float, float]]:
    return [((one.start - MIDNIGHT) / HOUR, (one.end - MIDNIGHT) / HOUR) for one in spans]


def starts(spans: list[Span]) -> list[float]:
    return [start for start, _end in hours_of(spans)]


def days_of_work(count: int) -> list[Span]:
    return [span(24 * place + 9, 24 * place + 18) for place in range(count)]


def test_what_touches_is_one_and_what_is_empty_is_none() -> None:
    spans = [span(11, 12), span(10, 11), span(14, 14), span(15, 17), span(15.5, 16), span(9, 8)]
    assert hours_of(merged(spans)) == [(10, 12), (15, 17)]


def test_free_is_work_without_what_is_busy() -> None:
    work = [span(9, 13), span(14, 18)]
    assert free(work, []) == work
    busy = [span(8, 9), span(10, 11), span(11, 11.5), span(12.5, 15), span(18, 20)]
    assert hours_of(free(work, busy)) == [(9, 10), (11.5, 12.5), (15, 18)]
    assert free(work, [span(0, 24)]) == []
    assert free([], busy) == []


def test_common_is_what_all_share_and_nothing_of_nobody() -> None:
    assert hours_of(common([[span(9, 12), span(14, 18)], [span(11, 15)], [span(0, 24)]])) == [
        (11, 12), (14, 15),
    ]  # fmt: skip
    assert common([[span(9, 10)], [span(10, 11)]]) == []
    assert common([]) == []


SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 30)).map(
        lambda pair: Span(MIDNIGHT + pair[0] * MINUTE, MIDNIGHT + sum(pair) * MINUTE)
    ),
    max_size=8,
)


def minutes(spans: list[Span]) -> set[int]:
    return {
        minute
        for start, end in spans
        for minute in range((start - MIDNIGHT) // MINUTE, (end - MIDNIGHT) // MINUTE)
    }


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SPANS, SPANS)
def test_free_common_and_merged_are_right_for_each_minute(one: list[Span], two: list[Span]) -> None:
    assert minutes(merged(one)) == minutes(one)
    assert minutes(free(one, two)) == minutes(one) - minutes(two)
    assert minutes(common([one, two])) == minutes(one) & minutes(two)
    for spans in (merged(one), free(one, two), common([one, two])):
        assert merged(spans) == spans  # in order, and none beside another


def test_the_next_ninety_minutes_when_three_are_free() -> None:
    work = days_of_work(2)
    people = [
        (work, [span(9, 11), span(16, 18)]),
        (work, [span(12.25, 14)]),
        (work, [span(14, 14.25)]),
    ]
    found = slots(people, length=LONG, since=MIDNIGHT)
    assert hours_of(found) == [(14.5, 16), (33, 34.5), (33.5, 35), (34, 35.5)]


def test_a_slot_may_begin_when_something_ends_and_end_when_something_begins() -> None:
    people = [(days_of_work(1), [span(9, 10), span(11, 18)])]
    assert hours_of(slots(people, length=HOUR, since=MIDNIGHT)) == [(10, 11)]
    assert slots(people, length=HOUR + MINUTE, since=MIDNIGHT) == []


def test_of_a_day_there_are_three_and_of_all_no_more_than_asked() -> None:
    people = [(days_of_work(9), [])]
    found = slots(people, length=HOUR, since=MIDNIGHT)
    assert starts(found) == [9, 9.5, 10, 33, 33.5, 34, 57, 57.5, 58, 81]
    assert slots(people, length=HOUR, since=MIDNIGHT, limit=2) == found[:2]
    always = [([span(0, 24 * 365)], [])]
    assert starts(slots(always, length=HOUR, since=MIDNIGHT, limit=5)) == [0, 0.5, 1, 24, 24.5]


def test_nothing_begins_before_now() -> None:
    people = [(days_of_work(1), [])]
    now = MIDNIGHT + 9 * HOUR + MINUTE
    assert starts(slots(people, length=HOUR, since=now))[0] == 9.5
    assert starts(slots(people, length=HOUR, since=now, step=15 * MINUTE))[0] == 9.25
    rome = now.astimezone(ZoneInfo("Europe/Rome"))
    assert starts(slots(people, length=HOUR, since=rome))[0] == 9.5


@pytest.mark.parametrize("name", ["Asia/Kathmandu", "Asia/Kolkata", "Pacific/Chatham"])
def test_half_hours_are_those_of_the_readers_clock(name: str) -> None:
    zone = ZoneInfo(name)
    hours = Hours(frozenset(range(1, 6)), dt.time(9, 10), dt.time(18), zone)
    work = working_spans(hours, dt.date(2027, 3, 1), dt.date(2027, 3, 6), ())
    found = slots([(work, [])], length=LONG, since=MIDNIGHT - 24 * HOUR, zone=zone)
    shown = [one.start.astimezone(zone) for one in found]
    assert [f"{moment:%a %H:%M}" for moment in shown[2:5]] == [
        "Mon 10:30",
        "Tue 09:30",
        "Tue 10:00",
    ]
    assert all(one.start.tzinfo is dt.UTC for one in found)


def test_slots_of_a_day_on_which_the_clocks_change_are_as_long_as_the_others() -> None:
    rome = ZoneInfo("Europe/Rome")
    night = Hours(frozenset({6}), dt.time(22), dt.time(6), rome)
    work = working_spans(night, dt.date(2027, 3, 27), dt.date(2027, 3, 28), ())
    found = slots([(work, [])], length=LONG, since=MIDNIGHT, zone=rome)
    shown = [f"{one.start.astimezone(rome):%H:%M}" for one in found]
    assert shown == ["22:00", "22:30", "23:00", "00:00", "00:30", "01:00"]
    assert {one.end - one.start for one in found} == {LONG}


def test_nobody_is_never_free_and_nothing_takes_no_time() -> None:
    assert slots([], length=HOUR, since=MIDNIGHT) == []
    for wrong in ({"length": 0 * HOUR}, {"length": HOUR, "step": -HOUR}):
        with pytest.raises(ValueError, match="longer than nothing"):
            slots([(days_of_work(1), [])], since=MIDNIGHT, **wrong)
