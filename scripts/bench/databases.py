"""One database for each size in the benchmark's own cluster, kept for the next time."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg2

ROOT = Path(__file__).resolve().parents[2]


def environment(size: int) -> dict[str, str]:
    base = re.sub(r"/[^/]*$", "", os.environ["DATABASE_URL"])
    return os.environ | {
        "DATABASE_URL": f"{base}/bench_{size}",
        "PYTHONPATH": f"{ROOT / 'scripts'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DEBUG": "0",
        "HTTPS": "0",
        "STATIC_FINDERS": "1",
    }


def connect(url: str) -> Any:
    """Outside of Django: the SQL alone."""
    found = re.match(r"\w+://(?:([^:@/]+)(?::([^@/]*))?@)?([^/]*?)(?::(\d+))?/(.*)$", url)
    if not found:
        raise SystemExit(f"DATABASE_URL is not understood: {url}")
    user, password, host, port, name = (unquote(part) if part else None for part in found.groups())
    connection = psycopg2.connect(
        user=user, password=password, host=host, port=port, dbname=name, connect_timeout=5
    )
    connection.autocommit = True
    return connection


def ensure(size: int) -> dict[str, str]:
    """The environment of the filled database of this size."""
    env = environment(size)
    connection = connect(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"bench_{size}"])
        if cursor.fetchone() is None:
            print(f"Loading {size:,} companies …", flush=True)
            cursor.execute(f"CREATE DATABASE bench_{size}")
    connection.close()
    subprocess.run([sys.executable, "-m", "bench.load", str(size)], cwd=ROOT, env=env, check=True)
    return env
