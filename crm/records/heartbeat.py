"""While a job is worked on, its row hears from the worker, however long one step takes."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from crm.records.models import Job
from crm.records.models.job import BEAT

log = logging.getLogger(__name__)


@contextmanager
def heard(job: Job, *, every: float = BEAT.total_seconds()) -> Iterator[None]:
    """Keeps `heard_at` fresh from a thread with a connection of its own."""
    stop = Event()
    thread = Thread(target=_beat, args=(job, stop, every), name=f"job-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(job: Job, stop: Event, every: float) -> None:
    while not stop.wait(every):
        try:
            if not Job.objects.run_of(job).update(heard_at=timezone.now()):
                break
        except DatabaseError as problem:
            log.warning("Job %s could not be heard: %s", job.pk, problem)
        finally:
            connection.close()
