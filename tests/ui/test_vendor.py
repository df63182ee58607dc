"""What we serve of others is what MANIFEST.json says, and nothing else."""

import base64
import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text())


def test_every_vendored_file_is_unchanged() -> None:
    for name, facts in MANIFEST.items():
        digest = hashlib.sha384((VENDOR / name).read_bytes()).digest()
        assert facts["sha384"] == "sha384-" + base64.b64encode(digest).decode(), name


def test_every_vendored_file_is_in_the_manifest_with_a_licence() -> None:
    found = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert found - {"MANIFEST.json"} == {name for name in MANIFEST if not name.startswith("..")}
    assert all(facts["licence"] and facts["version"] for facts in MANIFEST.values())


def test_the_versions_are_the_locked_ones() -> None:
    root = VENDOR.parents[1]
    locked = json.loads((root / "package-lock.json").read_text())["packages"]
    for facts in MANIFEST.values():
        assert locked["node_modules/" + facts["package"]]["version"] == facts["version"]
    assert not any("resolved" in entry for entry in locked.values())
