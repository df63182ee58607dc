"""./dev doctor: what is there, what is missing, and the exact line that brings it."""

import argparse
import ctypes.util
import os
import shutil
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.accounts import server_account
from dev.binaries import choose_valkey, usable_postgres, version_of
from dev.folder import open_folder
from dev.servers import wanted
from dev.words import Trouble, say

APT = "apt-get install --no-install-recommends"
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core"
GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    what: str
    good: bool
    words: str
    needed: bool = True  # for ./dev run; the others only switch something off


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"{version} ({sys.prefix})")


def _postgres() -> Finding:
    if not wanted()[0]:
        return Finding("Postgres", True, "the one of DATABASE_URL")
    found = [f"{one.version} in {one.bin}" for one in usable_postgres()]
    return Finding("Postgres", bool(found), "; ".join(found) or f"{APT} postgresql")


def _valkey() -> Finding:
    if not wanted()[1]:
        return Finding("Valkey", True, "the one of REDIS_URL")
    try:
        binary = choose_valkey(server_account())
    except Trouble as trouble:
        return Finding("Valkey", False, str(trouble))
    return Finding("Valkey", True, f"{version_of(binary)} in {binary.parent}")


def _pango() -> Finding:
    missing = [
        name for name in ("pango-1.0", "pangoft2-1.0") if ctypes.util.find_library(name) is None
    ]
    words = "for PDF" if not missing else f"no PDF without it: {APT} {PANGO}"
    return Finding("Pango", not missing, words, needed=False)


def _program(what: str, names: Sequence[str], package: str, purpose: str) -> Finding:
    found = next((path for name in names if (path := shutil.which(name))), None)
    words = f"{found} ({purpose})" if found else f"{purpose}: {APT} {package}"
    return Finding(what, found is not None, words, needed=False)


def _locale() -> Finding:
    encoding = sys.getfilesystemencoding().lower()
    good = encoding == "utf-8"
    return Finding("Locale", good, encoding if good else "set LANG=C.UTF-8", needed=False)


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free / GIGABYTE
    return Finding("Disk", free > 1, f"{free:.1f} GB free at {folder}", needed=free < 0.3)


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            words = f"{port} is in use; ./dev run --port {port + 1}"
            return Finding("Port", False, words, needed=False)
    return Finding("Port", True, f"{port} is free")


def _account() -> Finding:
    account = server_account()
    words = f"root; the servers run as “{account.name}”" if account.differs else account.name
    return Finding("Account", True, words)


def doctor(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev doctor")
    parser.add_argument("--data")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(arguments)
    folder = open_folder(chosen.data)
    chromium = ("chromium", "chromium-browser", "google-chrome")
    findings = [
        _python(),
        _account(),
        _postgres(),
        _valkey(),
        _disk(folder.path),
        _port(chosen.port),
        _locale(),
        _pango(),
        _program("Gettext", ("msgfmt",), "gettext", "for ./dev check and translators"),
        _program("Chromium", chromium, "chromium", "for the browser tests"),
    ]
    for finding in findings:
        mark = "ok     " if finding.good else ("MISSING" if finding.needed else "missing")
        say(f"{mark}  {finding.what:<9} {finding.words}")
    say(f"Data folder: {folder.path} (sockets in {folder.sockets})")
    if "BOTTEGA_DATA" in os.environ:
        say("  (from BOTTEGA_DATA)")
    return int(any(finding.needed and not finding.good for finding in findings))
