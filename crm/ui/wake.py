"""Ringing the alarm clock from an action, without importing a task."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def wake(task: str, *args: object) -> None:
    """Ask for `task` (its dotted name) once the current transaction has committed.

    The row saying what is owed is already in the database, so a broker that is down costs only
    time: the beat sweep of that task comes by within a minute.
    """
    transaction.on_commit(partial(_send, task, args), robust=True)


def _send(task: str, args: tuple[object, ...]) -> None:
    try:
        current_app.send_task(task, args=args, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as problem:
        log.warning("Nobody to wake for %s: %s", task, problem)
