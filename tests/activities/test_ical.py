"""The form of calendars for other programs (RFC 5545)."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from activities.ical import Entry, Moment, Person, calendar_of, uid_of
from activities.vtimezone import vtimezone
from tests.activities.calendars import line, part, parts

NOW = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)
ZONES = ["Europe/Rome", "Europe/Bucharest", "Asia/Jerusalem", "America/New_York"]
ODD_ZONES = [
    *("Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo", "America/Santiago"),
    *("America/Nuuk", "Europe/Dublin", "Asia/Kolkata", "Asia/Tehran", "Pacific/Apia"),
]


def at(text: str, zone: str = "Europe/Rome") -> Moment:
    day, _, time = text.partition(" ")
    clock = dt.time.fromisoformat(time) if time else None
    return Moment(dt.date.fromisoformat(day), clock, zone)


def entry(start: str = "2026-11-26 10:00", end: str = "", **facts: Any) -> Entry:
    zone = facts.pop("zone", "Europe/Rome")
    first = at(start, zone)
    last = at(end, zone) if end else first
    usual: dict[str, Any] = {
        "uid": uid_of("a"),
        "sequence": 0,
        "changed_at": NOW,
        "stamped_at": NOW,
        "is_task": False,
        "start": first,
        "end": last,
        "subject": "Visit",
    }
    return Entry(**usual | facts)


def written(*entries: Entry, **options: Any) -> Any:
    return part(calendar_of(entries, **options), entries[0].subject)


# --- zones ---------------------------------------------------------------------------------------
def changes_of(zone: ZoneInfo, year: int) -> list[dt.datetime]:
    """Half hours (UTC) after which the clocks are other ones."""
    half = dt.timedelta(minutes=30)
    moment, found = dt.datetime(year, 1, 1, tzinfo=dt.UTC), []
    while moment.year == year:
        after = moment + half
        if moment.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found.append(moment)
        moment = after
    return found


@pytest.mark.parametrize("key", [*ZONES, *ODD_ZONES])
@pytest.mark.parametrize("years", [(2009, 2010, 2012), (2026, 2027, 2033, 2055)])
def test_another_program_reads_the_same_clocks_out_of_a_zone(
    key: str, years: tuple[int, ...]
) -> None:
    """dateutil reads VTIMEZONE literally, whatever it knows of a zone of that name."""
    zone = ZoneInfo(key)
    text = vtimezone(key, years[0], 2026).to_ical().decode()
    read = tz.tzical(io.StringIO(text)).get(key)
    for year in years:
        moments = [dt.datetime(year, month, 15, 12, tzinfo=dt.UTC) for month in range(1, 13)]
        for change in changes_of(zone, year):
            moments += [change + dt.timedelta(hours=hours) for hours in range(-26, 27)]
        for moment in moments:
            local = moment.astimezone(zone)
            if local.fold or not tz.datetime_exists(local) or tz.datetime_ambiguous(local):
                continue
            wall = local.replace(tzinfo=None)
            assert read.utcoffset(wall) == local.utcoffset(), (moment, local)


@pytest.mark.parametrize("key", [*ZONES, *ODD_ZONES])
def test_clocks_change_at_the_instant_that_they_do(key: str) -> None:
    """An onset is told by the clock until then, which is what TZOFFSETFROM is for."""
    zone = Calendar.from_ical(calendar_of([entry("2026-03-01 10:00", zone=key)])).walk("VTIMEZONE")
    moments, _offsets = zone[0].get_transitions()
    half = dt.timedelta(minutes=30)
    for year in (2026, 2027, 2035):  # icalendar unfolds no further than 2037
        onsets = {one.replace(tzinfo=dt.UTC) for one in moments if one.year == year}
        assert onsets == {change + half for change in changes_of(ZoneInfo(key), year)}


def test_a_zone_with_one_rule_tells_it_without_end() -> None:
    text = vtimezone("Europe/Rome", 2026, 2026).to_ical().decode()
    assert "DTSTART:20250330T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in text
    assert "DTSTART:20251026T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in text


def test_only_the_zones_that_times_are_in_are_told_and_each_once() -> None:
    ics = calendar_of(
        [
            entry(),
            entry("2026-11-27 10:00"),
            entry(zone="Asia/Jerusalem"),
            entry(zone="UTC"),
            entry("2026-11-26", zone="America/New_York"),
        ]
    )
    assert [str(one["TZID"]) for one in parts(ics, "VTIMEZONE")] == [
        "Asia/Jerusalem",
        "Europe/Rome",
    ]


def test_a_zone_reaches_back_to_the_first_date_of_a_series() -> None:
    ics = calendar_of([entry("2005-07-01 10:00", rule="FREQ=YEARLY", zone="America/New_York")])
    (told,) = parts(ics, "VTIMEZONE")
    read = tz.tzical(io.StringIO(told.to_ical().decode())).get()
    # Until 2006 summer began in April.
    for year, hours in ((2006, -5), (2007, -4)):
        noon = dt.datetime(year, 3, 20, 12, tzinfo=read)
        assert noon.utcoffset() == dt.timedelta(hours=hours)


# --- times ---------------------------------------------------------------------------------------
def test_times_are_by_the_clock_of_the_zone() -> None:
    one = written(entry("2026-11-26 10:00", "2026-11-26 11:30"))
    assert (line(one, "DTSTART"), line(one, "DTEND")) == ("20261126T100000", "20261126T113000")
    assert one["DTSTART"].params["TZID"] == one["DTEND"].params["TZID"] == "Europe/Rome"


def test_whole_days_are_dates_and_the_end_is_the_day_after() -> None:
    one = written(entry("2026-12-24", "2026-12-26"))
    assert (line(one, "DTSTART"), line(one, "DTEND")) == ("20261224", "20261227")
    assert one["DTSTART"].params["VALUE"] == one["DTEND"].params["VALUE"] == "DATE"


def test_an_event_without_length_has_no_end() -> None:
    assert "DTEND" not in written(entry("2026-11-26 10:00", "2026-11-26 10:00"))
    # Spring makes its start a later one than its end.
    assert "DTEND" not in written(entry("2026-03-29 02:30", "2026-03-29 03:00"))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=9",
            "FREQ=WEEKLY;COUNT=9;INTERVAL=2;BYDAY=MO,TH",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        ),
        ("FREQ=MONTHLY;BYDAY=-1SA", "FREQ=MONTHLY;BYDAY=-1SA"),
        # The last one is at ten in Rome, in winter as in summer.
        ("FREQ=DAILY;UNTIL=20270131", "FREQ=DAILY;UNTIL=20270131T090000Z"),
        ("FREQ=DAILY;UNTIL=20260731", "FREQ=DAILY;UNTIL=20260731T080000Z"),
    ],
)
def test_rules_are_told_as_they_are_and_end_at_an_instant(rule: str, said: str) -> None:
    one = written(entry("2026-01-31 10:00", rule=rule))
    assert sorted(line(one, "RRULE").split(";")) == sorted(said.split(";"))


def test_rules_of_whole_days_end_on_a_date() -> None:
    one = written(entry("2026-01-31", rule="FREQ=DAILY;UNTIL=20270131"))
    assert "UNTIL=20270131" in line(one, "RRULE").split(";")


def test_dates_left_out_and_originals_are_told_like_the_start() -> None:
    days = (dt.date(2026, 11, 27), dt.date(2026, 11, 30))
    ics = calendar_of(
        [
            entry(rule="FREQ=DAILY", left_out=days),
            entry("2026-11-28 15:00", original=at("2026-11-27 10:00"), subject="Later"),
            entry("2026-11-26", rule="FREQ=DAILY", left_out=days, subject="Days"),
        ]
    )
    assert line(part(ics, "Visit"), "EXDATE") == "20261127T100000,20261130T100000"
    assert line(part(ics, "Days"), "EXDATE") == "20261127,20261130"
    assert b"EXDATE;TZID=Europe/Rome:20261127T100000" in ics
    assert b"EXDATE;VALUE=DATE:20261127" in ics
    assert b"RECURRENCE-ID;TZID=Europe/Rome:20261127T100000" in ics


# --- tasks ---------------------------------------------------------------------------------------
def task(start: str, due: str, **facts: Any) -> Entry:
    return replace(entry(start, due, **facts), is_task=True, start=at(start.split()[0]))


def test_a_task_is_due_on_a_day_or_at_a_time() -> None:
    one = written(task("2026-11-20", "2026-11-26"))
    assert (line(one, "DTSTART"), line(one, "DUE")) == ("20261120", "20261126")
    one = written(task("2026-11-20 00:00", "2026-11-26 17:00"))
    assert (line(one, "DTSTART"), line(one, "DUE")) == ("20261120T000000", "20261126T170000")


def test_a_series_of_tasks_counts_from_the_due_date() -> None:
    one = written(task("2026-11-20", "2026-11-26", rule="FREQ=WEEKLY;BYDAY=TH"))
    assert line(one, "DTSTART") == line(one, "DUE") == "20261126"


# --- reminders -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("made", "minutes", "said"),
    [
        (entry(), 30, "-PT30M"),
        (entry(), -15, "PT15M"),
        (entry(), 1440, "-P1D"),
        # Whole days are reminded of from nine o'clock on (E3).
        (entry("2026-11-26"), 0, "PT9H"),
        (entry("2026-11-26"), 1440, "-PT15H"),
        (task("2026-11-20", "2026-11-26"), 60, "PT8H"),
        (task("2026-11-20 00:00", "2026-11-26 17:00"), 60, "-PT1H"),
    ],
)
def test_reminders_ring_when_ours_do(made: Entry, minutes: int, said: str) -> None:
    (alarm,) = written(replace(made, reminders=(minutes,))).walk("VALARM")
    assert line(alarm, "TRIGGER") == said
    assert alarm["TRIGGER"].params.get("RELATED", "START") == ("END" if made.is_task else "START")
    assert (str(alarm["ACTION"]), str(alarm["DESCRIPTION"])) == ("DISPLAY", "Visit")


# --- text ----------------------------------------------------------------------------------------
HOSTILE = [
    "Visit\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    'a;b,c\\n\\d:e"f',
    "ביקור אצל הלקוח, קומה 3; דירה 4 " * 5,
    "🎉👩‍👩‍👧‍👦 " * 40,
    "\u2028DTSTART:19700101\u2029\x0b\x0c\x85\x07",
    "x" * 300,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_gets_out_of_its_line(text: str) -> None:
    one = entry(
        subject=text,
        place=text,
        text=text,
        category=text,
        organizer=Person(text, "g@example.com"),
        people=(Person(text, "b@example.com", "accepted"),),
        reminders=(5,),
    )
    ics = calendar_of([one, entry("2026-11-27 10:00", subject="Next")], name=text)
    assert all(len(row) <= 75 for row in ics.split(b"\r\n"))
    assert len(parts(ics)) == 2
    first = parts(ics)[0]
    said = "\n".join(text.split("\r\n"))
    for character in "\u2028\u2029\x0b\x0c\x85\x07":
        said = said.replace(character, " ")
    assert {str(first[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")} == {said}
    assert first["ORGANIZER"] == "mailto:g@example.com"
    assert first["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert line(first, "DTSTART") == "20261126T100000"


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
@example(r"C:\Notes, \new; \\N")
def test_any_text_comes_back(text: str) -> None:
    ics = calendar_of([entry(subject="Visit", text=text), entry("2026-11-27 10:00", subject="B")])
    assert [str(one["SUMMARY"]) for one in parts(ics)] == ["Visit", "B"]
    back = str(parts(ics)[0].get("DESCRIPTION", ""))
    assert [c for c in back if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_path_is_no_end_of_a_line_and_a_type_with_a_comma_one_type() -> None:
    ics = calendar_of([entry(text=r"C:\Notes", category="Visit, short")])
    assert rb"DESCRIPTION:C:\\Notes" in ics
    assert rb"CATEGORIES:Visit\, short" in ics


def test_a_feed_is_no_message_and_an_invitation_is_one() -> None:
    assert b"METHOD" not in calendar_of([entry()], name="Alice")
    ics = calendar_of([entry()], method="REQUEST")
    assert b"METHOD:REQUEST\r\n" in ics
    assert b"X-WR-CALNAME" not in ics
