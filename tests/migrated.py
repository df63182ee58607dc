"""A database in which every migration has run: made once, copied for every worker of every run.

Only on the server that ./dev test starts itself: nothing is left on one from outside.
"""

import ast
import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dev import database
from dev.django_env import python
from dev.folder import PREPARE, ROOT

NAME = "migrated_"
DRAFT = "migrating"


def migrated_database() -> str | None:
    """Its name, for CREATE DATABASE … TEMPLATE."""
    if "BOTTEGA_TEST_SERVER" not in os.environ:
        return None
    name, url = NAME + _fingerprint(), os.environ["DATABASE_URL"]
    with (
        (Path(os.environ["BOTTEGA_TEST_SERVER"]) / DRAFT).open("a") as lock,
        database.session(database.with_name(url, "postgres")) as connection,
        connection.cursor() as cursor,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other workers wait for the first
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{NAME}|^{DRAFT}$"])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for old in there:
                database.drop(cursor, old)
            cursor.execute(f"CREATE DATABASE {DRAFT}")
            _migrate(database.with_name(url, DRAFT))
            cursor.execute(f"ALTER DATABASE {DRAFT} RENAME TO {name}")
    return name


def _migrate(url: str) -> None:
    """In a process of its own: this one's connection is not to be led elsewhere."""
    env = os.environ | {"DATABASE_URL": url}
    done = subprocess.run(
        python("-P", str(PREPARE)), cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _fingerprint() -> str:
    digest = hashlib.sha256()
    locks = {ROOT / "requirements.txt", *(ROOT / "requirements").glob("*.txt")}
    for path in sorted(_code() | locks):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _code() -> set[Path]:
    """The migrations, and what of ours they import, however deep.

    What models of today say is not among it: `migrate` is called in each copy, too, and writes
    content types and permissions that are new.
    """
    rooms = (ROOT / "crm", ROOT / "activities")
    found, waiting = set[Path](), [path for room in rooms for path in room.rglob("migrations/*.py")]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            for name in _imported(ast.parse(path.read_text())):
                place = ROOT / name.replace(".", "/")
                files = (place.with_suffix(".py"), place / "__init__.py")
                waiting += [file for file in files if file.is_file()]
    return found


def _imported(code: ast.Module) -> Iterator[str]:
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
