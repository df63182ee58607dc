"""The alarm clock. What is owed stands in the database; Celery only says when to look."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def settle(**_kwargs: Any) -> None:
    """What was imported lives as long as the worker: the garbage collector need not look at it
    again and again, nor at the rows that a task is busy with. It took a sixth of an import."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
