"""Who administered what: the lines under "Recent actions" and on each row's history page.

Forms of the administration write them by themselves; actions that are no form write them here.
"""

import json
from collections.abc import Sequence

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from crm.accounts.models import User


def note_addition(rows: Sequence[models.Model], *, actor: User | None) -> None:
    _note(rows, ADDITION, actor, json.dumps([{"added": {}}]))


def note_change(rows: Sequence[models.Model], *fields: str, actor: User | None) -> None:
    """`fields` by their English names: they are translated for whoever reads the line."""
    _note(rows, CHANGE, actor, json.dumps([{"changed": {"fields": fields}}]))


def note_deletion(rows: Sequence[models.Model], *, actor: User | None) -> None:
    """To be called before the rows go: a line keeps what they were called."""
    _note(rows, DELETION, actor, "")


def _note(rows: Sequence[models.Model], flag: int, actor: User | None, message: str) -> None:
    """`actor` None is Bottega itself, whose doings are in the log.

    A line keeps the row's name for good. A row whose name may tell of records has a `ledger_name`,
    so that nothing outlives a purge (E13).
    """
    if actor is None:
        return
    LogEntry.objects.bulk_create(
        LogEntry(
            user=actor,
            content_type=ContentType.objects.get_for_model(row, for_concrete_model=False),
            object_id=row.pk,
            object_repr=str(getattr(row, "ledger_name", row))[:200],
            action_flag=flag,
            change_message=message,
        )
        for row in rows
    )
