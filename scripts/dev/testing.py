"""./dev test and ./dev bench: servers of their own, kept between runs, never those of ./dev run."""

import argparse
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dev.django_env import environment, python
from dev.folder import ROOT, Folder, open_folder
from dev.manage import call
from dev.postgres import CARELESS, ROOMY
from dev.servers import own_servers, wanted
from dev.words import Trouble, say

SERIAL = ("-n", "--numprocesses", "--pdb", "--trace", "-p", "--collect-only", "--co")


def test(arguments: Sequence[str]) -> int:
    with _slot() as folder:
        settings = CARELESS | {"shared_buffers": "256MB", "max_connections": "100"}
        try:
            return _test(folder, settings, arguments)
        except Trouble as trouble:
            # Without fsync a crash of the machine can spoil these; they are only a cache.
            say(f"{trouble}\nMaking the test servers anew …")
            shutil.rmtree(folder.home / "pg", ignore_errors=True)
            return _test(folder, settings, arguments)


def _test(folder: Folder, settings: dict[str, str], arguments: Sequence[str]) -> int:
    with own_servers(folder, "test", settings, lasting=False):
        env = environment(folder) | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        if wanted()[0]:  # on our own server tests/migrated.py may leave something for the next run
            env["BOTTEGA_TEST_SERVER"] = str(folder.path)
        if env.pop("PYTHONDONTWRITEBYTECODE", ""):
            # Kept elsewhere then: to compile tests and product anew takes half of collecting them.
            env["PYTHONPYCACHEPREFIX"] = str(folder.path / "bytecode")
        return call(python("-m", "pytest", *_parallel(arguments), *arguments), env)


def _parallel(arguments: Sequence[str]) -> list[str]:
    """As many at once as there are processors, who takes over from another what is left; a single
    named test is quicker alone."""
    if any(word.startswith(SERIAL) or "::" in word for word in arguments):
        return []
    return ["-n", str(len(os.sched_getaffinity(0))), "--dist", "worksteal"]


@contextmanager
def _slot() -> Iterator[Folder]:
    """Several ./dev test at once in one checkout: each takes the first free folder."""
    shelf = Path(os.environ.get("BOTTEGA_TEST_DATA") or ROOT / "var" / "test")
    shelf.mkdir(parents=True, exist_ok=True)
    number = 0
    while True:
        folder = open_folder(shelf / _flavour(number))
        with (folder.path / "slot").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                number += 1
                continue
            yield folder
            return


def _flavour(number: int) -> str:
    """Forced binaries get a cluster of their own: it may be another major version."""
    forced = os.environ.get("PGBIN", "")
    suffix = "-" + forced.strip("/").replace("/", "-") if forced else ""
    return f"{number}{suffix}"


def bench(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", add_help=False)
    parser.add_argument("--data", default=str(ROOT / "var" / "bench"))
    own, rest = parser.parse_known_args(arguments)
    script = ROOT / "scripts" / "bench"
    if not script.exists():
        raise Trouble("scripts/bench is not there.")
    folder = open_folder(own.data)
    with own_servers(folder, "bench", ROOMY):
        return call(python(str(script), *rest), environment(folder))
