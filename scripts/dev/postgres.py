"""Postgres on a Unix socket: no TCP, no password, only our own account (STACK.md §3)."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg2

from dev.accounts import Account
from dev.binaries import Postgres, choose_postgres
from dev.folder import Folder
from dev.processes import MARK, Child, end, working_in
from dev.words import Trouble, last_lines

USER = "crm"
DATABASE = "crm"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_preload_libraries": "pg_stat_statements",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# For tests: a crash of the machine may cost the data, a crash of the server may not.
CARELESS_BY_WISH = "BOTTEGA_FSYNC"  # =off: the tests of this tool, which start many clusters
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ROOMY = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
}


def url(folder: Folder, database: str = DATABASE) -> str:
    return f"postgres://{USER}@{quote(str(folder.sockets), safe='')}/{database}"


def connect(folder: Folder, database: str = DATABASE) -> "psycopg2.extensions.connection":
    return psycopg2.connect(host=str(folder.sockets), user=USER, dbname=database, connect_timeout=5)


def _major_of(cluster: Path) -> int | None:
    stamp = cluster / "PG_VERSION"
    return int(stamp.read_text()) if stamp.exists() else None


def binaries_for(folder: Folder) -> Postgres:
    return choose_postgres(folder.account, _major_of(folder.pg))


def prepare(folder: Folder) -> Child:
    """A child that can be started: cluster made, leftovers of a killed run cleared away."""
    chosen = binaries_for(folder)
    clear_leftovers(folder)
    if not folder.pg.exists():
        _initdb(folder, chosen)
    return _child(folder, chosen, {})


def with_settings(child: Child, settings: Mapping[str, str]) -> Child:
    child.command = [*child.command, *_options(settings)]
    return child


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _child(folder: Folder, chosen: Postgres, extra: Mapping[str, str]) -> Child:
    settings = {**SETTINGS, "unix_socket_directories": str(folder.sockets), **extra}
    settings |= {"fsync": "off"} if os.environ.get(CARELESS_BY_WISH) == "off" else {}
    command = [str(chosen.bin / "postgres"), "-D", str(folder.pg), *_options(settings)]
    return Child(
        "postgres",
        command,
        folder.log / "postgres.log",
        clean_environment(folder),
        folder.home,
        folder.account,
        stop_with=signal.SIGINT,  # "fast": open connections are ended, nothing is lost
        die_with=signal.SIGINT,
    )


def clean_environment(folder: Folder) -> dict[str, str]:
    """No PG* variable of the caller may redirect a server or a tool of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", MARK: str(folder.path)}


def clear_leftovers(folder: Folder) -> None:
    """Servers that a killed run left, and the pid file of one that is gone."""
    pid_file = folder.pg / "postmaster.pid"
    if working_in(folder.pg):
        heads = lambda: _heads(pid_file, folder.pg)  # noqa: E731 - read again at every look
        end(heads, signal.SIGINT)
        end(lambda: working_in(folder.pg), signal.SIGTERM, patience=3)
    # A process with the number in it may live: it is not Postgres, or it would be listed above.
    pid_file.unlink(missing_ok=True)
    for socket in folder.sockets.glob(".s.PGSQL.*"):
        socket.unlink(missing_ok=True)


def _heads(pid_file: Path, cluster: Path) -> list[int]:
    try:
        number = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return []
    return [pid for pid in working_in(cluster) if pid == number]


def _initdb(folder: Folder, chosen: Postgres) -> None:
    """Made beside and renamed, so that a killed initdb leaves nothing half done."""
    draft = folder.home / "pg.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    folder.account.give(draft)
    command = [str(chosen.bin / "initdb"), "-D", str(draft), "-U", USER, "-E", "UTF8"]
    # C.UTF-8 of libc: in any other C locale pg_trgm finds no trigrams in Hebrew.
    command += ["--locale=C.UTF-8", "--data-checksums", "--auth=peer"]
    command += ["--no-sync"] if os.environ.get(CARELESS_BY_WISH) == "off" else []
    done = subprocess.run(
        command,
        cwd=folder.home,
        env=clean_environment(folder),
        capture_output=True,
        text=True,
        check=False,
        **folder.account.identity(),
    )
    if done.returncode:
        raise Trouble(f"initdb failed:\n{done.stdout[-500:]}{done.stderr[-1500:]}")
    _write_access(draft, folder.account)
    draft.rename(folder.pg)
    folder.remember(postgres=chosen.major, database_user=USER)


def _write_access(cluster: Path, account: Account) -> None:
    """Peer authentication: the kernel says who is calling; our account (or root, as root) may."""
    names = {account.name} | ({"root"} if account.differs else set())
    idents = "".join(f'me "{name}" {USER}\n' for name in sorted(names))
    for name, text in (
        ("pg_ident.conf", idents),
        ("pg_hba.conf", f"local all {USER} peer map=me\n"),
    ):
        (cluster / name).write_text(text)
        account.give(cluster / name)


def wait_ready(folder: Folder, child: Child, seconds: float = 60) -> None:
    """A real SELECT, since a server can be there without answering."""
    deadline = time.monotonic() + seconds
    while True:
        if not child.running:
            raise Trouble(f"Postgres {child.ended()}.\n{last_lines(child.log)}")
        try:
            _ensure_database(folder)
            break
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Postgres does not answer: {error}\n{last_lines(child.log)}"
                ) from error
            time.sleep(0.05)
    _assert_trigrams(folder)


def answers(folder: Folder) -> bool:
    try:
        connection = connect(folder)
    except psycopg2.OperationalError:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()
    return True


def _ensure_database(folder: Folder) -> None:
    if answers(folder):
        return
    connection = connect(folder, "postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()


def _assert_trigrams(folder: Folder) -> None:
    connection = connect(folder)
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT show_trgm('דוד') <> '{}'")
        row = cursor.fetchone()
    connection.rollback()
    connection.close()
    if not row or not row[0]:
        raise Trouble("This Postgres cannot search Hebrew text: its locale is not C.UTF-8.")
