"""./dev run: the whole product in one command, and everything that may be killed."""

import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.toolchain.driver import (
    ask,
    data_folder,
    dev,
    eventually,
    started,
    version_stamp,
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.smoke
def test_one_command_starts_the_product_keeps_it_alive_and_ends_it_whole() -> None:
    port = str(free_port())
    run = ("run", "--port", port, "--empty")
    with data_folder() as data:
        with started(*run, data=data, ready="Ctrl-C ends everything") as one:
            assert f"Bottega is at http://localhost:{port}" in one.said()
            assert healthy(int(port))
            for name in ("gunicorn", "celery", "postgres -D", "valkey.sock"):
                os.kill(one.pid_of(name), signal.SIGKILL)
            assert eventually(lambda: one.said().count("is running again.") >= 4, 30), one.said()
            assert eventually(lambda: healthy(int(port)))
            before = ask(one.folder, "SELECT count(*) FROM django_migrations")
            os.kill(one.popen.pid, signal.SIGKILL)
            one.popen.wait(10)
            assert eventually(lambda: one.pids() == []), "the kernel takes the children, too"
        with started(*run, data=data, ready="Ctrl-C ends everything") as again:
            assert "migrations" not in again.said(), "the second start has nothing to prepare"
            assert healthy(int(port))
            assert ask(again.folder, "SELECT count(*) FROM django_migrations") == before
            assert again.end() == 0
            assert again.pids() == []
            assert "Stopped." in again.said()
        assert version_stamp(data)["demo"] is False
        assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_port_in_use_is_named_with_a_way_out() -> None:
    with data_folder() as data, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = dev("run", "--port", str(port), "--data", str(data))
        assert refused.returncode == 1
        assert f"Port {port} on 127.0.0.1 is not free" in refused.stdout
        assert f"./dev run --port {port + 1}" in refused.stdout


def test_with_addresses_from_outside_nothing_embedded_is_started() -> None:
    with data_folder() as data:
        outside = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://x"}
        refused = dev("run", "--port", str(free_port()), "--data", str(data), **outside)
        assert refused.returncode == 1
        assert "those of DATABASE_URL and REDIS_URL" in refused.stdout
        assert not (data / "pg").exists()


def test_manage_joins_the_running_servers_or_starts_its_own() -> None:
    with data_folder() as data:
        question = "from django.db import connection as c; c.ensure_connection(); print('answered')"
        alone = dev("manage", "--data", str(data), "shell", "-c", question)
        assert "answered" in alone.stdout, alone.stdout
        with started("servers", data=data, ready="Ready."):
            joined = dev("manage", "--data", str(data), "shell", "-c", question)
            assert "answered" in joined.stdout, joined.stdout


def test_without_python_one_line_says_what_to_do(tmp_path: Path) -> None:
    # A machine without Python: a copy of ./dev away from its .venv, and a PATH with bash's needs.
    script = (Path(__file__).resolve().parents[2] / "dev").read_text()
    copy = tmp_path / "dev"
    copy.write_text(script.replace("/usr/bin/python3", "/nowhere/python3"))
    copy.chmod(0o755)
    for name in ("bash", "env", "readlink", "dirname"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = subprocess.run([str(copy), "run"], env={"PATH": str(tmp_path)}, capture_output=True)
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert b"apt-get install python3" in done.stderr


def test_an_unknown_command_lists_the_known_ones() -> None:
    done = dev("dance")
    assert done.returncode == 2
    assert "./dev run" in done.stdout
