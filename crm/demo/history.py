"""What happened with the contacts: that they came, what changed, what was said."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.demo.words.talk import TALK
from crm.demo.world import World
from crm.records.models import Event

Change = dict[str, Any]
ENTRIES = (("call", 34), ("note", 22), ("email", 28), ("appointment", 16))
BUSY = ("impianti@fiat.example",)


def is_filled() -> bool:
    return Event.objects.exclude(entry=Event.Entry.SYSTEM).exists()


def fill(world: World) -> None:
    """Every contact that nobody has touched since its creation here."""
    rows = Contact.objects.select_related("owner", "created_by").prefetch_related(
        "phones", "staff__person"
    )
    writer = Writer(world)
    for contact in rows.filter(version=1).order_by("pk"):
        writer.tell(contact)
    Event.objects.bulk_create(writer.events, batch_size=1000)
    Contact.objects.bulk_update(writer.changed, ["version"], batch_size=500)
    writer.inform()


class Writer:
    def __init__(self, world: World) -> None:
        self.world = world
        self.kind = ContentType.objects.get_for_model(Contact)
        self.events: list[Event] = []
        self.changed: list[Contact] = []
        self.people = list(world.users.values())
        self.colleagues: dict[int | None, list[User]] = {None: self.people}
        for user in self.people:
            for team in user.teams.all():
                self.colleagues.setdefault(team.pk, []).append(user)

    def tell(self, contact: Contact) -> None:
        created = contact.created_at
        self._add(contact, "created", created, actor=contact.created_by)
        changes = self._changes(contact) if contact.updated_at > created else []
        spans = sorted(self.world.random.random() for _one in changes[1:])
        moments = [created + (contact.updated_at - created) * part for part in spans]
        for change, moment in zip(changes, [*moments, contact.updated_at], strict=False):
            self._add(contact, "changed", moment, actor=self._actor(contact), changes=[change])
        if changes:
            contact.version += len(changes)
            self.changed.append(contact)
        self._said(contact)

    def _add(self, contact: Contact, verb: str, at: dt.datetime, **facts: Any) -> None:
        self.events.append(
            Event(
                content_type=self.kind,
                object_id=contact.pk,
                verb=verb,
                at=at,
                happened_at=facts.pop("happened_at", at),
                **facts,
            )
        )

    def _actor(self, contact: Contact) -> User | None:
        return contact.owner if self.world.chance(0.8) else self._colleague(contact)

    def _colleague(self, contact: Contact) -> User:
        return self.world.pick(self.colleagues[contact.team_id])

    def _changes(self, contact: Contact) -> list[Change]:
        """One to four, each leading to what is stored now."""
        phones = [str(phone) for phone in contact.phones.all()]
        value = contact.custom.get("yearly_value")
        before = self._colleague(contact)
        stages = {"customer": "lead", "former": "customer"}
        options: list[tuple[str, Any, Any]] = [
            ("language", "", contact.language),
            ("stage", stages.get(contact.stage), contact.stage),
            ("preferred_channel", "", contact.preferred_channel),
            ("phones", phones[:-1], phones),
            ("owner", before.name, contact.owner.name if contact.owner else ""),
            ("notes", "", contact.notes),
            ("custom_yearly_value", value and round(value * 0.9), value),
        ]
        real = [
            {"field": name, "old": old, "new": new}
            for name, old, new in options
            if old is not None and old != new
        ]
        return self.world.random.sample(real, min(len(real), self.world.random.randint(1, 4)))

    def _said(self, contact: Contact) -> None:
        world = self.world
        if contact.is_person:
            count = 1 if world.chance(0.15) else 0
        else:
            count = 14 if contact.email in BUSY else world.weighted((0, 2, 4, 7), (25, 35, 25, 15))
        age = max(1, (world.now - contact.created_at).days)
        names = [row.person.name for row in contact.staff.all()] or [contact.name]
        for entry, words in self._unlike(contact.language, count):
            happened = max(
                contact.created_at, world.at_work(world.random.triangular(0, min(age, 240), 5))
            )
            written = min(world.now, happened + dt.timedelta(minutes=world.random.randint(2, 90)))
            text = words.format(who=world.pick(names))
            actor = contact.owner if world.chance(0.6) else self._colleague(contact)
            self._add(
                contact, entry, written, happened_at=happened, entry=entry, text=text, actor=actor
            )

    def _unlike(self, language: str, count: int) -> list[tuple[str, str]]:
        """`count` sentences, none twice in one history."""
        found: dict[str, str] = {}
        talk = TALK[language if language in TALK else "en"]
        for _attempt in range(count * 3):
            entry = self.world.weighted([e for e, _w in ENTRIES], [w for _e, w in ENTRIES])
            found[self.world.pick(talk[entry])] = entry
            if len(found) == count:
                break
        return [(entry, text) for text, entry in found.items()]

    def inform(self) -> None:
        """Some entries were meant for colleagues as well."""
        through = Event.informed.through
        said = [event for event in self.events if event.entry != Event.Entry.SYSTEM]
        open_to_all = set(
            Contact.objects.filter(is_restricted=False).values_list(F("pk"), flat=True)
        )
        through.objects.bulk_create(
            through(event_id=event.pk, user_id=person.pk)
            for event in said
            if event.object_id in open_to_all and self.world.chance(0.12)
            for person in self.world.random.sample(self.people, 2)
            if person.pk != event.actor_id
        )
