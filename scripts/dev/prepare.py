"""Run by ./dev run inside the product's environment: migrate, then demo data if asked for."""

import gc
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:  # `migrate` would still walk every content type and permission
        return
    print(f"Preparing the database ({len(plan)} migrations) …", flush=True)
    began = time.monotonic()
    gc.disable()  # every state of the past becomes models: to look through them takes a third
    call_command("migrate", interactive=False, verbosity=0)
    gc.enable()
    print(f"  done after {time.monotonic() - began:.0f} s", flush=True)


def seed() -> None:
    if "seed_demo" not in get_commands():
        print("This copy has no demo data.", flush=True)
        return
    print("Filling in the demo data …", flush=True)
    began = time.monotonic()
    call_command("seed_demo", verbosity=0)
    print(f"  done after {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    # Started with -P: this folder's modules must not shadow the standard library's.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    django.setup()
    migrate()
    if "--demo" in sys.argv[1:]:
        seed()
