"""Valkey (or Redis) on a Unix socket: the queue's wake-up calls and the cache."""

import signal
import time

import redis

from dev.binaries import choose_valkey
from dev.folder import Folder
from dev.postgres import clean_environment
from dev.processes import Child, end, working_in
from dev.words import Trouble, last_lines, say


def url(folder: Folder) -> str:
    return f"unix://{folder.valkey_socket}"


def broker_url(folder: Folder) -> str:
    return f"redis+socket://{folder.valkey_socket}?virtual_host=0"


def prepare(folder: Folder, *, lasting: bool = True) -> Child:
    binary = choose_valkey(folder.account)
    if working_in(folder.valkey):
        end(lambda: working_in(folder.valkey), signal.SIGTERM)
    folder.valkey_socket.unlink(missing_ok=True)
    if not folder.valkey.exists():
        folder.valkey.mkdir(mode=0o700)
        folder.account.give(folder.valkey)
    command = [str(binary), "--port", "0", "--unixsocket", str(folder.valkey_socket)]
    command += ["--unixsocketperm", "700", "--dir", str(folder.valkey), "--daemonize", "no"]
    command += ["--appendonly", "yes" if lasting else "no", "--save", ""]
    log = folder.log / "valkey.log"
    return Child("valkey", command, log, clean_environment(folder), folder.home, folder.account)


def client(folder: Folder) -> "redis.Redis":
    return redis.Redis(unix_socket_path=str(folder.valkey_socket), socket_timeout=5)


def answers(folder: Folder) -> bool:
    try:
        return bool(client(folder).ping())
    except redis.RedisError:  # also while it is still loading its file
        return False


def wait_ready(folder: Folder, child: Child, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    retried = False
    while not answers(folder):
        if not child.running and not retried:
            # Written by another server's version, or damaged. Nothing in it is owed to anybody:
            # what is owed stands in the database. It is put aside, not deleted.
            retried = True
            aside = folder.home / f"valkey.unreadable-{int(time.time())}"
            say(f"Valkey could not read its old file; put aside as {aside.name}.")
            folder.valkey.rename(aside)
            folder.valkey.mkdir(mode=0o700)
            folder.account.give(folder.valkey)
            child.start()
        elif not child.running or time.monotonic() > deadline:
            raise Trouble(f"Valkey {child.ended()}.\n{last_lines(child.log)}")
        time.sleep(0.05)
