"""Calendars with something in them: six weeks back and five ahead, for everybody."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType

from activities.models import Activity, ActivityType, Attendee, Calendar, Sharing, Slot, catalog
from activities.models.spans import span_of
from crm.accounts.models import Team, User
from crm.contacts.models import Contact
from crm.demo.staff import ISRAEL, SPOKEN
from crm.demo.words.plans import INTERNAL, LEAVE, MONTHLY, TASKS, VISITS, WEEKLY
from crm.demo.world import World
from crm.records.models import Event
from crm.records.models.number import numbering

BACK, AHEAD = 6 * 7, 5 * 7  # days
HALF = dt.timedelta(minutes=30)
PUBLIC = ("agent", "manager", "technician")


def is_filled() -> bool:
    return Activity.objects.exists()


def fill(world: World) -> None:
    maker = Maker(world)
    for person in world.users.values():
        maker.diary(person)
    for team in world.teams.values():
        maker.habits(team)
    maker.store()
    Calendar.objects.bulk_create(
        Calendar(user=world.users[name], sharing=Sharing.PUBLIC)
        for name in PUBLIC
        if name in world.users
    )


class Maker:
    def __init__(self, world: World) -> None:
        self.world, self.today = world, world.now.date()
        self.made: list[Activity] = []
        self.people: dict[int, list[User]] = {}  # by place in `made`: who takes part besides
        self.types = list(catalog().types.values())
        customers = Contact.objects.alive().filter(type="company", is_restricted=False)
        self.customers: dict[int | None, list[Contact]] = {}
        for contact in customers.order_by("pk"):
            self.customers.setdefault(contact.team_id, []).append(contact)

    def language(self, person: User) -> str:
        team = next(iter(person.teams.all()), None)
        return SPOKEN.get(team.name, "it") if team else "it"

    def customer(self, person: User) -> Contact:
        own = [row for team in person.teams.all() for row in self.customers.get(team.pk, [])]
        return self.world.pick(own or next(iter(self.customers.values())))

    def diary(self, person: User) -> None:
        language = self.language(person)
        for day in self._working_days(person):
            for start in self._starts(person, day):
                self._visit(person, language, day, start)
            if self.world.chance(0.25):
                self._task(person, language, day)
        if self.world.chance(0.3):
            first = self.today + dt.timedelta(days=self.world.random.randint(5, 30))
            self._add(person, self._type("calendar-event"), LEAVE[language], first, None, days=3)

    def _working_days(self, person: User) -> Iterator[dt.date]:
        for number in range(-BACK, AHEAD):
            day = self.today + dt.timedelta(days=number)
            if day.isoweekday() in person.working_days:
                yield day

    def _starts(self, person: User, day: dt.date) -> Iterator[dt.time]:
        """One after the other, now and then two at once; fewer the further away it is."""
        far = max(0, (day - self.today).days) / AHEAD
        at = dt.datetime.combine(day, person.work_starts_at)  # clock time, in no zone
        end = dt.datetime.combine(day, person.work_ends_at)
        while at < end - 2 * HALF:
            if self.world.chance(0.34 - 0.22 * far):
                yield at.time()
            at += self.world.pick((2, 3, 4, 5)) * HALF

    def _visit(self, person: User, language: str, day: dt.date, start: dt.time) -> None:
        if self.world.chance(0.15):
            subject = self.world.pick(INTERNAL[language])
            self._add(person, self._type("people"), subject, day, start, minutes=60)
            return
        icon, words = self.world.pick(VISITS[language])
        if (icon == "tools") != (person.role is not None and person.role.code == "technician"):
            icon, words = self.world.pick(VISITS[language])
        customer = self.customer(person)
        self._add(
            person,
            self._type(icon),
            words.format(who=customer.name),
            day,
            start,
            minutes=self.world.pick((30, 60, 60, 90, 120)) if icon != "telephone" else 30,
            customer=customer,
            place=customer.city,
        )

    def _task(self, person: User, language: str, day: dt.date) -> None:
        icon, words = self.world.pick(TASKS[language])
        customer = self.customer(person)
        subject = words.format(who=customer.name)
        given = day - dt.timedelta(days=self.world.random.randint(0, 6))
        kind = self._type(icon, is_task=True)
        activity = self._add(person, kind, subject, day, None, is_task=True, customer=customer)
        activity.starts_on = given
        activity.priority = self.world.weighted((1, 2, 3), (20, 60, 20))

    def habits(self, team: Team) -> None:
        members = [one for one in self.world.users.values() if team in one.teams.all()]
        if not members:
            return
        lead = team.lead or members[0]
        language = SPOKEN.get(team.name, "it")
        start = self.today - dt.timedelta(days=self.today.isoweekday() - 1 + 12 * 7)
        weekday = 7 if team.name == ISRAEL else 1
        first = start - dt.timedelta(days=1) if weekday == 7 else start
        self._add(
            lead,
            self._type("people"),
            WEEKLY[language],
            first,
            dt.time(8, 30),
            minutes=45,
            rule=f"FREQ=WEEKLY;BYDAY={'SU' if weekday == 7 else 'MO'}",
            people=[one for one in members if one != lead],
        )
        friday = start + dt.timedelta(days=4)
        self._add(
            lead,
            self._type("check-circle", is_task=True),
            MONTHLY[language],
            friday,
            None,
            is_task=True,
            rule="FREQ=MONTHLY;BYDAY=-1FR",
        )
        day = self.today + dt.timedelta(days=1)
        icon, words = VISITS[language][0]
        customer = self.world.pick(self.customers.get(team.pk) or [self.customer(lead)])
        unclaimed = self._add(
            lead,
            self._type(icon),
            words.format(who=customer.name),
            day,
            dt.time(14),
            minutes=90,
            customer=customer,
            team=team,
        )
        unclaimed.owner = None

    def _type(self, icon: str, *, is_task: bool = False) -> ActivityType:
        fitting = [row for row in self.types if row.fits(is_task=is_task)]
        return next((row for row in fitting if row.icon == icon), fitting[0])

    def _add(
        self,
        person: User,
        kind: ActivityType,
        subject: str,
        day: dt.date,
        start: dt.time | None,
        *,
        minutes: int = 60,
        days: int = 1,
        people: list[User] | None = None,
        **facts: Any,
    ) -> Activity:
        is_task = facts.get("is_task", False)
        end = None
        if start is not None:
            later = dt.datetime.combine(day, start) + dt.timedelta(minutes=minutes)
            end = later.time() if later.date() == day else dt.time(23, 59)
        category = "planned" if facts.get("rule") else self._category(day, is_task)
        status = catalog().status_in(category, is_task=is_task)
        activity = Activity(
            subject=subject[:200],
            owner=person,
            created_by=person,
            type=kind,
            status=status,
            starts_on=day,
            start_time=start,
            ends_on=day + dt.timedelta(days=days - 1),
            end_time=end,
            zone=person.time_zone,
            **facts,
        )
        self.people[len(self.made)] = people or []
        self.made.append(activity)
        return activity

    def _category(self, day: dt.date, is_task: bool) -> str:
        if day > self.today:
            return "planned"
        if day == self.today:
            return self.world.weighted(("planned", "active", "done"), (60, 20, 20))
        late = 8 if is_task else 0
        return self.world.weighted(
            ("done", "not-done", "off", "waiting", "planned"), (82, 0 if is_task else 7, 5, 4, late)
        )

    def store(self) -> None:
        with numbering(Activity) as numbers:
            for activity in self.made:
                activity.number = next(numbers)
                activity.compute()
        Activity.objects.bulk_create(self.made, batch_size=1000)
        Attendee.objects.bulk_create(
            Attendee(activity=self.made[place], user=user, answer=self._answer(), told_sequence=0)
            for place, people in self.people.items()
            for user in people
        )
        Slot.objects.bulk_create(self._slots(), batch_size=2000)
        self._tell()

    def _answer(self) -> str:
        return self.world.weighted(("accepted", "pending", "tentative"), (80, 15, 5))

    def _slots(self) -> Iterator[Slot]:
        for place, activity in enumerate(self.made):
            span = span_of(activity)
            if activity.owner_id is None:
                yield Slot(activity=activity, team=activity.team, span=span)
            for user in [activity.owner, *self.people[place]]:
                if user is not None:
                    yield Slot(activity=activity, person=user, span=span)

    def _tell(self) -> None:
        """That each of them was made, a few days before it was to be."""
        kind = ContentType.objects.get_for_model(Activity)
        for activity in self.made:
            day = min(activity.starts_at, self.world.now) - dt.timedelta(days=2, hours=1)
            activity.created_at = activity.updated_at = day
        Activity.objects.bulk_update(self.made, ["created_at", "updated_at"], batch_size=1000)
        Event.objects.bulk_create(
            (
                Event(
                    content_type=kind,
                    object_id=activity.pk,
                    verb="created",
                    actor_id=activity.created_by_id,
                    at=activity.created_at,
                    happened_at=activity.created_at,
                )
                for activity in self.made
            ),
            batch_size=2000,
        )
