"""What every module of invented data draws from: one clock, seeded chance, the people at work."""

import datetime as dt
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.utils import timezone

from crm.accounts.models import Team, User

T = TypeVar("T")


@dataclass
class World:
    """`area` seeds the chance, so that a change in one module shuffles no other."""

    area: str = ""
    now: dt.datetime = field(default_factory=lambda: timezone.now().replace(microsecond=0))

    @cached_property
    def random(self) -> random.Random:
        return random.Random(f"bottega {self.area}")

    @cached_property
    def users(self) -> dict[str, User]:
        rows = User.objects.select_related("role").prefetch_related("teams").order_by("pk")
        return {user.username: user for user in rows}

    @cached_property
    def teams(self) -> dict[str, Team]:
        return {team.name: team for team in Team.objects.order_by("pk")}

    def at_work(self, days_ago: float, minutes: int | None = None) -> dt.datetime:
        """A moment of a working day about so long ago, never in the future."""
        local = timezone.localtime(self.now) - dt.timedelta(days=days_ago)
        if minutes is None:
            while local.isoweekday() in (6, 7):
                local -= dt.timedelta(days=1)
            minutes = self.random.randrange(8 * 60, 18 * 60)
        moment = local.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)
        while moment > self.now:
            moment -= dt.timedelta(days=1)
        return moment

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, things: Sequence[T]) -> T:
        return self.random.choice(things)

    def some(self, things: Sequence[T], most: int) -> list[T]:
        return self.random.sample(list(things), self.random.randint(0, min(most, len(things))))

    def weighted(self, things: Sequence[T], weights: Sequence[int]) -> T:
        return self.random.choices(things, weights)[0]

    def digits(self, count: int) -> str:
        return "".join(self.random.choice("0123456789") for _digit in range(count))


def slug(text: str) -> str:
    """For mail addresses and domains: "Știința Verde SRL" → "stiinta-verde-srl"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return "-".join(words)
