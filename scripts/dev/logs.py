"""The children write their logs themselves; what is bad in them is repeated in the terminal."""

import re
from collections.abc import Iterator
from pathlib import Path

LARGE = 10 * 1024 * 1024
BAD = re.compile(r"\b(ERROR|CRITICAL|FATAL|PANIC)\b|^\S*(Error|Exception)\b")
# Postgres says FATAL for what is everyday life while it starts and stops.
HARMLESS = re.compile(
    r"FATAL: .*(starting up|not yet accepting|shutting down|administrator command|does not exist)"
)


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGE:
        log.replace(log.with_suffix(".log.1"))


class LogFollower:
    def __init__(self, folder: Path) -> None:
        self.places = {path: path.stat().st_size for path in folder.glob("*.log")}
        self.folder = folder
        self.inside: set[Path] = set()  # logs whose traceback is being repeated

    def news(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("*.log")):
            start = self.places.get(path, 0)
            size = path.stat().st_size
            if size <= start:
                self.places[path] = size  # shorter: somebody emptied it
                continue
            with path.open("rb") as log:
                log.seek(start)
                chunk = log.read(min(size - start, 1_000_000))
            whole = chunk[: chunk.rfind(b"\n") + 1] or chunk
            self.places[path] = start + len(whole)
            for line in whole.decode(errors="replace").splitlines():
                if self._matters(path, line):
                    yield f"{path.stem} | {line[:500]}"

    def _matters(self, path: Path, line: str) -> bool:
        if line.startswith("Traceback (most recent call last)"):
            self.inside.add(path)
            return True
        if path in self.inside:
            if line and not line.startswith((" ", "\t")):
                self.inside.discard(path)
            return True
        return bool(BAD.search(line)) and not HARMLESS.search(line)
