"""Scheduler and workers as processes of their own, on the database of the test and a queue that
nobody else uses."""

import os
import re
import select
import subprocess
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from crm.celery import app
from tests.mail.outbox import worker_doing

QUEUE = re.sub(r"(host=|/)\d+$", r"\g<1>15", settings.CELERY_BROKER_URL)

BEAT = """
from crm.celery import app
app.conf.beat_schedule = {
    "reminders": {"task": "activities.tasks.deliver_due_reminders", "schedule": 1},
    "agenda": {"task": "activities.tasks.mail_daily_agendas", "schedule": 1},
    "outbox": {"task": "crm.mail.tasks.deliver_outbox", "schedule": 1},
}
scheduler = "django_celery_beat.schedulers:DatabaseScheduler"
app.Beat(scheduler=scheduler, max_interval=1, quiet=True, loglevel="ERROR").run()
"""
WORKER = """
from crm.celery import app
app.worker_main(["worker", "--pool=solo", "--loglevel=CRITICAL", "--without-mingle",
                 "--without-gossip", "-n", "{name}@test"])
"""
DYING = """
import os, signal
from {module} import {name} as real
import {module} as module
def die(*args, **options):
    if {after}:
        real(*args, **options)
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = die
from crm.mail.tasks import deliver_outbox
from activities.tasks import deliver_due_reminders
deliver_due_reminders()
deliver_outbox()
"""
AT_THE_GATE = """
import os, activities.tasks, crm.mail.tasks
os.write({arrival}, b".")
os.read({gate}, 1)
"""
Process = subprocess.Popen[bytes]


def beat() -> Process:
    return worker_doing(BEAT, CELERY_BROKER_URL=QUEUE)


def worker(name: str, port: int) -> Process:
    mail = f"smtp://127.0.0.1:{port}"
    return worker_doing(WORKER.format(name=name), CELERY_BROKER_URL=QUEUE, EMAIL_URL=mail)


def four_at_once(code: str, port: int) -> None:
    """Four processes do the same from one moment on, and none of them fails."""
    (gate, opener), (arrivals, arrival) = os.pipe(), os.pipe()
    code = AT_THE_GATE.format(gate=gate, arrival=arrival) + code
    mail = f"smtp://127.0.0.1:{port}"
    workers = [worker_doing(code, files=(gate, arrival), EMAIL_URL=mail) for _number in range(4)]
    for _worker in workers:
        assert select.select([arrivals], [], [], 60)[0], "a worker did not come to the gate"
        os.read(arrivals, 1)
    for end in (opener, gate, arrivals, arrival):
        os.close(end)
    assert [process.wait(90) for process in workers] == [0] * 4


def dying_at(place: str, port: int, *, after: bool = False) -> Process:
    """A worker that is killed where it would do `place`, or where it has just done it."""
    module, _, name = place.rpartition(".")
    code = DYING.format(module=module, name=name, after=after)
    return worker_doing(code, EMAIL_URL=f"smtp://127.0.0.1:{port}")


def flush_queue() -> None:
    with app.connection_for_write(QUEUE) as connection:
        client: Any = connection.default_channel.client
        client.flushdb()


def wait_for(what: Callable[[], Any], seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)
