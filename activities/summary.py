"""A month of many people: how much there is, and the first of each day and group. The rest is asked
for when somebody looks at the day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from activities.models.timed import DAY
from activities.reading import Item

FIRST = 3
MANY = 5  # people; fewer are shown with everything they have
OTHERS = 0  # the group of who is in no team that is shown


def summed_up(
    items: Iterable[Item], groups: dict[int, int], since: dt.date, before: dt.date
) -> dict[str, Any]:
    """{day: {"count": n, "groups": [[team below zero, n, first items], …]}}; `groups` says in which
    team each person is counted. An item of several groups is in each of them, and counted once."""
    of_day: dict[str, dict[int, list[Item]]] = defaultdict(lambda: defaultdict(list))
    counts: dict[str, int] = defaultdict(int)
    for item in items:
        teams = {groups.get(key, OTHERS) if key > 0 else key for key in item.people}
        for day in _days(item, since, before):
            counts[day] += 1
            for team in teams:
                of_day[day][team].append(item)
    return {
        day: {
            "count": counts[day],
            "groups": [[team, len(own), own[:FIRST]] for team, own in sorted(found.items())],
        }
        for day, found in of_day.items()
    }


def _days(item: Item, since: dt.date, before: dt.date) -> Iterable[str]:
    first, last = item.start[:10], item.end[:10]
    if first == last:
        return (first,)
    start = max(since, dt.date.fromisoformat(first))
    end = min(before - DAY, dt.date.fromisoformat(last))
    if item.end[11:] == "00:00" and end.isoformat() == last:
        end -= DAY  # what ends at midnight is not on the next day (E7)
    return ((start + number * DAY).isoformat() for number in range((end - start).days + 1))


def groups_of(people: Sequence[int], members: dict[int, set[int]]) -> dict[int, int]:
    """{person: the first team they are in, below zero}."""
    found: dict[int, int] = {}
    for team in sorted(members):
        for person in members[team] & {*people}:
            found.setdefault(person, -team)
    return found
