"""./dev run: everything in one process group tree, for as long as the terminal wants it."""

import argparse
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from types import FrameType
from typing import IO

from dev.django_env import environment, python
from dev.folder import PREPARE, ROOT, Busy, Folder, hold, open_folder
from dev.keeper import Keeper
from dev.logs import LogFollower, rotate
from dev.processes import Child, end, marked
from dev.servers import Servers, wanted
from dev.words import Trouble, last_lines, say

CODE = [ROOT / room for room in ("activities", "crm")]  # what is started anew when it changes
FIRST_ANSWER = 90  # seconds; a cold machine reads a lot of Python


class Stop(Exception):
    """Asked to end: Ctrl-C, SIGTERM or a closed terminal."""


def _stop(number: int, _frame: FrameType | None) -> None:
    # From now on impatience is ignored: ending takes seconds and must be whole.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Stop(signal.Signals(number).name)


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--data", help="data folder (var/)")
    parser.add_argument("--reload", action="store_true", help="restart when the code changes")
    demo = parser.add_mutually_exclusive_group()
    demo.add_argument("--empty", action="store_true", help="no demo data on the first start")
    demo.add_argument("--demo", action="store_true", help="fill in the demo data even later")
    return parser.parse_args(arguments)


def run(arguments: Sequence[str]) -> int:
    chosen = options(arguments)
    folder = open_folder(chosen.data)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _stop)
    url = f"http://localhost:{chosen.port}"
    try:
        with _patiently_hold(folder, url):
            return _run(folder, chosen, url)
    except Stop:
        say("Stopped.")
        return 0


def _patiently_hold(folder: Folder, url: str) -> IO[str]:
    """A short ./dev manage may be using the folder: wait for it. Another run: say so."""
    deadline = time.monotonic() + 15
    while True:
        try:
            return hold(folder, "run", url)
        except Busy as busy:
            if busy.holder.get("what") in {"run", "servers"} or time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _run(folder: Folder, chosen: argparse.Namespace, url: str) -> int:
    if end(lambda: marked(str(folder.path)), signal.SIGTERM, patience=4):
        say("Ended what a killed run had left behind.")
    _check_port(chosen.host, chosen.port)
    for name in ("web", "worker", "beat", "postgres", "valkey", "prepare"):
        rotate(folder.log / f"{name}.log")
    servers = Servers(folder)
    keeper = Keeper(servers)
    try:
        _start_servers(servers)
        env = environment(folder, port=chosen.port, debug=chosen.reload)
        demo = _prepare(folder, chosen, env)
        follower = LogFollower(folder.log)
        keeper.add(_product(folder, chosen, env))
        _wait_for_web(chosen, keeper)
        say(_welcome(folder, url, demo))
        keeper.watch(follower, CODE if chosen.reload else ())
    except Stop:
        say("\nStopping …")
        raise
    finally:
        keeper.stop()
    return 0


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Trouble(
                f"This user may not listen on port {port}: ./dev run --port 8000"
            ) from None
        except OSError as error:
            raise Trouble(
                f"Port {port} on {host} is not free ({error.strerror}). "
                f"Try another one: ./dev run --port {port + 1}"
            ) from None


def _start_servers(servers: Servers) -> None:
    with_postgres, with_valkey = wanted()
    if servers.folder.account.differs and with_postgres:
        say(
            f"You are root: the database runs as “{servers.folder.account.name}”, the rest as root."
        )
    names = [name for name, on in (("Postgres", with_postgres), ("Valkey", with_valkey)) if on]
    if not names:
        say("Database and queue: those of DATABASE_URL and REDIS_URL.")
        return
    began = time.monotonic()
    first = with_postgres and not servers.folder.pg.exists()
    say(f"Starting {' and '.join(names)}{' (first time: making a database)' if first else ''} …")
    servers.start()
    say(f"  ready after {time.monotonic() - began:.1f} s")


def _prepare(folder: Folder, chosen: argparse.Namespace, env: dict[str, str]) -> bool:
    """Migrations and demo data, in one process: importing Django twice would double the wait."""
    demo = folder.remembered().get("demo")
    # A database from outside gets invented people only when somebody asks for them.
    by_default = demo is None and wanted()[0] and not chosen.empty
    seed = chosen.demo or by_default
    log = folder.log / "prepare.log"
    command = python("-P", str(PREPARE), *(["--demo"] if seed else []))
    with log.open("ab") as err:
        child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=err)
        try:
            for line in child.stdout or ():
                say(line.decode(errors="replace").rstrip())
            code = child.wait()
        finally:
            child.kill()
            child.wait()
    if code:
        raise Trouble(f"Preparing the database failed.\n{last_lines(log, 25)}")
    if seed or demo is None:
        folder.remember(demo=seed)
    return bool(seed or demo)


def _product(folder: Folder, chosen: argparse.Namespace, env: dict[str, str]) -> list[Child]:
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    web = python("-m", "gunicorn", "crm.wsgi:application", "--bind", f"{host}:{chosen.port}")
    web += ["--reload"] if chosen.reload else []
    celery = python("-m", "celery", "-A", "crm.celery")
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
    commands = {"web": web, "worker": worker, "beat": beat}
    return [
        # With us dead the servers are going, too: Celery would wait for them for ever.
        Child(
            name,
            command,
            folder.log / f"{name}.log",
            env,
            ROOT,
            die_with=signal.SIGTERM if name == "web" else signal.SIGKILL,
        )
        for name, command in commands.items()
    ]


def _wait_for_web(chosen: argparse.Namespace, keeper: Keeper) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(chosen.host, chosen.host)
    address = f"http://{host}:{chosen.port}/healthz"
    deadline = time.monotonic() + FIRST_ANSWER
    while time.monotonic() < deadline:
        web = keeper.child("web")
        if not web.running:
            raise Trouble(f"The web server {web.ended()}.\n{last_lines(web.log, 25)}")
        if _answers(address):
            return
        time.sleep(0.1)
    raise Trouble(f"The web server does not answer at {address}.\n{last_lines(web.log, 25)}")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _welcome(folder: Folder, url: str, demo: bool) -> str:
    lines = ["", f"  Bottega is at {url}"]
    if demo:
        lines.append("  Sign in as admin, manager, agent or technician; the password is demo")
    else:
        place = "" if folder.path == ROOT / "var" else f"--data {folder.path} "
        lines.append(f"  First sign-in: ./dev manage {place}createsuperuser")
    lines.append(f"  Data and logs: {folder.path}")
    if (folder.mail).exists():
        lines.append(f"  Mail is not sent but kept in {folder.mail}")
    return "\n".join([*lines, "  Ctrl-C ends everything.", ""])
