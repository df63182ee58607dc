"""The list of commands. Each module is imported only when its command is asked for."""

import importlib
import sys
from collections.abc import Sequence

from dev.words import Trouble

COMMANDS = {
    "run": ("supervisor", "everything: database, queue, web, worker, timetable"),
    "manage": ("manage", "manage.py in the same environment (./dev manage migrate)"),
    "servers": ("manage", "only the database and the queue; prints their addresses"),
    "test": ("testing", "the tests, on throw-away servers (arguments go to pytest)"),
    "check": ("checks", "style, types, layers, migrations, translations, deployment"),
    "bench": ("testing", "the benchmarks of scripts/bench"),
    "doctor": ("doctor", "what this machine has and what it lacks"),
    "backup": ("backup", "./dev backup FILE: database and files into one tar"),
    "restore": ("backup", "./dev restore FILE [--yes]: the way back"),
}


def usage() -> str:
    lines = [f"  ./dev {name:<8} {words}" for name, (_, words) in COMMANDS.items()]
    return "\n".join(
        ["Bottega", *lines, "", "The data folder is var/, or --data DIR, or BOTTEGA_DATA."]
    )


def main(argv: Sequence[str]) -> int:
    name, *rest = argv or ["help"]
    if name in {"help", "--help", "-h"}:
        print(usage())
        return 0
    if name not in COMMANDS:
        print(f"./dev does not know “{name}”.\n\n{usage()}", file=sys.stderr)
        return 2
    module = importlib.import_module(f"dev.{COMMANDS[name][0]}")
    try:
        return int(getattr(module, name)(rest) or 0)
    except Trouble as trouble:
        print(f"./dev {name}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
