"""Local clocks, working time in zones that change them, and public holidays (E1, E2)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.hours import Hours, Span, holidays_of, working_spans
from activities.recurrence import Freq, Rule, instant_of, local_of, next_dates

ROME, NEW_YORK = ZoneInfo("Europe/Rome"), ZoneInfo("America/New_York")
WEEKDAYS, ALL_DAYS = frozenset(range(1, 6)), frozenset(range(1, 8))
HOUR = dt.timedelta(hours=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+00:00")


def hours(starts: str, ends: str, zone: ZoneInfo = ROME, days: frozenset[int] = ALL_DAYS) -> Hours:
    return Hours(days, dt.time.fromisoformat(starts), dt.time.fromisoformat(ends), zone)


def lengths(of: Hours, since: str, before: str) -> list[float]:
    spans = working_spans(of, day(since), day(before), ())
    return [(span.end - span.start) / HOUR for span in spans]


# --- clocks --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zone", "clock", "shown", "instant_text"),
    [
        ("Europe/Rome", "2027-03-28T02:30", "2027-03-28T03:30", "2027-03-28T01:30"),
        ("Europe/Rome", "2027-10-31T02:30", "2027-10-31T02:30", "2027-10-31T00:30"),
        ("Europe/Bucharest", "2027-03-28T03:30", "2027-03-28T04:30", "2027-03-28T01:30"),
        ("Europe/Bucharest", "2027-10-31T03:30", "2027-10-31T03:30", "2027-10-31T00:30"),
        ("Asia/Jerusalem", "2027-03-26T02:15", "2027-03-26T03:15", "2027-03-26T00:15"),
        ("Asia/Jerusalem", "2027-10-31T01:30", "2027-10-31T01:30", "2027-10-30T22:30"),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T03:30", "2027-03-14T07:30"),
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T01:30", "2027-11-07T05:30"),
        ("Australia/Lord_Howe", "2027-10-03T02:10", "2027-10-03T02:40", "2027-10-02T15:40"),
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-04T01:45", "2027-04-03T14:45"),
        ("Asia/Kathmandu", "2027-01-01T00:00", "2027-01-01T00:00", "2026-12-31T18:15"),
    ],
)
def test_a_gap_moves_forward_and_of_two_the_first_is_meant(
    zone: str, clock: str, shown: str, instant_text: str
) -> None:
    place, wanted = ZoneInfo(zone), dt.datetime.fromisoformat(clock)
    instant = instant_of(wanted.date(), wanted.time().replace(fold=1), place)
    assert instant == utc(instant_text)
    assert instant.tzinfo is dt.UTC
    assert dt.datetime.combine(*local_of(instant, place)) == dt.datetime.fromisoformat(shown)


@pytest.mark.parametrize("zone", [ROME, NEW_YORK])
def test_a_series_stays_at_its_local_time_when_clocks_change(zone: ZoneInfo) -> None:
    days = next_dates(Rule(Freq.WEEKLY), dt.date(2027, 1, 6), 52)
    shown = [local_of(instant_of(date, dt.time(10), zone), zone) for date in days]
    assert shown == [(date, dt.time(10)) for date in days]
    in_utc = {instant_of(date, dt.time(10), zone).hour for date in days}
    assert len(in_utc) == 2


@settings(deadline=None)
@given(st.dates(dt.date(1, 1, 1)), st.times(), st.sampled_from([ROME, NEW_YORK]))
def test_any_time_of_any_date_is_an_instant(date: dt.date, clock: dt.time, zone: ZoneInfo) -> None:
    local_of(instant_of(date, clock, zone), zone)


# --- working time --------------------------------------------------------------------------------
def test_a_week_of_work_is_in_utc_and_without_days_off() -> None:
    week = hours("09:00", "18:00", days=WEEKDAYS)
    spans = working_spans(week, day("2027-03-26"), day("2027-03-31"), {day("2027-03-29")})
    assert spans == [
        Span(utc("2027-03-26T08:00"), utc("2027-03-26T17:00")),
        Span(utc("2027-03-30T07:00"), utc("2027-03-30T16:00")),  # the clocks were put forward
    ]
    assert all(span.start.tzinfo is dt.UTC for span in spans)


def test_the_work_week_may_begin_on_sunday() -> None:
    jerusalem = hours("08:00", "17:00", ZoneInfo("Asia/Jerusalem"), frozenset({7, 1, 2, 3, 4}))
    spans = working_spans(jerusalem, day("2027-01-01"), day("2027-01-08"), ())
    assert [span.start.isoweekday() for span in spans] == [7, 1, 2, 3, 4]


def test_a_night_on_which_the_clocks_change_is_shorter_or_longer() -> None:
    night = hours("22:00", "06:00")
    assert lengths(night, "2027-03-26", "2027-03-29") == [8, 7, 8]
    assert lengths(night, "2027-10-29", "2027-11-01") == [8, 9, 8]
    assert lengths(hours("00:00", "00:00"), "2027-03-27", "2027-03-30") == [24, 23, 24]


def test_hours_that_a_spring_night_leaves_out_are_no_work() -> None:
    assert lengths(hours("02:00", "03:00"), "2027-03-27", "2027-03-30") == [1, 1]


def test_there_is_no_work_in_no_time_nor_after_the_end_of_the_calendar() -> None:
    assert lengths(hours("09:00", "18:00"), "2027-03-27", "2027-03-27") == []
    assert lengths(hours("09:00", "18:00"), "2027-03-27", "2027-01-01") == []
    end = working_spans(hours("22:00", "06:00"), dt.date.max, dt.date.max, ())
    assert end == []


# --- holidays ------------------------------------------------------------------------------------
def test_holidays_have_the_readers_words_where_there_are_any() -> None:
    christmas, after = day("2027-12-25"), day("2027-12-26")
    assert holidays_of(["IT"], christmas, after, "it") == {christmas: ["Natale"]}
    assert holidays_of(["it"], christmas, after, "en") == {christmas: ["Christmas Day"]}
    assert holidays_of(["IT"], christmas, after, "he") == {christmas: ["Natale"]}
    kippur = day("2027-10-11")
    assert holidays_of(["IL"], kippur, day("2027-10-12"), "he") == {kippur: ["יום כיפור"]}


def test_holidays_of_several_countries_are_together_and_each_name_once() -> None:
    found = holidays_of(["IT", "RO", "IT"], day("2026-12-24"), day("2027-01-03"), "en")
    assert found[day("2026-12-25")] == ["Christmas Day"]
    assert found[day("2027-01-02")] == ["New Year's Day"]  # of Romania alone
    assert list(found) == sorted(found)
    assert min(found) >= day("2026-12-24")


@pytest.mark.parametrize("country", ["XX", "", "registry", "__name__"])
def test_an_unknown_country_has_no_holidays(country: str) -> None:
    assert holidays_of([country], day("2027-01-01"), day("2028-01-01"), "en") == {}
