"""The two halves of a restore: prove the backup, then change places with what is there."""

import hashlib
import json
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any

from dev import database, valkey
from dev.folder import Folder
from dev.servers import wanted
from dev.words import Trouble, say


def unpack(source: Path, scratch: Path) -> dict[str, Any]:
    """Into our own scratch folder, plain files only (3.11.2 has no extraction filters yet)."""
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                _unpack_one(tar, member, scratch)
    except FileNotFoundError:
        raise Trouble(f"There is no {source}.") from None
    except (tarfile.TarError, EOFError, FileExistsError) as error:
        raise Trouble(f"{source} is not a whole backup: {error}") from error
    try:
        manifest = dict(json.loads((scratch / "manifest.json").read_text()))
    except (OSError, ValueError):
        raise Trouble(f"{source} is not a backup made by ./dev backup.") from None
    if manifest.get("product") != "bottega" or manifest.get("format") != 1:
        raise Trouble(f"{source} was made by another product or a newer Bottega.")
    return manifest


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, scratch: Path) -> None:
    parts = PurePosixPath(member.name).parts
    known = member.name in {"database.dump", "manifest.json"} or parts[:1] == ("files",)
    content = tar.extractfile(member) if member.isreg() else None
    if not known or ".." in parts or content is None:
        raise tarfile.TarError(f"“{member.name}” does not belong into it")
    target = scratch.joinpath(*parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with content, os.fdopen(descriptor, "wb") as out:
        shutil.copyfileobj(content, out, 1 << 20)


def verify(manifest: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """Every file against its hash before anything is touched, and no file that is not listed."""
    if _sha256(scratch / "database.dump") != manifest["dump_sha256"]:
        raise Trouble("The database in the backup is damaged (its hash differs).")
    unpacked = scratch / "files"
    unpacked.mkdir(mode=0o700, exist_ok=True)
    found = {
        path.relative_to(unpacked).as_posix(): _sha256(path)
        for path in unpacked.rglob("*")
        if path.is_file()
    }
    if found != manifest["files"]:
        wrong = sorted(set(found.items()) ^ set(manifest["files"].items()))
        raise Trouble(f"The files in the backup are damaged; the first is {wrong[0][0]}.")
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def put_back(
    folder: Folder, url: str, manifest: dict[str, Any], scratch: Path, files: Path
) -> None:
    """Load beside, compare, and only then rename: till that moment nothing has happened."""
    current = database.name_in(url)
    fresh, old = f"{current}_restored", f"{current}_before"
    say("Loading the database …")
    try:
        loaded = database.load(url, fresh, scratch / "database.dump", folder)
        if loaded != manifest["tables"]:
            wrong = sorted(set(loaded.items()) ^ set(manifest["tables"].items()))
            raise Trouble(f"The loaded database differs from the backup: {wrong[0]}")
        database.swap(url, fresh, old)
    except Trouble:
        database.forget(url, fresh)
        raise
    if manifest["files_included"]:
        _exchange_files(url, scratch / "files", files, old)
    database.forget(url, old)
    # What the cache remembers belongs to the old data.
    if wanted()[1]:
        valkey.client(folder).flushall()
    else:
        say("Clear the cache of your Redis: it remembers the old data.")


def _exchange_files(url: str, unpacked: Path, files: Path, old: str) -> None:
    """If the files cannot follow, the database goes back too: the two belong together."""
    aside = files.with_name(f"{files.name}.before-restore")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        if files.exists():
            files.rename(aside)
        files.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(unpacked, files)
    except OSError as error:
        if aside.exists() and not files.exists():
            aside.rename(files)
        current = database.name_in(url)
        database.swap(url, old, f"{current}_restored")
        database.forget(url, f"{current}_restored")
        raise Trouble(f"The files could not be replaced, all is as before: {error}") from error
    shutil.rmtree(aside, ignore_errors=True)
