"""Builders for tests: people with roles, companies, persons. Records go through save_record."""

from collections.abc import Callable
from itertools import count
from typing import Any

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


# One builder a kind of record, for the promises of tests/house.
BUILDERS: dict[str, Callable[..., Record]] = {"contact": make_company}
