"""./dev backup and ./dev restore: the database and the files in one tar that proves itself."""

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dev import database
from dev.django_env import environment, python
from dev.folder import PREPARE, ROOT, Folder, open_folder
from dev.restoring import put_back, unpack, verify
from dev.servers import any_servers, own_servers, wanted
from dev.words import Trouble, say

FORMAT = 1


def backup(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev backup")
    parser.add_argument("file", type=Path)
    parser.add_argument("--data")
    chosen = parser.parse_args(arguments)
    folder = open_folder(chosen.data)
    target: Path = chosen.file.absolute()
    if not target.parent.is_dir():
        raise Trouble(f"There is no folder {target.parent}.")
    # Beside the target and renamed: an interrupted backup is never taken for one.
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with any_servers(folder, "backup"):
            manifest = _write(folder, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    rows, files = sum(manifest["tables"].values()), len(manifest["files"])
    size = target.stat().st_size / 1_000_000
    say(f"{target}: {len(manifest['tables'])} tables, {rows} rows, {files} files, {size:.1f} MB")
    if not manifest["files_included"]:
        say("The documents lie in the object storage (STORAGE_BACKEND=s3) and are not in it.")
    return 0


def _write(folder: Folder, draft: Path) -> dict[str, Any]:
    env = environment(folder)
    in_folder = env.get("STORAGE_BACKEND", "folder") == "folder"
    with tempfile.TemporaryDirectory(dir=folder.path) as scratch:
        dump = Path(scratch) / "database.dump"
        tables, version = database.dump(env["DATABASE_URL"], dump, folder)
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
            tar.add(dump, "database.dump")
            files = _add_files(tar, Path(env["FILES_DIR"])) if in_folder else {}
            manifest = {
                "format": FORMAT,
                "product": "bottega",
                "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "postgres": version,
                "demo": bool(folder.remembered().get("demo")),
                "dump_sha256": sha256(dump),
                "tables": tables,
                "files": files,
                "files_included": in_folder,
            }
            _add_text(tar, "manifest.json", json.dumps(manifest, indent=1))
            tar.close()
            out.flush()
            os.fsync(out.fileno())
    return manifest


def _add_files(tar: tarfile.TarFile, files: Path) -> dict[str, str]:
    """Hash and content come from the same reading, so they cannot disagree."""
    hashes = {}
    for path in sorted(files.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(files).as_posix()
        try:
            with path.open("rb") as content:
                info = tar.gettarinfo(arcname=f"files/{name}", fileobj=content)
                reader = Hashing(content)
                tar.addfile(info, reader)  # type: ignore[arg-type]  # only read() is used
        except FileNotFoundError:  # purged while we were reading
            continue
        hashes[name] = reader.digest.hexdigest()
    return hashes


class Hashing:
    def __init__(self, content: io.BufferedReader) -> None:
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.content.read(size)
        self.digest.update(chunk)
        return chunk


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(text.encode()), int(time.time()), 0o600
    tar.addfile(info, io.BytesIO(text.encode()))


def sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def restore(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--data")
    parser.add_argument("--yes", action="store_true", help="replace what the target holds")
    chosen = parser.parse_args(arguments)
    folder = open_folder(chosen.data)
    scratch = folder.path / "restore.new"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        say("Checking the backup …")
        manifest = verify(unpack(chosen.file, scratch), scratch)
        # Not joined: a running web or worker would write into the old database meanwhile.
        if wanted() == (False, False):
            _restore(folder, manifest, scratch, sure=chosen.yes)
        else:
            with own_servers(folder, "restore"):
                _restore(folder, manifest, scratch, sure=chosen.yes)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


def _restore(folder: Folder, manifest: dict[str, Any], scratch: Path, *, sure: bool) -> None:
    env = environment(folder)
    files = Path(env["FILES_DIR"])
    if not sure and (database.holds_tables(env["DATABASE_URL"]) or has_files(files)):
        raise Trouble("The target is not empty. To replace everything in it, add --yes.")
    put_back(folder, env["DATABASE_URL"], manifest, scratch, files)
    if "public.django_migrations" in manifest["tables"]:  # made by an older version, maybe
        _bring_up_to_date(env)
    # Never again demo data into what is restored, unless it came from there.
    folder.remember(demo=bool(manifest.get("demo")))
    say(f"Restored: {len(manifest['tables'])} tables and {len(manifest['files'])} files, compared.")


def _bring_up_to_date(env: dict[str, str]) -> None:
    done = subprocess.run(python("-P", str(PREPARE)), cwd=ROOT, env=env, check=False)
    if done.returncode:
        raise Trouble("The data is back as it was; bringing it up to date failed, as told above.")


def has_files(files: Path) -> bool:
    return files.is_dir() and any(path.is_file() for path in files.rglob("*"))
