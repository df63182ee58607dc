"""One history out of the events of many records, newest first, at the price of a page.

The newest events of a record are the beginning of one range of the index `event_of_record`: a page
asks each record for no more than a page (LATERAL) and takes the newest of all.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.db.models.query import QuerySet
from django.utils import timezone

from crm.accounts.models import User
from crm.records.models import Event, HistoryPart, Record

SAID = ~Q(entry=Event.Entry.SYSTEM)
Sql = tuple[str, tuple[Any, ...]]


def events_at_place() -> QuerySet[Event]:
    """Of the place that `newest_among` has come to."""
    rows = Event.objects.filter(
        content_type_id=RawSQL("place.kind", ()), object_id=RawSQL("place.key", ())
    )
    return rows.filter(SAID | Q(RawSQL("place.is_whole", (), BooleanField())))


def own_place(record: Record) -> Sql:
    kind = ContentType.objects.get_for_model(record).pk
    return "SELECT %s, %s::bigint, TRUE", (kind, record.pk)


def places_of(parts: Iterable[HistoryPart], reader: User) -> list[Sql]:
    found: list[Sql] = []
    for part in parts:
        kind = ContentType.objects.get_for_model(part.rows.model).pk
        try:
            rows = part.rows.read_without_a_note(reader)
            keys, values = rows.order_by().values_list("pk").query.sql_with_params()
        except EmptyResultSet:  # nothing of this kind is for this reader
            continue
        sql = f"SELECT %s, r.*, %s FROM ({keys}) AS r"  # noqa: S608 - the ORM's own SQL
        found.append((sql, (kind, not part.is_said_only, *values)))
    return found


def newest_that_happened(places: list[Sql], entries: Iterable[str]) -> Event | None:
    """Of these sorts, and of all places together. In SQL of our own: the ORM takes longer to write
    it than Postgres to answer it."""
    union, params = _union(places)
    sql = f"""
        SELECT e.*, a.first_name, a.last_name, a.username
        FROM ({union}) AS place (kind, key, is_whole)
        CROSS JOIN LATERAL (
            SELECT * FROM records_event
            WHERE content_type_id = place.kind AND object_id = place.key
              AND entry = ANY(%s) AND happened_at <= %s
            ORDER BY happened_at DESC, id DESC LIMIT 1
        ) AS e
        LEFT JOIN accounts_user AS a ON a.id = e.actor_id
        ORDER BY e.happened_at DESC, e.id DESC LIMIT 1
    """  # noqa: S608 - the ORM's own SQL
    for event in Event.objects.raw(sql, [*params, list(entries), timezone.now()]):
        if event.actor_id:
            names = {name: getattr(event, name) for name in ("first_name", "last_name", "username")}
            event.actor = User(pk=event.actor_id, **names)
        return event
    return None


def _union(places: list[Sql]) -> Sql:
    sql = " UNION ALL ".join(sql for sql, _params in places)
    return sql, tuple(value for _sql, of_place in places for value in of_place)


def newest_among(places: list[Sql]) -> Callable[[QuerySet[Event]], QuerySet[Event]]:
    """Makes of `rows`, the first so many `events_at_place()`, as many of all places together."""

    def read(rows: QuerySet[Event]) -> QuerySet[Event]:
        if not places:
            return Event.objects.none()
        order = [str(name) for name in rows.query.order_by]
        down = "DESC" if order[0].startswith("-") else "ASC"
        one, values = rows.values_list("pk", "happened_at").query.sql_with_params()
        union, params = _union(places)
        most = rows.query.high_mark
        found = (
            f"SELECT e.id FROM ({union}) AS place (kind, key, is_whole)"  # noqa: S608 - the ORM's own SQL
            f" CROSS JOIN LATERAL ({one}) AS e (id, happened_at)"
            f" ORDER BY e.happened_at {down}, e.id {down} LIMIT {most}"
        )
        keys = RawSQL(found, (*params, *values))  # noqa: S611 - as above
        return Event.objects.filter(pk__in=keys).select_related("actor").order_by(*order)

    return read
