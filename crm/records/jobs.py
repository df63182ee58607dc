"""Names of the things a background job can do.

An app declares `@background("export")` on a function taking a `Run`; a row of Job names it. The
function may be started twice (a worker can die): it must find what an earlier run left.
"""

from collections.abc import Callable

from django.core.files.base import File
from django.utils import timezone

from crm.accounts.models import User
from crm.records.models import Job
from crm.ui.wake import wake

TASK = "crm.records.tasks.run_job"


class Cancelled(Exception):
    """The person who asked for the job has stopped it."""


class Run:
    """A job being worked on: tells how far it is, and hears that it is not wanted any more."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.user = job.user
        self.params = job.params

    def progress(self, done: int, total: int | None = None) -> None:
        """Note how far we are (every few hundred rows). Raises Cancelled."""
        fields: dict[str, object] = {"done": done, "heard_at": timezone.now()}
        if total is not None:
            fields["total"] = total
        running = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING)
        if not running.update(**fields):
            raise Cancelled

    def attach(self, file: File, name: str) -> None:
        """Keep `file` as the result, downloadable as `name`."""
        self.job.file.save(name, file, save=False)
        self.job.file_name = name


Work = Callable[[Run], str]
_registry: dict[str, Work] = {}


def background(name: str) -> Callable[[Work], Work]:
    """Register a job: takes a Run, returns the closing sentence for its user."""

    def register(work: Work) -> Work:
        _registry[name] = work
        return work

    return register


def work_named(name: str) -> Work:
    return _registry[name]


def start_job(task: str, *, title: str, actor: User, params: dict[str, object]) -> Job:
    job = Job.objects.create(task=task, title=title, user=actor, params=params)
    wake(TASK, job.pk)
    return job
