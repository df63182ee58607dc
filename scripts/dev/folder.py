"""The data folder: what lies where, who holds it, which accounts may read it."""

import fcntl
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dev.accounts import Account, can_enter, server_account
from dev.words import Trouble

ROOT = Path(__file__).resolve().parents[2]
PREPARE = ROOT / "scripts" / "dev" / "prepare.py"
LAYOUT = 1
# sun_path has 108 bytes on Linux, one of them the closing NUL.
LONGEST_SOCKET = 107


@dataclass(frozen=True)
class Folder:
    path: Path
    account: Account
    home: Path  # of the servers' own data: `path`, unless their account cannot get there
    sockets: Path

    @property
    def pg(self) -> Path:
        return self.home / "pg"

    @property
    def valkey(self) -> Path:
        return self.home / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def mail(self) -> Path:
        return self.path / "mail"

    def remembered(self) -> dict[str, Any]:
        stamp = self.path / "VERSION"
        if not stamp.exists():
            return {}
        return dict(json.loads(stamp.read_text()))

    def remember(self, **facts: Any) -> None:
        stamp = self.path / "VERSION"
        draft = stamp.with_suffix(".new")
        draft.write_text(json.dumps(self.remembered() | facts, indent=2) + "\n")
        draft.replace(stamp)

    def secret_key(self) -> str:
        kept = self.path / "secret_key"
        if not kept.exists():
            draft = kept.with_suffix(".new")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(64))
            draft.replace(kept)
        return kept.read_text().strip()


def open_folder(path: str | Path | None = None) -> Folder:
    """Make the folder if it is new, and find out where the servers can keep their part."""
    chosen = Path(path or os.environ.get("BOTTEGA_DATA") or ROOT / "var").expanduser().absolute()
    account = server_account()
    if not chosen.exists():
        chosen.mkdir(parents=True)
        # Servers under another account have to pass through; they cannot list what is here.
        chosen.chmod(0o711 if account.differs else 0o700)
    chosen = chosen.resolve()
    if not os.access(chosen, os.W_OK | os.X_OK):
        raise Trouble(f"The data folder {chosen} cannot be written to by this user.")
    home = _home(chosen, account)
    folder = Folder(chosen, account, home, _sockets(chosen, home, account))
    _refuse_strangers(folder)
    for inner in (folder.log, folder.files, folder.mail):
        inner.mkdir(mode=0o700, exist_ok=True)
    if not folder.remembered():
        folder.remember(product="bottega", layout=LAYOUT)
    return folder


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _home(path: Path, account: Account) -> Path:
    if not account.differs:
        return path
    elsewhere = account.home / "data" / _mark(path)
    if (elsewhere / "pg").exists() or not can_enter(account, path):
        elsewhere.mkdir(mode=0o711, parents=True, exist_ok=True)
        return elsewhere
    return path


def _sockets(path: Path, home: Path, account: Account) -> Path:
    own = home / "run"
    if len(os.fsencode(own / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return _private(own, account)
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and not account.differs and os.access(runtime, os.W_OK | os.X_OK):
        short = Path(runtime) / f"bottega-{_mark(path)}"
        if len(os.fsencode(short / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return _private(short, account)
    return _private(Path("/tmp") / f"bottega-{account.uid}-{_mark(path)}", account)


def _private(place: Path, account: Account) -> Path:
    """A folder only the servers' account can enter; anything else at that name is refused."""
    try:
        place.mkdir(mode=0o700)
        account.give(place)
    except FileExistsError:
        found = place.lstat()
        theirs = found.st_uid != account.uid or not stat.S_ISDIR(found.st_mode)
        if theirs or stat.S_IMODE(found.st_mode) & 0o077:
            raise Trouble(f"{place} is in the way: it belongs to somebody else.") from None
    return place


def _refuse_strangers(folder: Folder) -> None:
    facts = folder.remembered()
    if facts and facts.get("product") != "bottega":
        raise Trouble(f"{folder.path} holds something that is not Bottega's.")
    if facts.get("layout", LAYOUT) > LAYOUT:
        raise Trouble(f"{folder.path} was made by a newer Bottega.")
    if folder.pg.exists() and folder.pg.stat().st_uid != folder.account.uid:
        raise Trouble(
            f"{folder.pg} was made by user number {folder.pg.stat().st_uid}; "
            f"start as that user, or choose another folder with --data."
        )


class Busy(Trouble):
    """Another ./dev holds this folder's servers."""

    def __init__(self, folder: Folder, holder: dict[str, Any]) -> None:
        self.holder = holder
        what = holder.get("what", "another command")
        where = f", at {holder['url']}" if holder.get("url") else ""
        pid = holder.get("pid", "?")
        super().__init__(
            f"“./dev {what}” is already running on {folder.path} (process {pid}{where})."
        )


def hold(folder: Folder, what: str, url: str = "") -> IO[str]:
    """The folder's servers are ours till this is closed. However we end, the kernel closes it."""
    lock = (folder.path / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Busy(folder, _holder(folder)) from None
    lock.truncate(0)
    lock.write(json.dumps({"what": what, "pid": os.getpid(), "url": url}))
    lock.flush()
    return lock


def _holder(folder: Folder) -> dict[str, Any]:
    try:
        return dict(json.loads((folder.path / "lock").read_text()))
    except (OSError, ValueError):
        return {}


@contextmanager
def joined(folder: Folder, *, alone: bool = False) -> Iterator[None]:
    """Shared: we use servers that somebody else started. Alone: wait till all users have left."""
    with (folder.path / "users").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
