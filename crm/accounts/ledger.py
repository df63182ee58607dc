"""Who administered what: the lines under "Recent actions" and on each row's history page.

Forms of the administration write them by themselves; actions that are no form write them here.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db import models

from crm.accounts.models import User


def note_addition(rows: Sequence[models.Model], *, actor: User | None) -> None:
    _note(rows, ADDITION, actor, [{"added": {}}])


def note_change(rows: Sequence[models.Model], *fields: str, actor: User | None) -> None:
    """`fields` by their English names: they are translated for whoever reads the line."""
    _note(rows, CHANGE, actor, [{"changed": {"fields": list(fields)}}])


def note_deletion(rows: Sequence[models.Model], *, actor: User | None) -> None:
    """To be called before the rows go: a line keeps what they were called."""
    _note(rows, DELETION, actor, "")


def _note(rows: Sequence[models.Model], flag: int, actor: User | None, message: Any) -> None:
    """`actor` None is Bottega itself, whose doings are in the log."""
    if rows and actor is not None:
        LogEntry.objects.log_actions(actor.pk, rows, flag, change_message=message)
