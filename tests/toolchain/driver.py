"""Runs ./dev the way a person does: as a program, in a data folder of its own."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from dev import postgres
from dev.folder import Folder, open_folder
from dev.processes import marked, working_in

ROOT = Path(__file__).resolve().parents[2]
# Set for the suite itself; a ./dev started by a test must find out by itself.
OURS = (
    *("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "BOTTEGA_DATA", "BOTTEGA_SUPERVISED"),
    *("SECRET_KEY", "FILES_DIR", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS", "STATIC_FINDERS"),
    *("DEBUG", "HTTPS", "DJANGO_SETTINGS_MODULE"),
)


def clean_environment(**more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith("PYTEST")
    }
    # Killing a server loses nothing without fsync, only a crash of the machine does.
    return kept | {"BOTTEGA_FSYNC": "off"} | more


def dev(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(ROOT / "dev"), *words],
        env=clean_environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=150,
    )


@contextmanager
def data_folder(name: str = "data") -> Iterator[Path]:
    """Not pytest's tmp_path: as root the servers' own account has to get there."""
    base = Path(tempfile.mkdtemp(prefix="bottega-test-", dir="/tmp"))
    base.chmod(0o711)
    try:
        yield base / name
    finally:
        shutil.rmtree(base, ignore_errors=True)


class Started:
    """A ./dev that stays: `run` or `servers`."""

    def __init__(self, *words: str, data: Path, **more: str) -> None:
        self.data = data
        self.output = data.parent / f"{data.name}.output"
        with self.output.open("wb") as out:
            self.popen = subprocess.Popen(
                [str(ROOT / "dev"), *words, "--data", str(data)],
                env=clean_environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str, seconds: float = 150) -> None:
        eventually(lambda: words in self.said() or self.popen.poll() is not None, seconds)
        assert words in self.said(), self.said()

    def end(self, sig: signal.Signals = signal.SIGTERM) -> int:
        if self.popen.poll() is None:
            self.popen.send_signal(sig)
        return self.popen.wait(40)

    @property
    def folder(self) -> Folder:
        with without_suite():
            return open_folder(self.data)

    def pids(self) -> list[int]:
        """Everything that belongs to this folder, however deep."""
        folder = self.folder
        found = marked(str(folder.path)) + working_in(folder.pg) + working_in(folder.valkey)
        return sorted(set(found))

    def pid_of(self, words: str) -> int:
        for pid in self.pids():
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            if words in line and parent == self.popen.pid:
                return pid
        raise AssertionError(f"no child {words}: {self.said()}")


@contextmanager
def started(*words: str, data: Path, ready: str, **more: str) -> Iterator[Started]:
    one = Started(*words, data=data, **more)
    try:
        one.wait_for(ready)
        yield one
    finally:
        one.end()
        for pid in one.pids():
            os.kill(pid, signal.SIGKILL)


@contextmanager
def without_suite() -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in OURS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


@contextmanager
def database(folder: Folder) -> Iterator["psycopg2.extensions.cursor"]:
    connection = postgres.connect(folder)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def ask(folder: Folder, query: str) -> object:
    with database(folder) as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row else None


def eventually(true: Callable[[], object], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


def version_stamp(data: Path) -> dict[str, object]:
    return dict(json.loads((data / "VERSION").read_text()))
