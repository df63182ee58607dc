"""The words by which contacts are found, reckoned anew from what is stored: after the spelling of
names.py has changed, or after rows were brought in past the product."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from crm.contacts.names import vectors_of

BATCH = 1000
STALE = """
    SELECT count(*) FROM contacts_contact AS c
    JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh (id, search, near) USING (id)
    WHERE (c.search, c.near) IS DISTINCT FROM (fresh.search::tsvector, fresh.near::tsvector)
"""
MEND = """
    UPDATE contacts_contact AS c SET search = fresh.search::tsvector, near = fresh.near::tsvector
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh (id, search, near)
    WHERE c.id = fresh.id
      AND (c.search, c.near) IS DISTINCT FROM (fresh.search::tsvector, fresh.near::tsvector)
"""


def rebuild_search(model: Any, *, dry_run: bool = False) -> Iterator[tuple[int, int]]:
    """(rows looked at, rows whose words were out of date), after each batch: a transaction with
    its rows locked, so that nobody's save is written over. What is right is left alone, so it may
    be ended and begun again. `model` is Contact, or what a migration has of it.
    """
    looked = stale = last = 0
    while True:
        with transaction.atomic():
            rows = model.objects.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))
            batch = list(rows.prefetch_related("emails", "phones")[:BATCH])
            stale += _mend(batch, STALE if dry_run else MEND)
        looked += len(batch)
        yield looked, stale
        if len(batch) < BATCH:
            return
        last = batch[-1].pk


def _mend(rows: list[Any], sql: str) -> int:
    fresh = [(row.pk, *_vectors(row)) for row in rows]
    columns = [list(column) for column in zip(*fresh, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)
        return int(cursor.fetchone()[0] if sql == STALE else cursor.rowcount)


def _vectors(row: Any) -> tuple[str, str]:
    mails = [mail.address for mail in row.emails.all()]
    return vectors_of(row, mails, [phone.number for phone in row.phones.all()])
