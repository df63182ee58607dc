"""/healthz: the process answers. /readyz: what it needs is there; says what is not.

Anybody may ask: they hear which part is wrong, and what exactly stands in the log.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
BEAT_SILENT_AFTER = timedelta(minutes=3)


class HealthMiddleware:
    """First in the chain: no redirect to https, no host check, no session stands before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":
            problems = find_problems()
            return JsonResponse(
                {"ready": not problems, "problems": problems}, status=503 if problems else 200
            )
        return self.get_response(request)


def find_problems() -> dict[str, str]:
    """{what is wrong: a sentence that tells nobody anything}; the log has the detail."""
    details = {name: text for name, check in CHECKS.items() if (text := check())}
    for name, text in details.items():
        log.warning("Not ready, %s: %s", name, text)
    return {name: SENTENCES[name] for name in details}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT show_trgm('דוד') <> '{}'")
            trigrams = cursor.fetchone()[0]
    except DatabaseError as problem:
        return _in_one_line(problem)
    return "" if trigrams else "The database's locale has no trigrams for Hebrew: use C.UTF-8."


def _redis() -> str:
    try:
        Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=2).ping()
    except (RedisError, OSError) as problem:
        return _in_one_line(problem)
    return ""


def _in_one_line(problem: Exception) -> str:
    return " ".join(str(problem).split()) or type(problem).__name__


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "Unknown: no database."
    return f"{len(waiting)} not applied." if waiting else ""


def _scheduler() -> str:
    from crm.records.models import Heartbeat  # the app registry is not ready at import time

    try:
        beat = Heartbeat.objects.filter(name="scheduler").first()
    except DatabaseError:
        return "Unknown: no database."
    if beat is None:
        return "No heartbeat yet."
    silent = timezone.now() - beat.at
    return f"Silent for {int(silent.total_seconds())} s." if silent > BEAT_SILENT_AFTER else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "redis": _redis,
    "migrations": _migrations,
    "scheduler": _scheduler,
}
SENTENCES = {
    "database": "The database does not answer as it should.",
    "redis": "Redis does not answer.",
    "migrations": "The database is not up to date.",
    "scheduler": "The scheduler has not been heard of.",
}
