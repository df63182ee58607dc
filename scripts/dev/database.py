"""Dumping, loading and swapping a database, wherever DATABASE_URL points."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from dev.binaries import Postgres, usable_postgres
from dev.folder import Folder
from dev.postgres import clean_environment
from dev.words import Trouble


def name_in(url: str) -> str:
    return urlsplit(url).path.lstrip("/").split("?")[0]


def with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def session(url: str) -> Iterator["psycopg2.extensions.connection"]:
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise Trouble(f"The database does not answer: {error}") from error
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def counts(cursor: "psycopg2.extensions.cursor") -> dict[str, int]:
    cursor.execute(
        "SELECT schemaname, tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    )
    found = {}
    for schema, table in cursor.fetchall():
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        cursor.execute(query)
        found[f"{schema}.{table}"] = int((cursor.fetchone() or (0,))[0])
    return found


def holds_tables(url: str) -> bool:
    with session(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')")
        return bool((cursor.fetchone() or (False,))[0])


def _tools(major: int) -> Postgres:
    """pg_dump refuses servers newer than itself; older ones are fine."""
    fitting = [one for one in usable_postgres() if one.major >= major]
    if not fitting:
        raise Trouble(f"pg_dump of Postgres {major} is needed: apt-get install postgresql-client")
    return fitting[0]


def dump(url: str, target: Path, folder: Folder) -> tuple[dict[str, int], str]:
    """The dump and the counts see the same instant: one exported snapshot."""
    with session(url) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, version = cursor.fetchone() or ("", "")
        tool = _tools(connection.server_version // 10000).bin / "pg_dump"
        command = [str(tool), "--format=custom", "--no-owner", "--no-privileges"]
        command += ["--no-comments", f"--snapshot={snapshot}", f"--file={target}", url]
        _call(command, folder)
        return counts(cursor), str(version)


def load(url: str, name: str, source: Path, folder: Folder) -> dict[str, int]:
    """Into a new database called `name`, whole or not at all; returns its counts."""
    with session(with_name(url, "postgres")) as connection, connection.cursor() as cursor:
        drop(cursor, name)
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        tool = _tools(connection.server_version // 10000).bin / "pg_restore"
    fresh = with_name(url, name)
    command = [str(tool), "--exit-on-error", "--single-transaction", "--no-owner"]
    _call([*command, "--no-privileges", f"--dbname={fresh}", str(source)], folder)
    with session(fresh) as connection, connection.cursor() as cursor:
        found = counts(cursor)
        cursor.execute("ANALYZE")
    return found


def drop(cursor: "psycopg2.extensions.cursor", name: str) -> None:
    query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    cursor.execute(query)


def swap(url: str, fresh: str, old: str) -> None:
    """`fresh` takes the name the URL gives; what had it is called `old` from then on."""
    current = name_in(url)
    with session(with_name(url, "postgres")) as connection, connection.cursor() as cursor:
        drop(cursor, old)
        _end_sessions(cursor, current, fresh)
        _rename(cursor, current, old)
        try:
            _rename(cursor, fresh, current)
        except psycopg2.Error:
            _rename(cursor, old, current)
            raise


def _end_sessions(cursor: "psycopg2.extensions.cursor", *names: str) -> None:
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = ANY(%s) AND pid <> pg_backend_pid()",
        [list(names)],
    )


def _rename(cursor: "psycopg2.extensions.cursor", name: str, new: str) -> None:
    query = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    cursor.execute(query.format(sql.Identifier(name), sql.Identifier(new)))


def forget(url: str, name: str) -> None:
    with session(with_name(url, "postgres")) as connection, connection.cursor() as cursor:
        drop(cursor, name)


def _call(command: list[str], folder: Folder) -> None:
    done = subprocess.run(
        command, env=clean_environment(folder), capture_output=True, text=True, check=False
    )
    if done.returncode:
        name = Path(command[0]).name
        raise Trouble(f"{name} failed:\n{done.stderr.strip()[-1500:]}")
