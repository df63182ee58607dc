"""One database for each size in the benchmark's own cluster, kept for the next time."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg2

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Stock:
    """How much a database holds."""

    companies: int
    events: int = 0

    @property
    def database(self) -> str:
        return f"bench_{self.companies}" + (f"_{self.events}" if self.events else "")

    def __str__(self) -> str:
        events = f" and {self.events:,} events" if self.events else ""
        return f"{self.companies:,} companies{events}"


def environment(stock: Stock) -> dict[str, str]:
    base = re.sub(r"/[^/]*$", "", os.environ["DATABASE_URL"])
    return os.environ | {
        "DATABASE_URL": f"{base}/{stock.database}",
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


def ensure(stock: Stock) -> dict[str, str]:
    """The environment of the filled database that holds this much."""
    env = environment(stock)
    connection = connect(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [stock.database])
        if cursor.fetchone() is None:
            print(f"Loading {stock} …", flush=True)
            cursor.execute(f"CREATE DATABASE {stock.database}")
    connection.close()
    load = [sys.executable, "-m", "bench.load", str(stock.companies), str(stock.events)]
    subprocess.run(load, cwd=ROOT, env=env, check=True)
    return env
