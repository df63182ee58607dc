"""The web server, the same in ./dev run, in the container and in the benchmark."""

import gc
from pathlib import Path

# Threads, because browsers open connections in advance: without them two idle ones
# would occupy both workers.
workers = 2
threads = 4
worker_class = "gthread"
keepalive = 5
graceful_timeout = 10
accesslog = "-"
errorlog = "-"
# Workers touch a file to show that they live; a slow disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None


def post_worker_init(worker: object) -> None:
    """What was imported lives as long as the worker: the garbage collector need not look at it
    again and again. A full look at everything costs more than drawing a page, and a look at what
    each page has left, a tenth of it: several leave before one."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
