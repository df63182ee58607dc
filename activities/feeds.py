"""What a feed tells: a calendar, or those of a team, as the feed's owner may see them now (E12)."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from activities.ical import (
    PRIORITIES,
    Entry,
    Moment,
    Person,
    calendar_of,
    organizer_of,
    original_of,
    sequence_of,
    status_of,
    uid_of,
)
from activities.models import Activity, ActivityType, Attendee, Category, Feed, Wanted, catalog
from activities.models.timed import DAY
from activities.reading import Asked
from activities.sharing import Level, levels_for
from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.fetch import with_rights

BEFORE, AFTER = dt.timedelta(days=90), dt.timedelta(days=365)
KEPT = dt.timedelta(days=30)  # so long what was cancelled or removed is told as cancelled
FORM = 1  # to be counted up when the same facts are written otherwise


@dataclass(frozen=True)
class Contents:
    name: str
    entries: list[Entry]

    @cached_property
    def stamp(self) -> str:
        """Another one as soon as anything in it is another. Known before a calendar is made of
        it, which takes longer than to read it."""
        said = repr((FORM, settings.SITE_URL, self.name, self.entries))
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def text(self) -> bytes:
        return calendar_of(self.entries, name=self.name)


def read_feed(feed: Feed) -> Contents | None:
    """In the active language; None if its owner is not of the team any more."""
    user = feed.user
    if feed.team is None:
        return Contents(user.name, Reader(user, {user.pk: user.name}, user.team_ids).entries())
    if feed.team_id not in user.team_ids:
        return None
    members = {one.pk: one.name for one in User.objects.active().filter(teams=feed.team_id)}
    reader = Reader(user, members, [feed.team.pk], is_own=False)
    return Contents(feed.team.name, reader.entries())


class Reader:
    """`people` are those whose calendars it is about, by name; `teams` those whose items stand in
    them while nobody has taken these."""

    def __init__(
        self, user: User, people: dict[int, str], teams: list[int], *, is_own: bool = True
    ) -> None:
        self.user, self.teams, self.is_own = user, teams, is_own
        self.levels = levels_for(user)
        self.people = {
            key: name for key, name in people.items() if self.levels.of(key) > Level.NONE
        }

    def entries(self) -> list[Entry]:
        rows = list(self._rows())
        seen = {row.pk: row for row in rows if row.may_view}
        self._read_around(list(seen.values()))
        told = [self._entry(row) for row in seen.values()]
        return told + list(self._busy(row for row in rows if not row.may_view))

    def _rows(self) -> Any:
        """Each as often as it stands in one of the calendars."""
        today = timezone.localdate(timezone=self.user.tz)
        span = Asked(
            self.user, today - BEFORE, today + AFTER + DAY, self.user.tz, [*self.people]
        ).span
        places = Q(slots__person__in=[*self.people]) | Q(slots__team__in=self.teams)
        recent = timezone.now() - KEPT
        is_there = Q(trashed_at__isnull=True) | Q(trashed_at__gte=recent)
        is_news = ~Q(category=Category.CANCELLED) | Q(updated_at__gte=recent)
        there = Activity.objects.filter(places, is_there, is_news, slots__span__overlap=span)
        rows = with_rights(there, self.user, "view").annotate(person=F("slots__person_id"))
        return rows.select_related("owner", "team", "series").order_by("pk", "slots__pk")

    def _read_around(self, rows: list[Any]) -> None:
        keys = [row.pk for row in rows]
        self.attendees: dict[int, list[Attendee]] = {}
        for one in Attendee.objects.filter(activity__in=keys).select_related("user"):
            self.attendees.setdefault(one.activity_id, []).append(one)
        contacts = {row.customer_id for row in rows}
        contacts |= {one.contact_id for some in self.attendees.values() for one in some}
        self.contacts = Contact.objects.visible_to(self.user).in_bulk(
            [key for key in contacts if key]
        )
        self.reminders: dict[int, list[int]] = {}
        if self.is_own:
            wanted = Wanted.objects.filter(activity__in=keys)
            for key, minutes in wanted.values_list("activity", "minutes"):
                self.reminders.setdefault(key, []).append(minutes)
        self.told: dict[int, set[dt.date]] = {}  # of series: dates that are entries of their own
        for row in rows:
            if row.series_id:
                self.told.setdefault(row.series_id, set()).add(row.occurs_on)

    def _entry(self, row: Any) -> Entry:
        people = tuple(self._people(row))
        kind = catalog().types[row.type_id]
        return Entry(
            uid=uid_of(row.uid),
            sequence=sequence_of(row),
            changed_at=row.updated_at,
            stamped_at=row.updated_at,
            is_task=row.is_task,
            start=Moment(row.starts_on, row.start_time, row.zone),
            end=Moment(row.ends_on, row.end_time, row.zone),
            subject=row.subject,
            status=status_of(
                Category.CANCELLED if row.is_trashed else row.category, is_task=row.is_task
            ),
            rule=row.rule,
            left_out=tuple(day for day in row.left_out if day not in self.told.get(row.pk, ())),
            original=original_of(row),
            place=row.place,
            text=self._text(row),
            url=settings.SITE_URL + row.get_absolute_url(),
            category=str(kind),
            priority=PRIORITIES[row.priority] if row.is_task else 0,
            organizer=organizer_of(row) if people else None,
            people=people,
            reminders=self._reminders(row),
            is_private=row.is_restricted,
            is_free=kind.overlap == ActivityType.Overlap.FREE,
        )

    def _people(self, row: Any) -> Iterator[Person]:
        """Those outside only as far as the reader sees them (E11)."""
        for one in self.attendees.get(row.pk, ()):
            known: Any = one.user or self.contacts.get(one.contact_id or 0)
            if known is not None and known.email:
                yield Person(known.name, known.email, one.answer)

    def _text(self, row: Any) -> str:
        customer = self.contacts.get(row.customer_id or 0)
        parts = (customer.name if customer else "", row.notes, row.outcome)
        return "\n\n".join(part for part in parts if part)

    def _reminders(self, row: Any) -> tuple[int, ...]:
        """Nobody's telephone rings for what others do."""
        is_mine = row.owner_id == self.user.pk or any(
            one.user_id == self.user.pk for one in self.attendees.get(row.pk, ())
        )
        if not (is_mine and row.is_open) or row.is_trashed:
            return ()
        return tuple(self.reminders.get(row.pk, ()))

    def _busy(self, rows: Iterable[Any]) -> Iterator[Entry]:
        """Nothing of it but when, as the page shows it."""
        for row in rows:
            if row.takes_time and not row.is_trashed and row.person in self.people:
                yield self._busy_entry(row)

    def _busy_entry(self, row: Any) -> Entry:
        secret = salted_hmac("activities.feeds.busy", f"{row.uid} {row.occurs_on} {row.person}")
        said = _("Busy")
        if not self.is_own:
            said = _("%(name)s: busy") % {"name": self.people[row.person]}
        return Entry(
            uid=uid_of(secret.hexdigest()[:32]),
            sequence=row.sequence,
            changed_at=row.updated_at,
            stamped_at=row.updated_at,
            is_task=False,
            start=Moment(row.starts_on, row.start_time, row.zone),
            end=Moment(row.ends_on, row.end_time, row.zone),
            subject=said,
            status=status_of(Category.OPEN, is_task=False),
            rule=row.rule,
            left_out=tuple(row.left_out),
        )
