"""./dev bench [--sizes 10000,100000,1000000] [--only list,card] [--no-report]"""

import argparse
import statistics
import time
from collections.abc import Sequence

from argon2 import PasswordHasher

from bench import databases, importing
from bench.measuring import Bench, Result
from bench.pages import PASSWORD, pages
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
    imports = []
    if not only or importing.NAME.startswith(only):
        print(f"Import of {importing.ROWS:,} companies")
        imports = importing.measure()
        print("\n".join(map(str, imports)), flush=True)
    runs = [run(size, only) for size in sizes] if only != (importing.NAME,) else []
    if not chosen.no_report and not only:
        REPORT.write_text(markdown(runs))
        print(f"Written: {REPORT.relative_to(databases.ROOT)}")
    for name, factor in growth(runs).items():
        print(f"{name}: {factor:.2f} × from 10,000 to 1,000,000")
    broken = failures(runs) + [words for one in imports for words in one.failures]
    print("\n".join(f"BROKEN  {words}" for words in broken) or "All budgets hold.")
    return 1 if broken else 0


def run(size: int, only: tuple[str, ...]) -> Run:
    env = databases.ensure(size)
    connection = databases.connect(env["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
        wanted = [page for page in pages(cursor, size) if not only or page.name.startswith(only)]
    hashing = hash_seconds()
    print(f"{size:,} companies (a password check takes {1000 * hashing:.0f} ms)")
    with serving(env) as server:
        bench = Bench(server, connection, hashing)
        results = []
        for page in wanted:
            result = bench.measure(page)
            print(line(result), flush=True)
            results.append(result)
        peak = server.peak_memory()
    connection.close()
    return Run(size, results, peak, postgres)


def line(r: Result) -> str:
    return (
        f"  {r.page.name:<28}{1000 * r.median:8.1f} ms  p95 {1000 * r.p95:7.1f}  "
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
