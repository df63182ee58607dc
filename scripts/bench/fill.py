"""Puts N companies, 1.5 N people, 50 users and, if asked, events into an empty database."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, models, transaction

from bench import events, rows
from bench.databases import Stock
from bench.rows import Shape
from bench.tables import Row, bare, copy
from crm.accounts.models import Role, Team, User
from crm.contacts.models import Area, Category, Contact, ProductGroup
from crm.demo import profile
from crm.demo.world import World
from crm.records.models import NumberSeries, Tag

VERSION = 6  # of the generator; another one loads anew
PASSWORD = "bench-password"  # noqa: S105 - of invented people
USERS = 50


def fill(stock: Stock) -> None:
    is_there = is_filled(stock)
    if not is_there:  # what another version has filled is not worth its migrations
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", interactive=False, verbosity=0)
    if is_there:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")  # a migration or the last run may have changed much
        return
    began = time.monotonic()

    def tell(what: str) -> None:
        print(f"  {what} ({time.monotonic() - began:.0f} s)", flush=True)

    shape = people(stock.companies)
    with transaction.atomic(), connection.cursor() as cursor:
        load(cursor.cursor, shape, tell)
        if stock.events:
            tell("events")
            events.fill(cursor, shape, stock.events)
    tell("statistics")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute(f"COMMENT ON SCHEMA public IS '{stamp(stock)}'")
    tell("loaded")


def stamp(stock: Stock) -> str:
    return f"bench {VERSION} {stock}"


def is_filled(stock: Stock) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace)")
        return bool(cursor.fetchone()[0] == stamp(stock))


def people(size: int) -> Shape:
    """Users, teams and lists, made by the product's own models and demo modules."""
    User.objects.filter(username__startswith="bench").delete()
    if not profile.is_filled():
        profile.fill(World("profile"))
    teams = [Team.objects.get_or_create(name=f"Team {letter}")[0] for letter in "ABCDE"]
    agent, secret = Role.objects.get(code="agent"), make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(
            username=f"bench{number}",
            first_name="Giulia",
            last_name=f"Romano {number}",
            password=secret,
            role=agent,
        )
        for number in range(1, USERS + 1)
    )
    team_of = {user.pk: teams[place % len(teams)].pk for place, user in enumerate(users)}
    User.teams.through.objects.bulk_create(
        User.teams.through(user_id=user, team_id=team) for user, team in team_of.items()
    )
    NumberSeries.objects.update_or_create(
        kind="contact", series="", period="", defaults={"next_value": size * 5 // 2 + 1}
    )

    return Shape(
        size=size,
        users=tuple(team_of),
        teams=team_of,
        categories=_keys(Category),
        areas=_keys(Area),
        groups=_keys(ProductGroup),
        tags=_keys(Tag),
        kind=ContentType.objects.get_for_model(Contact).pk,
    )


def _keys(model: type[models.Model]) -> tuple[int, ...]:
    return tuple(model._default_manager.order_by("pk").values_list("pk", flat=True))


def load(cursor: Any, shape: Shape, tell: Callable[[str], None]) -> None:
    def linked(targets: tuple[int, ...], salt: int, share: int) -> Iterator[Row]:
        return rows.links(shape, targets, salt, share)

    reach = ["id", "position", "use"]
    tables = {
        "contacts_contact": (rows.CONTACT_COLUMNS, rows.contacts(shape)),
        "contacts_address": (
            [*reach, "street", "postal_code", "city", "region", "country", "contact_id"],
            rows.addresses(shape),
        ),
        "contacts_email": ([*reach, "address", "contact_id"], rows.emails(shape)),
        "contacts_phone": ([*reach, "number", "contact_id"], rows.phones(shape)),
        "contacts_employment": (
            ["id", "company_id", "person_id", "function", "role", "preferred_channel"],
            rows.employments(shape),
        ),
        "contacts_contact_categories": (
            ["id", "contact_id", "category_id"], linked(shape.categories, 40, 80),
        ),
        "contacts_contact_areas": (["id", "contact_id", "area_id"], linked(shape.areas, 50, 90)),
        "contacts_contact_product_groups": (
            ["id", "contact_id", "productgroup_id"], linked(shape.groups, 60, 60),
        ),
        "contacts_contact_tags": (["id", "contact_id", "tag_id"], linked(shape.tags, 70, 40)),
        "contacts_contact_viewers": (["id", "contact_id", "user_id"], rows.viewers(shape)),
        "records_event": (
            "id object_id verb entry at happened_at text changes actor_id content_type_id".split(),
            rows.events(shape),
        ),
        "documents_document": (rows.DOCUMENT_COLUMNS, rows.documents(shape)),
        "documents_documentversion": (rows.VERSION_COLUMNS, rows.versions(shape)),
    }  # fmt: skip
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL synchronous_commit = off")
    cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    with bare(cursor, list(tables), tell):
        for table, (columns, lines) in tables.items():
            tell(table)
            copy(cursor, table, columns, lines)
    for table in tables:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
