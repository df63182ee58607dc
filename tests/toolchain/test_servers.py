"""Postgres and Valkey from the wheels, under our supervisor."""

import os
import shutil
import signal
from pathlib import Path

import psycopg2
import pytest
from dev import postgres, valkey

from tests.toolchain.driver import ask, data_folder, database, dev, eventually, started

READY = "Ready."


@pytest.mark.smoke
def test_the_servers_start_on_sockets_only_and_know_hebrew() -> None:
    with data_folder() as data, started("servers", data=data, ready=READY) as one:
        assert ask(one.folder, "SHOW listen_addresses") == ""
        assert ask(one.folder, "SHOW data_checksums") == "on"
        assert ask(one.folder, "SELECT datcollate FROM pg_database LIMIT 1") == "C.UTF-8"
        with database(one.folder) as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
            cursor.execute("CREATE EXTENSION unaccent")
            cursor.execute("CREATE EXTENSION btree_gist")
        assert ask(one.folder, "SELECT show_trgm('דוד') <> '{}'") is True
        assert ask(one.folder, "SELECT lower('Ș') = 'ș'") is True
        assert valkey.client(one.folder).ping()
        one.end()
        assert one.pids() == []


def test_only_our_account_gets_in() -> None:
    with data_folder() as data, started("servers", data=data, ready=READY) as one:
        with pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg2.connect(host=str(one.folder.sockets), user="postgres", dbname="crm")
        assert one.folder.sockets.stat().st_mode & 0o077 == 0


def test_two_folders_do_not_disturb_each_other() -> None:
    with (
        data_folder() as first,
        data_folder() as second,
        started("servers", data=first, ready=READY) as one,
        started("servers", data=second, ready=READY) as other,
    ):
        with database(one.folder) as cursor:
            cursor.execute("CREATE TABLE only_here (id int)")
        assert ask(other.folder, "SELECT to_regclass('only_here')") is None
        one.end()
        assert ask(other.folder, "SELECT 1") == 1
        assert valkey.client(other.folder).ping()


def test_a_second_start_on_the_same_folder_says_so() -> None:
    with data_folder() as data, started("servers", data=data, ready=READY):
        second = dev("servers", "--data", str(data))
        assert second.returncode == 1
        assert "is already running on" in second.stdout


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["postgres", "valkey", "supervisor", "everything"])
def test_after_kill_9_the_folder_starts_again_with_its_data(victim: str) -> None:
    with data_folder() as data:
        with started("servers", data=data, ready=READY) as one:
            with database(one.folder) as cursor:
                cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            for pid in _victims(one.popen.pid, one.pids(), one.folder.pg, victim):
                os.kill(pid, signal.SIGKILL)
            if victim in {"supervisor", "everything"}:
                one.popen.wait(10)
                assert eventually(lambda: one.pids() == []), "the kernel ends the children"
        with started("servers", data=data, ready=READY) as again:
            assert ask(again.folder, "SELECT answer FROM kept") == 42
            assert valkey.client(again.folder).ping()


def _victims(supervisor: int, pids: list[int], pg: Path, victim: str) -> list[int]:
    if victim == "supervisor":
        return [supervisor]
    if victim == "everything":
        return [supervisor, *pids]
    if victim == "postgres":
        return [int((pg / "postmaster.pid").read_text().split()[0])]
    return [pid for pid in pids if b"valkey" in Path(f"/proc/{pid}/cmdline").read_bytes()[:300]]


def test_a_stale_pid_file_with_the_number_of_a_living_stranger_is_no_obstacle() -> None:
    with data_folder() as data:
        with started("servers", data=data, ready=READY) as one:
            left = (one.folder.pg / "postmaster.pid").read_text().splitlines()
        stale = one.folder.pg / "postmaster.pid"
        stale.write_text("\n".join([str(os.getppid()), *left[1:], ""]))
        one.folder.account.give(stale)
        with started("servers", data=data, ready=READY) as again:
            assert ask(again.folder, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_is_replaced_by_a_short_one() -> None:
    with (
        data_folder("d" * 120) as data,
        started("servers", data=data, ready=READY) as one,
    ):
        sockets = one.folder.sockets
        assert data not in sockets.parents
        assert len(str(sockets / ".s.PGSQL.5432")) <= 107
        assert ask(one.folder, "SELECT 1") == 1
    for left in sockets.iterdir():
        left.unlink()
    sockets.rmdir()


def test_a_folder_of_another_postgres_version_is_refused_with_the_way_out() -> None:
    with data_folder() as data:
        with started("servers", data=data, ready=READY) as one:
            stamp = one.folder.pg / "PG_VERSION"
        stamp.write_text("14\n")
        refused = dev("servers", "--data", str(data))
        assert refused.returncode == 1
        assert "The data was made by Postgres 14" in refused.stdout
        assert "./dev restore" in refused.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend the servers an account")
def test_as_root_in_a_closed_folder_nothing_is_opened(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with started("servers", data=closed / "var", ready=READY) as one:
        home = one.folder.home
        assert home.parent == Path("/var/lib/bottega/data")
        assert ask(one.folder, "SELECT 1") == 1
        assert closed.stat().st_mode & 0o777 == 0o700
        owner = (one.folder.pg / "PG_VERSION").stat().st_uid
        assert owner == one.folder.account.uid != 0
    _remove(home)


def _remove(home: Path) -> None:
    assert home.parent == Path("/var/lib/bottega/data")
    shutil.rmtree(home)


def test_an_interrupted_initdb_leaves_nothing_half_done() -> None:
    with data_folder() as data:
        (data / "pg.new").mkdir(parents=True)
        (data / "pg.new" / "PG_VERSION").write_text("18\n")
        data.chmod(0o711)
        with started("servers", data=data, ready=READY) as one:
            assert ask(one.folder, "SELECT 1") == 1
            assert not (one.folder.home / "pg.new").exists()
            assert postgres.answers(one.folder)
