"""The web server, the same in ./dev run, in the container and in the benchmark."""

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
