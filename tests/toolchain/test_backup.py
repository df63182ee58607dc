"""A backup comes back whole: every table's count and every file's hash."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dev import database
from dev.folder import Folder
from dev.postgres import url

from tests.toolchain.driver import ask, data_folder, dev, started
from tests.toolchain.driver import database as cursor_of

FILES = {
    "2026/11/offer.pdf": b"%PDF-1.7 an offer",
    "2026/11/שרטוט מפה.txt": "שלום".encode(),
    "large.bin": bytes(range(256)) * 4000,
    "empty.txt": b"",
}


def hashes(files: Path) -> dict[str, str]:
    return {
        path.relative_to(files).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files.rglob("*")
        if path.is_file()
    }


def counts(folder: Folder) -> dict[str, int]:
    with database.session(url(folder)) as connection, connection.cursor() as cursor:
        return database.counts(cursor)


def fill(folder: Folder) -> None:
    for name, content in FILES.items():
        path = folder.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with cursor_of(folder) as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(
            "CREATE TABLE people AS SELECT n, 'דוד ' || n name FROM generate_series(1, 5000) n"
        )
        cursor.execute("CREATE INDEX ON people USING gin (name gin_trgm_ops)")
        cursor.execute("CREATE TABLE nothing (id bigint PRIMARY KEY)")


@contextmanager
def backed_up() -> Iterator[tuple[Path, dict[str, int]]]:
    """A backup made while the servers run, as it happens in life."""
    with data_folder() as data:
        backup = data.parent / "bottega.tar"
        with started("servers", data=data, ready="Ready.") as one:
            fill(one.folder)
            expected = counts(one.folder)
            done = dev("backup", str(backup), "--data", str(data))
            assert done.returncode == 0, done.stdout
        yield backup, expected


@pytest.mark.slow
def test_what_an_older_version_kept_is_brought_up_to_date() -> None:
    last = "SELECT name FROM django_migrations WHERE app = 'documents' ORDER BY id DESC LIMIT 1"
    with data_folder() as data, data_folder("fresh") as fresh:
        backup = data.parent / "bottega.tar"
        with started("servers", data=data, ready="Ready.") as one:
            older = dev("manage", "--data", str(data), "migrate", "documents", "0001")
            assert older.returncode == 0, older.stdout
            assert ask(one.folder, last) == "0001_initial"
            assert dev("backup", str(backup), "--data", str(data)).returncode == 0
        done = dev("restore", str(backup), "--data", str(fresh))
        assert done.returncode == 0, done.stdout
        assert "Preparing the database (" in done.stdout
        with started("servers", data=fresh, ready="Ready.") as copy:
            assert ask(copy.folder, last) != "0001_initial"


@pytest.mark.slow
@pytest.mark.smoke
def test_a_restored_copy_has_every_row_and_every_file() -> None:
    with backed_up() as (backup, expected), data_folder("fresh") as fresh:
        assert backup.stat().st_mode & 0o077 == 0, "nobody else may read it"
        done = dev("restore", str(backup), "--data", str(fresh))
        assert done.returncode == 0, done.stdout
        with started("servers", data=fresh, ready="Ready.") as copy:
            assert counts(copy.folder) == expected
            assert hashes(copy.folder.files) == {
                name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()
            }
        again = dev("restore", str(backup), "--data", str(fresh))
        assert again.returncode == 1
        assert "add --yes" in again.stdout


@pytest.mark.slow
def test_a_restore_with_yes_replaces_all_and_leaves_nothing_of_the_old() -> None:
    with backed_up() as (backup, expected), data_folder("used") as used:
        with started("servers", data=used, ready="Ready.") as before:
            (before.folder.files / "old.txt").write_text("old")
            with cursor_of(before.folder) as cursor:
                cursor.execute("CREATE TABLE old (id int)")
        done = dev("restore", str(backup), "--yes", "--data", str(used))
        assert done.returncode == 0, done.stdout
        with started("servers", data=used, ready="Ready.") as after:
            assert counts(after.folder) == expected
            assert set(hashes(after.folder.files)) == set(FILES)
            with cursor_of(after.folder) as cursor:
                cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
                assert {row[0] for row in cursor.fetchall()} == {"crm", "postgres"}


@pytest.mark.slow
def test_a_damaged_backup_changes_nothing() -> None:
    with backed_up() as (backup, _expected), data_folder("target") as target:
        damaged = backup.with_name("damaged.tar")
        content = bytearray(backup.read_bytes())
        place = content.find(FILES["2026/11/offer.pdf"])
        content[place + 3] ^= 0xFF
        damaged.write_bytes(content)
        done = dev("restore", str(damaged), "--data", str(target))
        assert done.returncode == 1
        assert "damaged" in done.stdout
        truncated = backup.with_name("truncated.tar")
        truncated.write_bytes(backup.read_bytes()[: len(content) // 2])
        done = dev("restore", str(truncated), "--data", str(target))
        assert done.returncode == 1, done.stdout
        assert not (target / "pg").exists(), "the target has not even been started"


def test_a_foreign_tar_and_one_that_leads_outside_are_refused(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"product": "another"}))
    foreign = tmp_path / "foreign.tar"
    with tarfile.open(foreign, "w") as tar:
        tar.add(manifest, "manifest.json")
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(hostile, "w") as tar:
        tar.add(manifest, "../outside.json")
    with data_folder() as data:
        for one, words in ((foreign, "another product"), (hostile, "not a whole backup")):
            done = dev("restore", str(one), "--data", str(data))
            assert done.returncode == 1
            assert words in done.stdout
        assert not (data / "outside.json").exists()
