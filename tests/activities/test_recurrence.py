"""The dates of a series count from its first, in RFC 5545 and in words (E1, E2, B7, B8)."""

import datetime as dt
import sys
from dataclasses import replace
from types import FrameType

import pytest
from dateutil.rrule import rrulestr
from django.utils import translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from activities.recurrence import (
    By,
    Freq,
    MonthEnd,
    Rule,
    described,
    following,
    is_on,
    last_date,
    next_dates,
    occurrences,
    until_before,
)

DAILY, WEEKLY, MONTHLY, YEARLY = (Rule(freq) for freq in Freq)
SUNDAYS = Rule(Freq.WEEKLY, weekdays=(2, 7), week_start=7)
SKIP, LAST = MonthEnd.SKIP, MonthEnd.LAST
DAY = dt.timedelta(1)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def dates(rule: Rule, first: str, count: int) -> list[str]:
    return [str(date) for date in next_dates(rule, day(first), count)]


def within(rule: Rule, first: dt.date, since: dt.date, before: dt.date) -> list[dt.date]:
    return list(occurrences(rule, first, since=since, before=before))


# --- which dates ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        (MONTHLY, "2027-01-31", "2027-01-31 2027-02-28 2027-03-31 2027-04-30 2027-05-31"),
        (replace(MONTHLY, interval=3), "2027-11-30", "2027-11-30 2028-02-29 2028-05-30"),
        (YEARLY, "2024-02-29", "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        (replace(MONTHLY, month_end=SKIP), "2027-01-31", "2027-01-31 2027-03-31 2027-05-31"),
        (replace(YEARLY, month_end=SKIP), "2096-02-29", "2096-02-29 2104-02-29 2108-02-29"),
        (replace(YEARLY, month_end=LAST), "2027-02-28", "2027-02-28 2028-02-29 2029-02-28"),
        (replace(MONTHLY, by=By.WEEKDAY, nth=-1), "2027-04-30", "2027-04-30 2027-05-28 2027-06-25"),
        (replace(YEARLY, by=By.WEEKDAY, nth=-1), "2027-05-28", "2027-05-28 2028-05-26 2029-05-25"),
        (Rule(Freq.WEEKLY, weekdays=(4, 1)), "2027-03-04", "2027-03-04 2027-03-08 2027-03-11"),
        # RFC 5545 itself has the next two: the week start tells which weeks are the second ones.
        (Rule(Freq.WEEKLY, 2, (2, 7)), "1997-08-05", "1997-08-05 1997-08-10 1997-08-19"),
        (replace(SUNDAYS, interval=2), "1997-08-05", "1997-08-05 1997-08-17 1997-08-19"),
        (replace(DAILY, interval=10), "2027-12-25", "2027-12-25 2028-01-04 2028-01-14"),
    ],
)
def test_each_date_counts_from_the_first(rule: Rule, first: str, expected: str) -> None:
    assert dates(rule, first, len(expected.split())) == expected.split()


def test_a_start_that_is_no_date_of_the_rule_moves_to_the_first_that_is() -> None:
    wednesday, late = day("2027-03-03"), day("2027-03-25")
    assert Rule(Freq.WEEKLY, weekdays=(1,)).starts(wednesday) == day("2027-03-08")
    assert Rule(Freq.WEEKLY, interval=2, weekdays=(1,)).starts(wednesday) == day("2027-03-15")
    assert replace(MONTHLY, by=By.WEEKDAY, nth=2).starts(late) == day("2027-04-08")
    assert replace(MONTHLY, month_end=LAST).starts(late) == day("2027-03-31")
    assert replace(MONTHLY, until=wednesday).starts(late) == late


def test_a_rule_that_never_gives_a_date_ends() -> None:
    never = Rule(Freq.MONTHLY, interval=12, month_end=SKIP, month_day=31)
    april = day("2027-04-10")
    assert next_dates(never, april, 3) == []
    assert last_date(replace(never, count=2), april) is None
    assert not is_on(never, april, april)
    with pytest.raises(ValueError, match="no date"):
        never.starts(april)


@pytest.mark.parametrize("first", [dt.date.max, dt.date.max - DAY, dt.date(9999, 12, 1)])
@pytest.mark.parametrize("rule", [DAILY, WEEKLY, MONTHLY, YEARLY, Rule(Freq.WEEKLY, 1, (1, 5))])
def test_the_end_of_the_calendar_ends_a_series(rule: Rule, first: dt.date) -> None:
    found = next_dates(rule, first, 40)
    assert 0 < len(found) < 40
    assert next_dates(replace(rule, count=40), first, 40) == found
    assert last_date(replace(rule, count=40), first) is None
    assert last_date(replace(rule, until=dt.date.max), first) == found[-1]


def test_the_beginning_of_the_calendar_does_not_hurt() -> None:
    assert within(WEEKLY, dt.date.min, dt.date.min, dt.date.min) == []
    assert dates(SUNDAYS, "0001-01-01", 2) == ["0001-01-02", "0001-01-07"]
    assert until_before(DAILY, dt.date.min, dt.date.min) is None


# --- rules of any kind, compared with another reading of RFC 5545 --------------------------------
FIRSTS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)) | st.sampled_from(
    [dt.date(2024, 2, 29), dt.date(2027, 1, 31), dt.date(2096, 2, 29), dt.date(2026, 11, 30)]
)


MONTHS, ANY_NTH = st.sampled_from([Freq.MONTHLY, Freq.YEARLY]), st.sampled_from([1, 2, 3, 4, -1])
KINDS = (
    st.just(DAILY)
    | st.builds(Rule, st.just(Freq.WEEKLY), weekdays=st.sets(st.integers(1, 7)))
    | st.builds(Rule, MONTHS, month_end=st.sampled_from(MonthEnd))
    | st.builds(Rule, MONTHS, by=st.just(By.WEEKDAY), nth=ANY_NTH)
)
UNTIL, COUNT = st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 300)
ENDS = st.just({}) | st.builds(dict, until=UNTIL) | st.builds(dict, count=COUNT)
OTHERS = st.builds(dict, interval=st.integers(1, 30), week_start=st.sampled_from([1, 7]))
RULES = st.builds(lambda rule, end, other: replace(rule, **end, **other), KINDS, ENDS, OTHERS)


@unhurried
@given(RULES, FIRSTS, st.integers(-400, 20_000), st.integers(1, 800))
def test_any_window_of_any_rule_is_what_others_read(
    rule: Rule, first: dt.date, gone: int, length: int
) -> None:
    since = first + gone * DAY
    before = since + length * DAY
    found = within(rule, first, since, before)
    other = rrulestr(rule.text(first), dtstart=dt.datetime.combine(first, dt.time()))
    ends = (dt.datetime.combine(date, dt.time()) for date in (since, before - DAY))
    assert found == [moment.date() for moment in other.between(*ends, inc=True)]
    assert all(is_on(rule, first, date) for date in found)
    assert next_dates(rule, first, len(found), since) == found


@unhurried
@given(RULES, FIRSTS)
def test_what_is_written_is_read_as_it_was(rule: Rule, first: dt.date) -> None:
    assert Rule.read(rule.text(first), first) == rule
    assert Rule.read(f"RRULE:{rule.text(first).lower()}", first) == rule


@unhurried
@given(RULES, FIRSTS, st.integers(0, 60))
def test_a_series_that_is_split_has_the_same_dates(rule: Rule, first: dt.date, place: int) -> None:
    whole = next_dates(rule, first, 80)
    assume(place < len(whole))
    split = whole[place]
    before, rest = until_before(rule, first, split), following(rule, first, split)
    start = next_dates(before, first, 80) if before else []
    assert start == whole[:place]
    assert next_dates(rest, split, 80 - place) == whole[place:]
    assert Rule.read(rest.text(split), split) == rest


@unhurried
@given(RULES, FIRSTS)
def test_the_last_date_is_the_last(rule: Rule, first: dt.date) -> None:
    last = last_date(rule, first)
    found = within(rule, first, first, dt.date.max) if last else []
    assert last == (found[-1] if found else rule.until)
    assert last or not rule.until


@unhurried
@given(st.integers(1, 40), st.integers(27, 31), FIRSTS, st.integers(1, 400))
def test_months_that_have_the_day_are_counted_as_they_come(
    interval: int, month_day: int, first: dt.date, number: int
) -> None:
    rule = Rule(Freq.MONTHLY, interval, month_end=SKIP, month_day=month_day)
    found = next_dates(rule, first, number)
    assert last_date(replace(rule, count=number), first) == (found[-1] if found else None)


def calls_for_a_week(rule: Rule, first: str) -> int:
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        found = within(rule, day(first), day("2027-01-25"), day("2027-02-01"))
    finally:
        sys.setprofile(None)
    assert found
    return calls


@pytest.mark.parametrize(
    "rule",
    [
        DAILY, WEEKLY, MONTHLY, YEARLY,
        replace(DAILY, count=90_000), replace(SUNDAYS, count=30_000), replace(YEARLY, count=300),
        replace(MONTHLY, month_end=SKIP, count=2000),
    ],
)  # fmt: skip
def test_two_hundred_years_of_dates_are_not_walked_through(rule: Rule) -> None:
    assert calls_for_a_week(rule, "1827-01-31") <= 1.2 * calls_for_a_week(rule, "2026-01-31")


def test_the_text_is_what_calendars_understand() -> None:
    last_of_month, leap_day = day("2027-01-31"), day("2028-02-29")
    assert MONTHLY.text(last_of_month) == "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"
    assert YEARLY.text(leap_day) == "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"
    assert replace(MONTHLY, month_end=LAST).text(last_of_month) == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert replace(MONTHLY, month_end=SKIP).text(last_of_month) == "FREQ=MONTHLY;BYMONTHDAY=31"
    assert SUNDAYS.text(last_of_month) == "FREQ=WEEKLY;BYDAY=TU,SU;WKST=SU"


@pytest.mark.parametrize(
    "text",
    [
        "", "FREQ", "FREQ=HOURLY", "INTERVAL=2", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=x", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=2;UNTIL=20280101",
        "FREQ=DAILY;UNTIL=20280101T090000Z", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;WKST=TU",
        "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=5MO", "FREQ=MONTHLY;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=2TU",  # the first date is a Friday
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "FREQ=YEARLY;BYMONTHDAY=1", "FREQ=YEARLY;BYYEARDAY=1",
    ],
)  # fmt: skip
def test_what_no_rule_can_say_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{text}: .+"):
        Rule.read(text, day("2027-01-01"))


def test_a_bare_month_skips_as_the_standard_says() -> None:
    assert dates(Rule.read("FREQ=MONTHLY", day("2027-01-31")), "2027-01-31", 2)[1] == "2027-03-31"
    rule = Rule.read("FREQ=YEARLY;BYMONTH=2", day("2024-02-29"))
    assert dates(rule, "2024-02-29", 2)[1] == "2028-02-29"


@pytest.mark.parametrize("name", ["interval", "count", "nth", "week_start", "month_day"])
def test_a_rule_that_makes_no_sense_cannot_be_made(name: str) -> None:
    with pytest.raises(ValueError, match=" "):
        replace(MONTHLY, **{name: -2})
    with pytest.raises(ValueError, match="weekdays"):
        replace(MONTHLY, weekdays=(1,))
    with pytest.raises(ValueError, match="ends"):
        replace(MONTHLY, count=1, until=day("2027-01-01"))


def test_the_rest_of_a_series_of_the_31st_goes_back_to_the_31st() -> None:
    rest = following(replace(MONTHLY, count=5), day("2027-01-31"), day("2027-02-28"))
    assert (rest.count, rest.month_day) == (4, 31)
    assert dates(rest, "2027-02-28", 9) == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    with pytest.raises(ValueError, match="not in the series"):
        following(MONTHLY, day("2027-01-31"), day("2027-02-27"))


def test_the_part_before_a_day_is_never_longer_than_the_series_was() -> None:
    rule, first = replace(DAILY, count=3), day("2027-01-01")
    assert until_before(rule, first, day("2027-02-01")) == replace(DAILY, until=day("2027-01-03"))
    assert until_before(rule, first, first) is None


@pytest.mark.parametrize(
    ("text", "first", "words"),
    [
        ("DAILY", "2027-01-01", "Every day"),
        ("DAILY;INTERVAL=3;COUNT=1", "2027-01-01", "Every 3 days, once"),
        ("WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20270303", "2027-01-04",
         "Every 2 weeks on Monday and Thursday, until 3 March 2027"),
        ("WEEKLY;BYDAY=MO,TU,SU;WKST=SU", "2027-01-04", "Every week on Sunday, Monday and Tuesday"),
        ("MONTHLY;BYMONTHDAY=5", "2027-01-05", "Every month on day 5"),
        ("MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2027-01-31",
         "Every month on day 31, or on the last day of shorter months"),
        ("MONTHLY;INTERVAL=2;BYMONTHDAY=31", "2027-01-31",
         "Every 2 months on day 31, not in shorter months"),
        ("MONTHLY;BYMONTHDAY=-1", "2027-01-31", "Every month on the last day"),
        ("MONTHLY;BYDAY=1SU", "2027-01-03", "Every month on the first Sunday"),
        ("MONTHLY;BYDAY=3SA", "2027-01-16", "Every month on the third Saturday"),
        ("YEARLY;BYMONTH=5;BYDAY=-1FR;COUNT=10", "2027-05-28",
         "Every year on the last Friday of May, 10 times"),
        ("YEARLY", "2027-05-28", "Every year on 28 May"),
        ("YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29",
         "Every year on 29 February, not in shorter years"),
        ("YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2028-02-29",
         "Every year on 29 February, or on the last day of February in shorter years"),
        ("YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2027-02-28", "Every year on the last day of February"),
    ],
)  # fmt: skip
def test_a_rule_says_itself_as_text_and_in_words(text: str, first: str, words: str) -> None:
    rule = Rule.read(f"FREQ={text}", day(first))
    assert rule.text(day(first)) == f"FREQ={text}"
    with translation.override("en"):
        assert described(rule, day(first)) == words


@pytest.mark.parametrize("language", ["it", "ro", "he"])
@unhurried
@given(RULES, FIRSTS)
def test_every_rule_has_words_in_every_language(language: str, rule: Rule, first: dt.date) -> None:
    with translation.override(language):
        assert "%(" not in described(rule, first)
