"""What is said to the person at the terminal."""

import os
import sys
from pathlib import Path


class Trouble(Exception):
    """Something the person can understand and do something about; the text says what."""


def say(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # `./dev run | head` must not take the servers down in the middle of their work.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open, it replaces stdout


def last_lines(path: Path, count: int = 15) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 8192))
        text = log.read().decode(errors="replace")
    return "\n".join("    " + line for line in text.splitlines()[-count:])
