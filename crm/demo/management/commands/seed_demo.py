"""Invented data for trying things out. A second run adds only what a newer version has more."""

import time
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from crm.demo import agenda, contacts, desk, doubles, fair, history, papers, profile, staff
from crm.demo.world import World

# In the order of the rooms. An area has `is_filled()` and `fill(world)`; later modules add theirs.
AREAS: tuple[ModuleType, ...] = (staff, profile, contacts, history, agenda, desk)
# Files are stored outside of the transaction that claims them, so these come after it; likenesses
# are looked for when everybody is there.
AFTERWARDS: tuple[ModuleType, ...] = (papers, fair, doubles)
LOCK = 0xB077E6A


class Command(BaseCommand):
    help = "Fills in a small service company with its customers; harmless when it is there."

    def handle(self, *args: Any, **options: Any) -> None:
        clock = World()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            for area in AREAS:
                self._fill(area, clock, options)
        for area in AFTERWARDS:
            self._fill(area, clock, options)

    def _fill(self, area: ModuleType, clock: World, options: dict[str, Any]) -> None:
        if area.is_filled():
            return
        began = time.monotonic()
        name = area.__name__.rpartition(".")[2]
        area.fill(World(area=name, now=clock.now))
        if options["verbosity"] > 1:
            self.stdout.write(f"{name}: {time.monotonic() - began:.1f} s")
