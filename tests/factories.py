"""Builders for tests: people with roles, companies, persons. Records go through save_record."""

import datetime as dt
from collections.abc import Callable
from itertools import count
from typing import Any

from activities.models import Activity, catalog
from crm.accounts.models import Role, Team, User
from crm.contacts.models import Contact
from crm.records.actions import save_record
from crm.records.models import Record

_serial = count(1)


def make_user(username: str = "", *, role: str | None = "agent", **fields: Any) -> User:
    """`role` is the code of a seeded role; `teams` a list; the password "demo" if none is given."""
    username = username or f"user{next(_serial)}"
    teams = fields.pop("teams", ())
    fields.setdefault("first_name", username.capitalize())
    fields.setdefault("last_name", "Rossi")
    fields.setdefault("email", f"{username}@example.com")
    fields.setdefault("password", "demo")
    user = User.objects.create_user(
        username, role=Role.objects.get(code=role) if role else None, **fields
    )
    user.teams.set(teams)
    return user


def make_team(name: str = "") -> Team:
    return Team.objects.create(name=name or f"Team {next(_serial)}")


def make_company(name: str = "", *, actor: User | None = None, **fields: Any) -> Contact:
    return make_contact(
        Contact.Type.COMPANY, name=name or f"Company {next(_serial)}", actor=actor, **fields
    )


def make_person(last_name: str = "", *, actor: User | None = None, **fields: Any) -> Contact:
    fields.setdefault("first_name", "Anna")
    last_name = last_name or f"Person{next(_serial)}"
    return make_contact(Contact.Type.PERSON, last_name=last_name, actor=actor, **fields)


def make_contact(type_: str, *, actor: User | None, **fields: Any) -> Contact:
    """`viewers`, `tags`, `emails`, `phones`, `city` are lists (or text) of related rows."""
    many = {name: fields.pop(name) for name in ("viewers", "tags") if name in fields}
    emails, phones = fields.pop("emails", ()), fields.pop("phones", ())
    city = fields.pop("city", "")

    def write(contact: Contact) -> None:
        for name, rows in many.items():
            getattr(contact, name).set(rows)
        for address in emails:
            contact.emails.create(address=address)
        for number in phones:
            contact.phones.create(number=number)
        if city:
            contact.addresses.create(city=city)

    return save_record(Contact(type=type_, **fields), actor=actor, write=write)


def make_event(subject: str = "", *, actor: User | None = None, **fields: Any) -> Activity:
    """On 2026-11-26, 10:00 to 11:00 in Rome, unless `start` and `end` say otherwise: "2026-11-26
    10:00", or a date for whole days. `participants`, `guests` … are lists."""
    start = moment_of(fields.pop("start", "2026-11-26 10:00"))
    end = moment_of(fields.pop("end", "")) if "end" in fields else None
    if end is None:
        end = (start[0], None) if start[1] is None else _hour_later(*start)
    times = dict(zip(("starts_on", "start_time"), start, strict=True))
    times |= dict(zip(("ends_on", "end_time"), end, strict=True))
    return _make_activity(subject, False, actor, times | fields)


def make_task(subject: str = "", *, actor: User | None = None, **fields: Any) -> Activity:
    """Due on 2026-11-26, given on the same day; `due` may have a time, too."""
    due = moment_of(fields.pop("due", "2026-11-26"))
    times = {"starts_on": fields.pop("given", due[0]), "ends_on": due[0], "end_time": due[1]}
    return _make_activity(subject, True, actor, times | fields)


def _make_activity(
    subject: str, is_task: bool, actor: User | None, fields: dict[str, Any]
) -> Activity:
    names = ("viewers", "tags", "participants", "guests", "other_customers")
    many = {name: fields.pop(name) for name in names if name in fields}
    category = fields.pop("category", "planned")
    fields.setdefault("zone", "Europe/Rome")
    fields.setdefault("type", catalog().first_type(is_task=is_task))
    fields.setdefault("status", catalog().status_in(category, is_task=is_task))
    if "owner" not in fields and "team" not in fields:
        fields["owner"] = actor
    activity = Activity(subject=subject or f"Activity {next(_serial)}", is_task=is_task, **fields)

    def write(made: Activity) -> None:
        for name, rows in many.items():
            getattr(made, name).set(rows)

    return save_record(activity, actor=actor, write=write)


def moment_of(text: str) -> tuple[dt.date, dt.time | None]:
    day, _, clock = text.partition(" ")
    return dt.date.fromisoformat(day), dt.time.fromisoformat(clock) if clock else None


def _hour_later(day: dt.date, clock: dt.time | None) -> tuple[dt.date, dt.time]:
    later = dt.datetime.combine(day, clock or dt.time(0)) + dt.timedelta(hours=1)
    return later.date(), later.time()


# One builder a kind of record, for the promises of tests/house.
BUILDERS: dict[str, Callable[..., Record]] = {"activity": make_event, "contact": make_company}
