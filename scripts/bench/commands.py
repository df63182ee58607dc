"""./dev bench [--sizes 10000,100000,1000000] [--only list,card] [--no-report]"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher

from bench import databases, importing
from bench.measuring import Bench, Result, measure
from bench.pages import PASSWORD, Page, pages
from bench.report import Run, failures, growth, markdown
from bench.server import serving
from crm.accounts.hashers import ModestArgon2

REPORT = databases.ROOT / "docs" / "benchmarks.md"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--only", default="", help="names of pages or their beginnings")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.md alone")
    chosen = parser.parse_args(arguments)
    sizes = [int(word) for word in chosen.sizes.split(",")]
    only = tuple(word.strip() for word in chosen.only.split(",") if word.strip())
    runs = run(sizes, only) if only != (importing.NAME,) else []
    imports = []
    if not only or importing.NAME.startswith(only):
        print(f"Import of {importing.ROWS:,} companies")
        imports = importing.measure()
        print("\n".join(map(str, imports)), flush=True)
    if not chosen.no_report and not only:
        REPORT.write_text(markdown(runs, imports))
        print(f"Written: {REPORT.relative_to(databases.ROOT)}")
    for name, factor in growth(runs).items():
        print(f"{name}: {factor:.2f} × from 10,000 to 1,000,000")
    broken = failures(runs, imports)
    print("\n".join(f"BROKEN  {words}" for words in broken) or "All budgets hold.")
    return 1 if broken else 0


@dataclass
class Stand:
    """One size: its pages, its server, and what was measured of it."""

    run: Run
    pages: list[Page]
    bench: Bench


def run(sizes: Sequence[int], only: tuple[str, ...]) -> list[Run]:
    with ExitStack() as open_until_the_end:
        stands = [open_until_the_end.enter_context(stand(size, only)) for size in sizes]
        benches = [stand.bench for stand in stands]
        for pages in zip(*(stand.pages for stand in stands), strict=True):
            for place, result in zip(stands, measure(benches, pages), strict=True):
                place.run.results.append(result)
                print(line(place.run.size, result), flush=True)
        for place in stands:
            place.run.peak_memory = place.bench.server.peak_memory()
        return [stand.run for stand in stands]


@contextmanager
def stand(size: int, only: tuple[str, ...]) -> Iterator[Stand]:
    env = databases.ensure(size)
    with closing(databases.connect(env["DATABASE_URL"])) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            postgres = cursor.fetchone()[0]
            found = [page for page in pages(cursor, size) if not only or page.name.startswith(only)]
        hashing = hash_seconds()
        print(f"{size:,} companies (a password check takes {1000 * hashing:.0f} ms)", flush=True)
        with serving(env) as server:
            yield Stand(Run(size, [], 0, postgres), found, Bench(server, connection, hashing))


def line(size: int, r: Result) -> str:
    return (
        f"  {size:>9,}  {r.page.name:<28}{1000 * r.median:8.1f} ms  p95 {1000 * r.p95:7.1f}  "
        f"floor {1000 * r.floor:6.1f} ({1000 * r.frame:.1f} + {1000 * r.sql:.1f})  "
        f"× {r.ratio:4.2f}  {r.rate:5.0f}/s  {r.size / 1024:5.0f} KiB  {r.statements:2} SQL"
        + ("  " + "; ".join(r.failures) if r.failures else "")
    )


def hash_seconds() -> float:
    """One check of a password with the parameters that the product stores."""
    hasher = PasswordHasher(
        ModestArgon2.time_cost, ModestArgon2.memory_cost, ModestArgon2.parallelism
    )
    stored = hasher.hash(PASSWORD)
    seconds = []
    for _time in range(5):
        began = time.perf_counter()
        hasher.verify(stored, PASSWORD)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)
