"""./dev bench [--sizes 10000,100000,1000000] [--only list,card] [--no-report]"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher

from bench import databases, importing, painting
from bench.calendar_pages import CALENDAR, calendar_pages
from bench.databases import Stock
from bench.events import MANAGER, everybody
from bench.measuring import Bench, Result, measure
from bench.pages import AGENT, PASSWORD, Page, contact_pages
from bench.report import Run, failures, growth, markdown
from bench.server import serving
from crm.accounts.hashers import ModestArgon2

REPORT = databases.ROOT / "docs" / "benchmarks.md"
CALENDAR_STOCK = Stock(10_000, events=200_000)
PagesOf = Callable[[Any, Stock], list[Page]]
Only = tuple[str, ...]  # names of pages or their beginnings; none: all


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--only", default="", help="names of pages or their beginnings")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.md alone")
    chosen = parser.parse_args(arguments)
    stocks = [Stock(int(word)) for word in chosen.sizes.split(",")]
    only = tuple(word.strip() for word in chosen.only.split(",") if word.strip())
    runs, imports, seen = [], [], []
    if not only or any(not word.startswith((CALENDAR, importing.NAME)) for word in only):
        runs += run(stocks, AGENT, contact_pages, only)
    if not only or any(word.startswith(CALENDAR) for word in only):
        with_events, seen = calendar_run(only)
        runs.append(with_events)
        print("\n".join(map(str, seen)), flush=True)
    if not only or importing.NAME.startswith(only):
        print(f"Import of {importing.ROWS:,} companies")
        imports = importing.measure()
        print("\n".join(map(str, imports)), flush=True)
    if not chosen.no_report and not only:
        REPORT.write_text(markdown(runs, seen, imports))
        print(f"Written: {REPORT.relative_to(databases.ROOT)}")
    for name, factor in growth(runs).items():
        print(f"{name}: {factor:.2f} × from 10,000 to 1,000,000")
    broken = failures(runs, [*seen, *imports])
    print("\n".join(f"BROKEN  {words}" for words in broken) or "All budgets hold.")
    return 1 if broken else 0


@dataclass
class Stand:
    """One size: its pages, its server, and what was measured of it."""

    run: Run
    pages: list[Page]
    bench: Bench


def run(stocks: Sequence[Stock], username: str, pages_of: PagesOf, only: Only) -> list[Run]:
    with ExitStack() as open_until_the_end:
        stands = [
            open_until_the_end.enter_context(stand(stock, username, pages_of, only))
            for stock in stocks
        ]
        return measured(stands)


def measured(stands: Sequence[Stand]) -> list[Run]:
    benches = [stand.bench for stand in stands]
    for pages in zip(*(stand.pages for stand in stands), strict=True):
        for place, result in zip(stands, measure(benches, pages), strict=True):
            place.run.results.append(result)
            print(line(place.run.stock, result), flush=True)
    for place in stands:
        place.run.peak_memory = place.bench.server.peak_memory()
    return [stand.run for stand in stands]


def calendar_run(only: Only) -> tuple[Run, list[painting.Seen]]:
    """The calendar's pages one by one, then as Chromium shows them."""
    with stand(CALENDAR_STOCK, MANAGER, calendar_pages, only) as place:
        (found,) = measured([place])
        with place.bench.connection.cursor() as cursor:
            who = everybody(cursor)
        return found, painting.measure(place.bench.server.port, MANAGER, who)


@contextmanager
def stand(stock: Stock, username: str, pages_of: PagesOf, only: Only) -> Iterator[Stand]:
    env = databases.ensure(stock)
    with closing(databases.connect(env["DATABASE_URL"])) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            postgres = cursor.fetchone()[0]
            found = [
                page for page in pages_of(cursor, stock) if not only or page.name.startswith(only)
            ]
        hashing = hash_seconds()
        print(f"{stock} (a password check takes {1000 * hashing:.0f} ms)", flush=True)
        with serving(env) as server:
            bench = Bench(server, connection, hashing, username)
            yield Stand(Run(stock, [], 0, postgres), found, bench)


def line(stock: Stock, r: Result) -> str:
    return (
        f"  {stock.companies:>9,}  {r.page.name:<36}{1000 * r.median:8.1f} ms  "
        f"p95 {1000 * r.p95:7.1f}  "
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
