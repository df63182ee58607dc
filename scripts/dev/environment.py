"""Make the virtual environment match the locks, then hand over to the command.

Standard library only: this runs before anything is installed.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {
    "run": ("requirements.txt", "requirements/embedded.txt"),
    "dev": ("requirements.txt", "requirements/embedded.txt", "requirements/dev.txt"),
}
NEEDS_DEV = {"test", "check", "bench"}
NEEDS_NOTHING = {"help", "--help", "-h"}


def fingerprint(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def up_to_date(kind: str) -> bool:
    if not PYTHON.exists() or not stamp(kind).exists():
        return False
    return stamp(kind).read_text().strip() == fingerprint(LOCKS[kind])


def make_venv() -> None:
    if works(PYTHON):
        return
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("Python's venv module is missing. On Debian: apt-get install python3-venv")
    print("Making a virtual environment in .venv …", flush=True)
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    maker = str(base) if base.exists() else sys.executable
    # --clear: a venv whose Python was upgraded away cannot be repaired, only made again.
    made = subprocess.run([maker, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode:
        sys.exit(
            "The virtual environment could not be made. On Debian: apt-get install python3-venv"
        )


def works(python: Path) -> bool:
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def install(kind: str) -> None:
    names = LOCKS[kind]
    wanted = {
        line.split("==")[0]
        for name in names
        for line in (ROOT / name).read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    }
    again = stamp(kind).exists()
    note = "the locks have changed" if again else "about a minute, once"
    print(f"Installing {len(wanted)} packages ({note}) …", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    for name in names:
        command += ["-r", str(ROOT / name)]
    follow(command, len(wanted))
    stamp(kind).write_text(fingerprint(names) + "\n")


def follow(command: list[str], total: int) -> None:
    """Run pip, keep its words for the case of failure, show only how far it is."""
    kept: list[str] = []
    seen = 0
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            kept.append(line)
            if line.startswith(("Collecting", "Requirement already")):
                seen += 1
                if seen % 25 == 0:
                    print(f"  {min(seen, total)} of {total}", flush=True)
            elif line.startswith("Installing collected"):
                print("  unpacking", flush=True)
    if pip.returncode:
        print("".join(kept[-20:]), file=sys.stderr)
        sys.exit("Installing the packages failed; pip's last lines are above.")


def ensure(kind: str) -> None:
    if up_to_date(kind):
        return
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"{ROOT} cannot be written to by this user, so .venv cannot be made there.")
    with (ROOT / "requirements.txt").open() as lock:  # any file that is always there
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not up_to_date(kind):  # another ./dev may have done it while we waited
            make_venv()
            install(kind)


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in NEEDS_NOTHING:
        ensure("dev" if command in NEEDS_DEV or stamp("dev").exists() else "run")
    python = str(PYTHON) if PYTHON.exists() else sys.executable
    os.execv(python, [python, str(ROOT / "scripts" / "dev"), *sys.argv[1:]])


if __name__ == "__main__":
    main()
