"""Which account the servers run under. Postgres refuses root, so root lends them another one."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.words import Trouble

SYSTEM_USER = "bottega"
SYSTEM_HOME = Path("/var/lib/bottega")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int
    home: Path
    differs: bool  # from the account we run under ourselves

    def identity(self) -> dict[str, Any]:
        """Arguments for subprocess: become this account, keep none of root's groups."""
        if not self.differs:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        if self.differs:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid) if uid else _system_entry()
    except KeyError:
        raise Trouble(
            f"User number {uid} has no name on this machine; Postgres needs one."
        ) from None
    home = SYSTEM_HOME if not uid else Path(entry.pw_dir)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, home, differs=not uid)


def _system_entry() -> pwd.struct_passwd:
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _create_system_user()
    if entry.pw_dir != str(SYSTEM_HOME):
        raise Trouble(
            f"The user “{SYSTEM_USER}” is a person here, not our system user. "
            "Start Bottega as an ordinary user instead of root."
        )
    SYSTEM_HOME.mkdir(mode=0o755, exist_ok=True)
    return entry


def _create_system_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise Trouble(
            "Postgres does not run as root and useradd is missing: start as another user."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", str(SYSTEM_HOME), "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 9}:  # 9: another ./dev has just made it
        raise Trouble(f"The system user “{SYSTEM_USER}” could not be made: {done.stderr.strip()}")
    return pwd.getpwnam(SYSTEM_USER)


def can_enter(account: Account, path: Path) -> bool:
    """Asked by trying, as that account: no permission arithmetic of our own."""
    command = ["/usr/bin/test", "-x", str(path)]
    done = subprocess.run(command, cwd="/", check=False, **account.identity())
    return done.returncode == 0


def can_run(account: Account, binary: Path) -> bool:
    try:
        done = subprocess.run(
            [str(binary), "--version"],
            cwd="/",
            capture_output=True,
            timeout=20,
            check=False,
            **account.identity(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
