"""Dockerfile, compose file and .env.example: no engine is at hand, so they are read closely."""

import ast
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Of the images themselves, not of ours.
OF_IMAGES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"}
OF_PYTHON = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
OF_PIP = {"PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK"}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def services() -> dict[str, dict[str, Any]]:
    return dict(compose()["services"])


def read_by_settings() -> set[str]:
    """First arguments of every env.…("NAME") call."""
    parts = sorted((ROOT / "crm" / "settings").glob("*.py"))
    return {
        node.args[0].value
        for part in parts
        for node in ast.walk(ast.parse(part.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def named_in_example() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=", text, re.MULTILINE))


def test_every_variable_of_the_example_is_read_and_every_one_read_is_in_the_example() -> None:
    # STATIC_FINDERS belongs to ./dev run; production collects its static files.
    assert named_in_example() - OF_IMAGES == read_by_settings() - {"STATIC_FINDERS"}


def test_every_variable_of_the_compose_file_is_known() -> None:
    known = read_by_settings() | OF_IMAGES
    for name, service in services().items():
        assert set(service.get("environment", {})) <= known, name
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert used <= named_in_example()


def test_every_variable_of_the_dockerfile_is_known() -> None:
    known = read_by_settings() | OF_PYTHON | OF_PIP
    named = {
        name
        for line in re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE)
        for name in re.findall(r"(\w+)=", line)
    }
    assert named <= known


def commands() -> list[list[str]]:
    found = [service["command"] for service in services().values() if "command" in service]
    found += [
        ast.literal_eval(line) for line in re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)
    ]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_exists(command: list[str]) -> None:
    program, *rest = command
    if program == "valkey-server":  # the image's own
        return
    venv = ROOT / ".venv" / "bin"
    assert shutil.which(program, path=str(venv)), program
    if rest[0] == "manage.py":
        assert rest[1] in get_commands()
    if program == "celery":
        assert rest[:2] == ["-A", "crm.celery"]
        assert rest[2] in {"worker", "beat"}
    if program == "gunicorn":
        assert rest[0] == "crm.wsgi:application"


def test_there_is_exactly_one_beat_and_one_migrate_before_the_others() -> None:
    beats = [name for name, one in services().items() if "beat" in one.get("command", [])]
    assert beats == ["beat"]
    assert services()["beat"]["deploy"]["replicas"] == 1
    assert services()["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        waits = services()[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["postgres"]["condition"] == "service_healthy"


def test_the_database_can_search_hebrew_and_everything_has_its_duties() -> None:
    assert "--locale=C.UTF-8" in services()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    for name in ("web", "worker", "postgres", "valkey"):
        assert "test" in services()[name]["healthcheck"], name
    for name, service in services().items():
        assert service["init"] is True, name
        if not service.get("build"):
            assert re.search(r":v?\d", service["image"]), f"{name}: pin the image"
    assert services()["mailpit"]["profiles"] == ["try"]


def test_every_volume_is_declared_and_used() -> None:
    used = {
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose()["volumes"])


def test_only_this_machine_reaches_the_ports() -> None:
    for service in services().values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_image_is_small_pinned_and_not_root() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.11-slim"] * 2
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["bottega"]
    assert "--no-install-recommends" in DOCKERFILE
    assert "rm -rf /var/lib/apt/lists/*" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE
    assert not re.search(r"^ADD |:latest|sudo|chmod 777", DOCKERFILE, re.MULTILINE)


def test_what_the_dockerfile_copies_exists_and_is_not_ignored() -> None:
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    for line in re.findall(r"^COPY ((?!--from).+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source in let_in, f"{source} is kept out by .dockerignore"


def test_the_libraries_for_pdf_are_those_that_ci_and_doctor_name() -> None:
    from dev.doctor import PANGO

    for package in PANGO.split():
        assert package in DOCKERFILE
        assert package in (ROOT / ".ci" / "run").read_text()
