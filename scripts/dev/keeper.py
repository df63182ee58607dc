"""Keeps the children alive: who dies is started again, ever more patiently."""

import time
from collections.abc import Sequence
from pathlib import Path

from dev import postgres
from dev.logs import LogFollower
from dev.processes import Child, stop_all
from dev.servers import Servers
from dev.words import Trouble, say

LOOK_EVERY = 0.25
CALM_AFTER = 30.0  # a child that lived this long starts again with a clean slate
LONGEST_PAUSE = 30.0


class Keeper:
    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.children: list[Child] = []
        self.failures: dict[str, int] = {}
        self.due: dict[str, float] = {}

    def add(self, children: list[Child]) -> None:
        self.children += children
        for child in children:
            child.start()

    def child(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def stop(self) -> None:
        """First those that use the servers, then the servers."""
        stop_all(self.children, patience=12)
        self.servers.stop()

    def watch(self, follower: LogFollower, code: Sequence[Path] = ()) -> None:
        changed = newest(code) if code else 0.0
        while True:
            time.sleep(LOOK_EVERY)
            for line in follower.news():
                say(line)
            for child in [*self.servers.children, *self.children]:
                if not child.running:
                    self._revive(child)
            if code and (now := newest(code)) > changed:
                changed = now
                self._reload()

    def _reload(self) -> None:
        """Gunicorn sees changes by itself; the other two are ended and so started anew."""
        say("The code has changed: starting worker and beat again.")
        reloaded = [self.child("worker"), self.child("beat")]
        stop_all(reloaded, patience=10)
        for child in reloaded:
            child.start()

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        if child.name not in self.due:
            self._plan(child, now)
        elif now >= self.due[child.name]:
            del self.due[child.name]
            self._start_again(child)

    def _plan(self, child: Child, now: float) -> None:
        if now - child.started_at > CALM_AFTER:
            self.failures[child.name] = 0
        count = self.failures[child.name] = self.failures.get(child.name, 0) + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (count - 1))
        self.due[child.name] = now + pause
        child.sweep()
        say(f"{child.name} {child.ended()}; starting it again in {pause:g} s (log: {child.log})")

    def _start_again(self, child: Child) -> None:
        folder = self.servers.folder
        if child.name == "postgres":
            postgres.clear_leftovers(folder)
        elif child.name == "valkey":
            folder.valkey_socket.unlink(missing_ok=True)
        child.start()
        if child in self.servers.children:
            try:
                self.servers.wait_for(child)
            except Trouble as trouble:  # said, and tried again at the next look
                say(str(trouble))
                return
        say(f"{child.name} is running again.")


def newest(code: Sequence[Path]) -> float:
    files = (path for folder in code for path in folder.rglob("*.py"))
    return max((path.stat().st_mtime for path in files), default=0.0)
