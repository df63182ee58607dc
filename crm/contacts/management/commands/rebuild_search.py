from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from crm.contacts.models import Contact
from crm.contacts.rebuilding import rebuild_search


class Command(BaseCommand):
    help = "Reckons anew by which words contacts are found; changes only what is out of date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, but change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        looked = stale = 0
        for looked, stale in rebuild_search(Contact, dry_run=options["dry_run"]):
            if options["verbosity"] > 1:
                self.stdout.write(f"{looked} looked at, {stale} out of date")
        verb = "would be written" if options["dry_run"] else "written"
        self.stdout.write(f"{looked} contacts looked at, {stale} {verb} anew.")
