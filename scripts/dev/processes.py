"""Child processes that cannot outlive us, and what a killed run has left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dev.accounts import Account

PR_SET_PDEATHSIG = 1
# In the environment of every child, so that a later run recognises the orphans of a killed one.
MARK = "BOTTEGA_SUPERVISED"


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _dies_with_parent(sig: signal.Signals) -> Callable[[], None]:
    """The kernel sends `sig` when the supervisor ends, even by kill -9."""
    libc, parent = _libc(), os.getpid()

    def prepare() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
        if os.getppid() != parent:  # it died before prctl could take effect
            os._exit(1)

    return prepare


@dataclass
class Child:
    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    cwd: Path
    account: Account | None = None
    stop_with: signal.Signals = signal.SIGTERM
    die_with: signal.Signals = signal.SIGTERM
    popen: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        identity = self.account.identity() if self.account else {}
        with self.log.open("ab") as out:
            self.popen = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.cwd,
                env=dict(self.env),
                start_new_session=True,  # Ctrl-C reaches only the supervisor, which decides
                preexec_fn=_dies_with_parent(self.die_with),  # noqa: PLW1509 - we have no threads
                **identity,
            )
        self.started_at = time.monotonic()

    @property
    def running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def ended(self) -> str:
        code = self.popen.returncode if self.popen else None
        if code is None:
            return "has not been started"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    def tell(self, sig: signal.Signals) -> None:
        if self.popen and self.popen.poll() is None:
            self.popen.send_signal(sig)

    def sweep(self) -> None:
        """Whatever is left of its process group after the head is gone."""
        if self.popen and self.popen.poll() is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)


def stop_all(children: Iterable[Child], patience: float) -> None:
    """Ask all of them, wait for all of them, then insist."""
    waiting = [child for child in children if child.popen is not None]
    for child in waiting:
        child.tell(child.stop_with)
    for insist in (signal.SIGQUIT, signal.SIGKILL):
        if wait_until(lambda: not any(child.running for child in waiting), patience):
            break
        for child in waiting:
            child.tell(insist)
        patience = 5
    for child in waiting:
        if child.popen:
            child.popen.wait()
        child.sweep()


def wait_until(done: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def alive(pid: int) -> bool:
    """A zombie is dead: where PID 1 does not reap, it would look alive for ever."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _processes() -> list[int]:
    if not Path("/proc/self/stat").exists():
        return []
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def working_in(folder: Path) -> list[int]:
    """Postgres and Valkey change into their data folder; nothing else of ours does."""
    found = []
    for pid in _processes():
        try:
            where = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if where == str(folder) and pid != os.getpid() and alive(pid):
            found.append(pid)
    return found


def marked(value: str) -> list[int]:
    wanted = f"{MARK}={value}".encode()
    found = []
    for pid in _processes():
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment and pid != os.getpid() and alive(pid):
            found.append(pid)
    return found


def end(find: Callable[[], list[int]], first: signal.Signals, patience: float = 10) -> int:
    """End the processes that `find` names; returns how many there were."""
    count = len(find())
    for sig, seconds in ((first, patience), (signal.SIGQUIT, 3), (signal.SIGKILL, 3)):
        pids = find()
        if not pids:
            break
        for pid in pids:
            try:
                os.kill(pid, sig)
            except (ProcessLookupError, PermissionError):
                continue
        wait_until(lambda: not find(), seconds)
    return count
