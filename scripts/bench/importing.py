"""How long an import takes and how much memory: `python -m bench.importing N` in its own process,
as a worker has one, on an empty database."""

import csv
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import ROOT, Stock, connect, environment

ROWS, NAME = 100_000, "import"
MOST_SECONDS, MOST_MEMORY = 60, 300
HEADINGS = (
    *("Company name", "Also known as", "VAT id", "Phone 1", "E-mail 1", "Address 1 street"),
    *("Address 1 postal code", "Address 1 city", "Address 1 province or region"),
    *("Address 1 country", "Language", "Notes"),
)


@dataclass(frozen=True)
class Imported:
    what: str
    rows: int
    seconds: float
    peak_mib: float

    def __str__(self) -> str:
        rate = self.rows / self.seconds
        return (
            f"  {self.what:<28}{self.seconds:8.1f} s  {rate:6.0f} rows/s  peak memory "
            f"{self.peak_mib:.0f} MiB"
        )

    @property
    def failures(self) -> list[str]:
        found = []
        if self.seconds > MOST_SECONDS:
            found.append(f"{self.what}: {self.seconds:.0f} s, {MOST_SECONDS} allowed")
        if self.peak_mib > MOST_MEMORY:
            found.append(f"{self.what}: {self.peak_mib:.0f} MiB, {MOST_MEMORY} allowed")
        return found


def measure(rows: int = ROWS) -> list[Imported]:
    """Check, import, and the same file checked and imported again."""
    env = environment(Stock(0))
    database = env["DATABASE_URL"].rpartition("/")
    env["DATABASE_URL"] = f"{database[0]}/bench_{NAME}"
    connection = connect(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS bench_{NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE bench_{NAME}")
    connection.close()
    results = []
    with TemporaryDirectory() as files:
        env["FILES_DIR"] = files
        for step in ("prepare", "check", "import", "check again", "import again"):
            command = [sys.executable, "-m", "bench.importing", step, str(rows)]
            told = subprocess.run(
                command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
            ).stdout
            if step != "prepare":
                seconds, peak = told.split()[-2:]
                results.append(Imported(step, rows, float(seconds), float(peak)))
    return results


def write_file(path: Path, rows: int) -> None:
    from bench.rows import Facts, Shape

    shape = Shape(rows, (1,), {1: 1}, (), (), (), (), 0)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for pk in range(1, rows + 1):
            f = Facts(shape, pk)
            town, region, country = f.town
            out.writerow(
                (
                    *(f"{f.names[0]} {pk}", "\n".join(f.aliases), f.vat_id, f.phone, f.email),
                    *(f"Via Roma {pk % 200 + 1}", "20100", town, region, country, "it", "From us"),
                )
            )


def prepare(rows: int) -> None:
    from django.core.files.uploadedfile import TemporaryUploadedFile
    from django.core.management import call_command

    from crm.accounts.models import Role, User
    from crm.exchange import actions

    call_command("migrate", interactive=False, verbosity=0)
    manager = User.objects.create_user("bench", role=Role.objects.get(code="manager"))
    for name in ("first.csv", "second.csv"):
        upload = TemporaryUploadedFile(name, "text/csv", 0, None)
        path = Path(upload.temporary_file_path())
        write_file(path, rows)
        upload.size = path.stat().st_size
        actions.receive_file(upload, kind="contact", type_="customers", actor=manager)


def step(name: str) -> None:
    from crm.celery import settle
    from crm.exchange import actions
    from crm.exchange.importing.rules import Rules
    from crm.exchange.models import Import
    from crm.records.tasks import run_job

    word, _gap, again = name.partition(" ")
    batch = Import.objects.get(file_name="second.csv" if again else "first.csv")
    if word == "check":
        rules = Rules.kept(batch.rules)
        batch = actions.start_check(batch, mapping=batch.mapping, rules=rules, actor=batch.user)
    else:
        batch = actions.start_import(batch, actor=batch.user)
    settle()
    began = time.monotonic()
    run_job(batch.job.pk)
    seconds = time.monotonic() - began
    batch = Import.objects.select_related("job").get(pk=batch.pk)
    assert batch.job.state == "done", (batch.job.message, batch.job.error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        step(sys.argv[1])
