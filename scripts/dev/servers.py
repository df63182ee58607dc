"""Postgres and Valkey together: started for as long as they are needed, or joined."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from dev import postgres, valkey
from dev.folder import Busy, Folder, hold, joined
from dev.processes import Child, stop_all
from dev.words import Trouble


def wanted() -> tuple[bool, bool]:
    """Whether Postgres, whether Valkey: an address from outside means hands off."""
    return "DATABASE_URL" not in os.environ, "REDIS_URL" not in os.environ


@dataclass
class Servers:
    folder: Folder
    children: list[Child] = field(default_factory=list)

    def start(self, settings: Mapping[str, str] | None = None, *, lasting: bool = True) -> None:
        with_postgres, with_valkey = wanted()
        if with_postgres:
            child = postgres.prepare(self.folder)
            self.children.append(postgres.with_settings(child, settings or {}))
        if with_valkey:
            self.children.append(valkey.prepare(self.folder, lasting=lasting))
        try:
            for child in self.children:
                child.start()
            for child in self.children:
                self.wait_for(child)
        except BaseException:  # also Ctrl-C: nothing may stay behind, and it goes on upwards
            self.stop()
            raise

    def wait_for(self, child: Child) -> None:
        if child.name == "postgres":
            postgres.wait_ready(self.folder, child)
        else:
            valkey.wait_ready(self.folder, child)

    def stop(self, patience: float = 20) -> None:
        stop_all(self.children, patience)


def addresses(folder: Folder) -> dict[str, str]:
    with_postgres, with_valkey = wanted()
    found = {}
    if with_postgres:
        found["DATABASE_URL"] = postgres.url(folder)
    if with_valkey:
        found["REDIS_URL"] = valkey.url(folder)
        found["CELERY_BROKER_URL"] = valkey.broker_url(folder)
    return found


@contextmanager
def own_servers(
    folder: Folder, what: str, settings: Mapping[str, str] | None = None, *, lasting: bool = True
) -> Iterator[Servers]:
    """Started by us, stopped when we are done and everybody who joined has left."""
    with hold(folder, what):
        servers = Servers(folder)
        servers.start(settings, lasting=lasting)
        try:
            yield servers
        finally:
            with joined(folder, alone=True):
                servers.stop()


@contextmanager
def any_servers(folder: Folder, what: str, patience: float = 60) -> Iterator[None]:
    """The running ones if there are any, else our own for the time being."""
    if wanted() == (False, False):
        yield
        return
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            with own_servers(folder, what):
                yield
            return
        except Busy:
            pass
        with joined(folder):
            if _answer(folder):
                yield
                return
        time.sleep(0.2)
    raise Trouble("The servers of this folder are held by another process but do not answer.")


def _answer(folder: Folder) -> bool:
    with_postgres, with_valkey = wanted()
    return (not with_postgres or postgres.answers(folder)) and (
        not with_valkey or valkey.answers(folder)
    )
