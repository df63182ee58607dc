"""Names of the things a background job can do.

An app declares `@background("export")` on a function taking a `Run`; a row of Job names it. The
function may be started twice (a worker can die): it must find what an earlier run left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.utils import timezone

from crm.accounts.models import User
from crm.records.models import Job
from crm.ui.wake import wake

TASK = "crm.records.tasks.run_job"


class Cancelled(Exception):
    """The job is not this run's any more: its person stopped it, or another worker has it."""


class Run:
    """A job being worked on: tells how far it is, and hears that it is not wanted any more."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.user = job.user
        self.params: dict[str, Any] = job.params

    @property
    def done(self) -> int:
        """How far an earlier run, whose worker died, has noted to have come."""
        return self.job.done

    def progress(
        self, done: int, total: int | None = None, *, facts: dict[str, Any] | None = None
    ) -> None:
        """Note how far we are (every few hundred rows), with `facts` for a run after this one,
        in one statement. Raises Cancelled."""
        fields: dict[str, Any] = {"done": done, "heard_at": timezone.now()}
        if total is not None:
            fields["total"] = total
        if facts:
            self.params |= facts
            fields["params"] = self.params
        self._note(**fields)

    def attach(self, file: File, name: str) -> None:
        """Keep `file` as the result, downloadable as `name`. Raises Cancelled."""
        storage = self.job.file.storage
        earlier = self.job.file.name
        field = self.job._meta.get_field("file")
        stored = storage.save(field.generate_filename(self.job, uuid4().hex), file)
        try:
            self._note(file=stored, file_name=name[:200], heard_at=timezone.now())
        except Cancelled:
            storage.delete(stored)
            raise
        self.job.file.name = stored
        if earlier:
            storage.delete(earlier)

    def _note(self, **fields: Any) -> None:
        if not Job.objects.run_of(self.job).update(**fields):
            raise Cancelled


Work = Callable[[Run], str]
MayFetch = Callable[[Job], bool]


@dataclass(frozen=True)
class Background:
    work: Work
    may_fetch: MayFetch


_registry: dict[str, Background] = {}


def background(name: str, *, may_fetch: MayFetch = lambda job: True) -> Callable[[Work], Work]:
    """Register a job: takes a Run, returns the closing sentence for its user.

    `may_fetch(job)` is asked at each download whether its user may still have the file (E11).
    """

    def register(work: Work) -> Work:
        _registry[name] = Background(work, may_fetch)
        return work

    return register


def work_named(name: str) -> Work:
    return _registry[name].work


def may_fetch(job: Job) -> bool:
    entry = _registry.get(job.task)
    return entry is not None and entry.may_fetch(job)


def start_job(task: str, *, title: str, actor: User, params: dict[str, Any]) -> Job:
    job = Job.objects.create(task=task, title=title[:200], user=actor, params=params)
    wake(TASK, job.pk)
    return job


def cancel_job(job: Job) -> bool:
    """Stop a job that waits or runs; its run hears of it at its next word. False: too late."""
    return bool(
        Job.objects.filter(pk=job.pk)
        .unfinished()
        .update(state=Job.State.CANCELLED, finished_at=timezone.now())
    )
