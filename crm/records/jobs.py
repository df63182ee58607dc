"""Names of the things a background job can do.

An app declares `@background("export")` on a function taking a `Run`; a row of Job names it. The
function may be started twice (a worker can die): it must find what an earlier run left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.ledger import note_addition
from crm.accounts.models import User
from crm.records.errors import ActionRefused
from crm.records.models import Job
from crm.ui.wake import wake

TASK = "crm.records.tasks.run_job"
RETRIED_AS = "retried as"  # in the params of a failed job


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
Retried = Callable[[Job, Job], None]


@dataclass(frozen=True)
class Background:
    work: Work
    may_fetch: MayFetch
    title: Any
    retried: Retried


_registry: dict[str, Background] = {}


def background(
    name: str,
    *,
    title: Any = "",
    may_fetch: MayFetch = lambda job: True,
    retried: Retried = lambda failed, again: None,
) -> Callable[[Work], Work]:
    """Register a job: takes a Run, returns the closing sentence for its user.

    `title` says to administrators what kind of work it is. `may_fetch(job)` is asked at each
    download whether its user may still have the file (E11). `retried(failed, again)` lets whatever
    points at a failed job point at the one that goes on with it, or raises ActionRefused.
    """

    def register(work: Work) -> Work:
        _registry[name] = Background(work, may_fetch, title or name, retried)
        return work

    return register


def work_named(name: str) -> Work:
    return _registry[name].work


def kinds_of_work() -> dict[str, str]:
    """{name: what it is called now}."""
    return {name: str(entry.title) for name, entry in _registry.items()}


def may_fetch(job: Job) -> bool:
    entry = _registry.get(job.task)
    return entry is not None and entry.may_fetch(job)


def start_job(task: str, *, title: str, actor: User, params: dict[str, Any]) -> Job:
    job = Job.objects.create(task=task, title=title[:200], user=actor, params=params)
    wake(TASK, job.pk)
    return job


@transaction.atomic
def retry_job(job: Job, *, actor: User | None) -> Job:
    """Start a failed job once more, where it got to, as a job of its own: should the failed one's
    worker come back after all, the two cannot be taken for each other."""
    row = Job.objects.select_for_update(of=("self",)).select_related("user").get(pk=job.pk)
    if row.state != Job.State.FAILED or RETRIED_AS in row.params:
        raise ActionRefused(_("There is nothing to try again: it has not failed, or it was tried."))
    if not row.user.is_active:
        raise ActionRefused(_("%(name)s is not active.") % {"name": row.user.name})
    again = start_job(row.task, title=row.title, actor=row.user, params=row.params)
    if entry := _registry.get(row.task):
        entry.retried(row, again)
    Job.objects.filter(pk=again.pk).update(done=row.done, total=row.total)
    Job.objects.filter(pk=row.pk).update(params=row.params | {RETRIED_AS: again.pk})
    note_addition([again], actor=actor)
    return again


def cancel_job(job: Job) -> bool:
    """Stop a job that waits or runs; its run hears of it at its next word. False: too late."""
    return bool(
        Job.objects.filter(pk=job.pk)
        .unfinished()
        .update(state=Job.State.CANCELLED, finished_at=timezone.now())
    )
