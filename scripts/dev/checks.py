"""./dev check: one line per check, the tool's own words only where it fails."""

import os
import re
import secrets
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from shutil import which

from dev.django_env import VENV_BIN, manage
from dev.folder import ROOT
from dev.words import say

LANGUAGES = ("it", "ro", "he")


@dataclass(frozen=True)
class Result:
    ok: bool
    output: str = ""
    note: str = ""


def development_environment() -> dict[str, str]:
    """Enough for the tools to import the settings; no server is asked."""
    return os.environ | {
        "SECRET_KEY": "only-for-the-tools-" + "k" * 40,
        "DEBUG": "0",
        "STATIC_FINDERS": "1",
        "DATABASE_URL": "postgres:///nowhere",
        "REDIS_URL": "redis://localhost:1/0",
    }


def example_environment() -> dict[str, str]:
    """.env.example as a careful person fills it in: only the secrets differ."""
    given = {}
    for line in (ROOT / ".env.example").read_text().splitlines():
        found = re.match(r"([A-Z][A-Z0-9_]*)=(.*)", line)
        if found:
            given[found[1]] = found[2].strip().strip("\"'")
    return {"PATH": os.environ.get("PATH", ""), **given, "SECRET_KEY": secrets.token_urlsafe(64)}


def command(*words: str, env: dict[str, str] | None = None) -> Callable[[], Result]:
    def check() -> Result:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=env or development_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Result(done.returncode == 0, done.stdout)

    return check


def tool(name: str, *words: str) -> Callable[[], Result]:
    return command(str(VENV_BIN / name), *words)


def translations() -> Result:
    if not (ROOT / "locale").is_dir():
        return Result(True, note="no locale/ yet")
    if which("msgfmt") is None:
        return Result(False, "msgfmt is missing: apt-get install gettext")
    bad = [words for code in LANGUAGES for words in _incomplete(code)]
    return Result(not bad, "\n".join(bad))


def _incomplete(code: str) -> list[str]:
    catalogues = sorted((ROOT / "locale" / code / "LC_MESSAGES").glob("*.po"))
    if not catalogues:
        return [f"{code}: no catalogue"]
    bad = []
    for catalogue in catalogues:
        with tempfile.NamedTemporaryFile(suffix=".mo") as compiled:
            words = ["msgfmt", "--check", "--statistics", "-o", compiled.name, str(catalogue)]
            env = os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
            done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
        summary = done.stderr.strip()
        if done.returncode or "fuzzy" in summary or "untranslated" in summary:
            bad.append(f"{catalogue.relative_to(ROOT)}: {summary}")
        elif not catalogue.with_suffix(".mo").exists():
            bad.append(f"{catalogue.relative_to(ROOT)}: its .mo is not there")
    return bad


def checks() -> dict[str, Callable[[], Result]]:
    strict = ("-W", "error")
    quiet = ("-W", "ignore::RuntimeWarning")  # makemigrations would like to ask the database
    python = str(VENV_BIN / "python")
    script = str(ROOT / "manage.py")
    deploy = ("check", "--deploy", "--fail-level", "WARNING")
    return {
        # The slow one first: the others run beside it.
        "types (mypy)": tool("mypy"),
        "style (ruff)": tool("ruff", "check", "--output-format", "concise", "."),
        "format (ruff)": tool("ruff", "format", "--check", "--output-format", "concise", "."),
        "layers (import-linter)": tool("lint-imports"),
        "system check": command(python, *strict, script, "check", "--fail-level", "WARNING"),
        "migrations are complete": command(
            python, *quiet, script, "makemigrations", "--check", "--dry-run"
        ),
        "translations are complete": translations,
        "deployment (.env.example)": command(*manage(*deploy), env=example_environment()),
    }


def check(arguments: Sequence[str]) -> int:
    chosen = {
        name: run
        for name, run in checks().items()
        if not arguments or any(word in name for word in arguments)
    }
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(_timed, run) for name, run in chosen.items()}
        failed = [name for name, future in running.items() if not _report(name, *future.result())]
    seconds = time.monotonic() - began
    if failed:
        say(f"{len(failed)} of {len(chosen)} checks failed ({seconds:.0f} s)")
        return 1
    say(f"All {len(chosen)} checks passed ({seconds:.0f} s)")
    return 0


def _timed(run: Callable[[], Result]) -> tuple[Result, float]:
    began = time.monotonic()
    return run(), time.monotonic() - began


def _report(name: str, result: Result, seconds: float) -> bool:
    note = f"  ({result.note})" if result.note else ""
    say(f"{'ok  ' if result.ok else 'FAIL'}  {name:<28}{seconds:6.1f} s{note}")
    if not result.ok:
        say("\n".join("      " + line for line in result.output.rstrip().splitlines()[-60:]))
    return result.ok
