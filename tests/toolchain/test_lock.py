"""The locks: hashes only, one version of each package, everything that is asked for."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {
    "requirements.txt": "requirements/prod.in",
    "requirements/embedded.txt": "requirements/embedded.in",
    "requirements/dev.txt": "requirements/dev.in",
}
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;]+)(?: ; [^\\]+)?( \\)?$")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?$")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if pin := PIN.match(line):
            found.setdefault(normal(pin[1]), set()).add(pin[2])
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_with_hashes_and_no_addresses(lock: str) -> None:
    previous = ""
    for line in (ROOT / lock).read_text().splitlines():
        assert PIN.match(line) or HASH.match(line), f"{lock}: {line}"
        if PIN.match(line):
            assert line.endswith(" \\"), f"{lock}: {line} has no hash"
            assert not previous.endswith("\\")
        previous = line
    assert "://" not in (ROOT / lock).read_text()


@pytest.mark.parametrize(("lock", "asked"), LOCKS.items())
def test_what_is_asked_for_is_locked_in_that_version(lock: str, asked: str) -> None:
    locked = pins(lock)
    for line in (ROOT / asked).read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, version = line.partition("==")
        name = normal(name.split("[")[0])
        assert name in locked, f"{name}: run scripts/lock"
        assert not version or locked[name] == {version}, f"{name}: run scripts/lock"


def test_a_package_has_the_same_version_in_every_lock() -> None:
    together: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, versions in pins(lock).items():
            assert together.setdefault(name, versions) == versions, f"{name} in {lock}"


def test_what_only_the_earliest_python_3_11_needs_is_locked_too() -> None:
    # Debian 12 has 3.11.2; redis asks for async-timeout below 3.11.3.
    assert "async-timeout" in pins("requirements.txt")
