"""What changes rarely and is asked for by every page, kept in each process."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, ClassVar, Generic, TypeVar

from django.core.cache import cache

CACHE_SECONDS = 600
SECONDS_BELIEVED = 1
T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """As it was read under a stamp, and when the cache last gave that stamp."""

    stamp: str
    value: Any
    asked_at: float


class Kept(Generic[T]):
    """`read(key)`, kept for as long as the stamp in the cache is the one it was read under; what it
    answers is shared: change none.

    A page asks several times; the cache is asked once a second, so what an administrator changes
    is everywhere within that second, if whoever changes it calls `forget` when it is committed.
    """

    known: ClassVar[dict[str, Known]] = {}

    def __init__(self, name: str, read: Callable[[str], T]) -> None:
        self.name, self.read = name, read

    def get(self, key: str = "") -> T:
        place, now = self._place(key), monotonic()
        known = self.known.get(place)
        if known and now < known.asked_at + SECONDS_BELIEVED:
            return known.value
        stamp = cache.get(place)
        if stamp and known and known.stamp == stamp:
            self.known[place] = replace(known, asked_at=now)
            return known.value
        if not stamp:
            # Before the reading: whoever changes it meanwhile takes this stamp away again.
            stamp = uuid.uuid4().hex
            cache.set(place, stamp, CACHE_SECONDS)
        value = self.read(key)
        self.known[place] = Known(stamp, value, now)
        return value

    def forget(self, key: str = "") -> None:
        cache.delete(self._place(key))
        self.known.pop(self._place(key), None)

    def _place(self, key: str) -> str:
        return f"kept:{self.name}:{key}"


def forget_everything_kept() -> None:
    """In this process; the cache is emptied by itself."""
    Kept.known.clear()
