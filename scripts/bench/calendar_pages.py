"""The calendar and the list of activities, of a manager who sees everybody's."""

import datetime as dt
from typing import Any

from bench.client import Answer, Browser
from bench.databases import Stock
from bench.events import MANAGER, everybody
from bench.pages import Page, opening

CALENDAR = "calendar"  # how the names of all these begin
FEED = "/calendar/feed/"
KIB = 1024
LISTS = {
    "calendar: activities and e-mails": "stream/",
    "calendar: with e-mails by words": "stream/?q=visit",
    "calendar: with e-mails of a customer": "stream/?customer=77",
    "calendar: with e-mails of a colleague": "stream/?person={other}&since=2026-01-01",
    "calendar: list": "",
    "calendar: list of all": "?tab=all",
    "calendar: list of the overdue": "?tab=overdue",
    "calendar: list of mine": "?tab=coming&mine=on",
    "calendar: list of my teams": "?tab=coming&my_teams=on",
    "calendar: list of this week": "?tab=all&when=week&open=on",
    "calendar: list of a customer": "?tab=all&customer=77",
    "calendar: list of a colleague": "?tab=all&owner={other}",
    "calendar: search with many hits": "?tab=all&q=visit",
    "calendar: search for a number": "?tab=all&q=12345",
    "calendar: search for nothing": "?tab=all&q=zzyzxq",
}


def calendar_pages(cursor: Any, stock: Stock) -> list[Page]:
    facts = Samples(cursor)
    who = everybody(cursor)
    week, month = f"{FEED}?view=week&who={who}", f"{FEED}?view=month&who={who}"
    lists = {name: f"/activities/{query}" for name, query in LISTS.items()}
    feed: dict[str, Any] = {"is_data": True, "most_statements": 6, "most_ratio": 3.0}
    return [
        Page("calendar: own week", opening("/calendar/?view=week&who="), most_statements=6),
        Page("calendar: own month", opening("/calendar/?view=month&who="), most_statements=6),
        Page("calendar: everybody's week", opening(week), most_bytes=300 * KIB, **feed),
        Page("calendar: everybody's month", opening(month), most_bytes=150 * KIB, **feed),
        Page("calendar: nothing new", Looking(week), status=204, most_statements=6),
        Page("calendar: a move", Moving(facts, 0), crowd=lambda place: Moving(facts, 1 + place)),
        Page(
            "calendar: a card", opening(f"/activities/{facts.movable[-1][0]}/"), most_statements=12
        ),
        Page("calendar: a form", opening("/activities/event/new/")),
        *(
            Page(
                name,
                opening(address.format(other=who.rpartition(",")[2])),
                most_statements=8,
                most_bytes=60 * KIB,
            )
            for name, address in lists.items()
        ),
    ]


class Looking:
    """What an open calendar does every 20 seconds: it asks whether there is anything new."""

    def __init__(self, address: str) -> None:
        self.address, self.stamp = address, ""

    def __call__(self, browser: Browser, ask: bool) -> Answer:
        if not self.stamp:
            self.stamp = browser.get(self.address).json["stamp"]
        return browser.get(f"{self.address}&stamp={self.stamp}", ask=ask)


class Moving:
    """Half an hour down and up again, as after a drop: each time it is saved."""

    def __init__(self, facts: "Samples", place: int) -> None:
        self.pk, self.starts_at, self.version = facts.movable[place]
        self.is_down = False

    def __call__(self, browser: Browser, ask: bool) -> Answer:
        self.is_down = not self.is_down
        start = self.starts_at + dt.timedelta(minutes=30 * self.is_down)
        fields = {
            "version": str(self.version),
            "start": start.isoformat()[:16],
            "end": (start + dt.timedelta(hours=1)).isoformat()[:16],
            "all_day": "0",
            "sure": "1",  # of these 200,000 many meet one another
        }
        answer = browser.post(
            f"/activities/{self.pk}/move/", [*fields.items()], ask=ask, is_data=True
        )
        self.version = answer.json["version"]
        return answer


class Samples:
    def __init__(self, cursor: Any) -> None:
        cursor.execute(
            """SELECT activity.id, starts_on + start_time, version
            FROM activities_activity AS activity
            JOIN accounts_user AS owner ON owner.id = owner_id AND username = %s
            WHERE rule = '' AND NOT activity.is_restricted AND activity.trashed_at IS NULL
              AND starts_on > CURRENT_DATE
            ORDER BY activity.id LIMIT 20""",
            [MANAGER],
        )
        # Key, start on its own clock and version.
        self.movable: list[tuple[int, dt.datetime, int]] = cursor.fetchall()
