"""What was measured, as Markdown; and whether the budgets hold."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.databases import Stock
from bench.importing import MOST_MEMORY, MOST_SECONDS, Imported
from bench.measuring import Result
from bench.pages import MOST_RATIO, SEARCH_FRAMES
from bench.painting import MOST_DROP, MOST_PAINT, Seen
from bench.rows import BIG_DOCUMENTS, BIG_EVENTS, BIG_PEOPLE

RATIO_SIZE = 100_000
MOST_GROWTH, GROWTH_FROM, GROWTH_TO = 1.5, 10_000, 1_000_000
INTRODUCTION = (
    "Written by `./dev bench`. Every page is opened over HTTP on localhost by a signed-in agent "
    "(a role with restrictions, gzip on) from the production server with two workers: 50 times "
    "after a warm-up, all sizes in turns, so that a slow minute of the machine is no growth. The "
    "floor of a page is the frame with nothing in it plus the page's own SQL run alone without "
    "Django, both taken in turns with the page; of JSON it is all SQL of the answer and the "
    "encoding of the same; the sign-in's floor also has one check of a "
    "password, which is slow by design. A size of N has N companies, 1.5 N people, 50 users, "
    "addresses, e-mails, phones, categories, areas, tags and 4.5 N lines of history. The large "
    f"customer has {BIG_PEOPLE} people, {BIG_DOCUMENTS} documents and {BIG_EVENTS:,} lines of "
    "history, half of them with its people."
)
BUDGETS = (
    f"- every page at {RATIO_SIZE:,} companies: median ≤ {MOST_RATIO} × its floor, "
    "a large customer’s ≤ 3 ×\n"
    f"- the search box and pickers at every size: median ≤ {SEARCH_FRAMES} × an empty frame page\n"
    "- lists ≤ 8 SQL statements and 60 KiB before compression, cards ≤ 12 statements, "
    "a large customer’s ≤ 15\n"
    f"- from {GROWTH_FROM:,} to {GROWTH_TO:,} companies no median grows by more than "
    f"{MOST_GROWTH} ×\n"
    "- the calendar of a manager with 200,000 events of 50 people, one in twenty a series: "
    "≤ 6 SQL statements, own week ≤ 2.5 × its floor, everybody’s week ≤ 3 × and 300 KiB, "
    "everybody’s month ≤ 150 KiB\n"
    f"- in Chromium a week is seen within {MOST_PAINT:.0f} s, "
    f"a drop is saved within {1000 * MOST_DROP:.0f} ms\n"
    f"- 100,000 rows are imported in {MOST_SECONDS} s, with {MOST_MEMORY} MiB in the worker"
)
COLUMNS = "page|median ms|p95 ms|floor ms|= frame + SQL|× floor|req/s|KiB|gzip|SQL"


@dataclass
class Run:
    stock: Stock
    results: list[Result]
    peak_memory: int
    postgres: str

    @property
    def is_judged(self) -> bool:
        """Whether its medians may be no more than so many times their floors."""
        return bool(self.stock.events) or self.stock.companies == RATIO_SIZE


def failures(runs: list[Run], others: Sequence[Imported | Seen] = ()) -> list[str]:
    found = [words for one in others for words in one.failures]
    for run in runs:
        for result in run.results:
            where = f"{run.stock} · {result.page.name}"
            found += [f"{where}: {words}" for words in result.failures]
            most = result.page.most_ratio
            if run.is_judged and result.ratio > most:
                found.append(f"{where}: {result.ratio:.2f} × its floor, {most} allowed")
    for name, factor in growth(runs).items():
        if factor > MOST_GROWTH:
            found.append(f"{name}: grows {factor:.2f} ×, {MOST_GROWTH} allowed")
    return found


def growth(runs: list[Run]) -> dict[str, float]:
    """Page → its median at a million over its median at ten thousand, where both were taken."""
    by_size = {
        run.stock.companies: {r.page.name: r.median for r in run.results}
        for run in runs
        if not run.stock.events
    }
    first, last = by_size.get(GROWTH_FROM, {}), by_size.get(GROWTH_TO, {})
    return {name: last[name] / first[name] for name in first if name in last}


def markdown(runs: list[Run], seen: Sequence[Seen], imports: Sequence[Imported]) -> str:
    broken = failures(runs, [*seen, *imports])
    parts = [
        "# Benchmarks",
        INTRODUCTION,
        machine(runs),
        "## Budgets",
        BUDGETS,
        "**All hold.**" if not broken else "**Broken:**\n\n" + "\n".join(f"- {b}" for b in broken),
    ]
    if factors := growth(runs):
        worst = max(factors, key=factors.__getitem__)
        parts.append(f"Largest growth: {worst}, {factors[worst]:.2f} ×.")
    largest = Stock(GROWTH_TO)
    parts += [table(run, growth(runs) if run.stock == largest else {}) for run in runs]
    parts += [seen_table(seen), import_table(imports)]
    return "\n\n".join(parts) + "\n"


def seen_table(seen: Sequence[Seen]) -> str:
    told = (
        "The calendar in Chromium, 1440 px wide, files in its cache: until a picture with what "
        "stands in the window has been handed over (seen), until the last item is in its place "
        "beyond the window, too (whole), and from letting go of a dragged item until the server "
        "has said that it is saved."
    )
    lines = [
        "## In Chromium",
        told,
        "",
        "| what | median ms | most ms | allowed ms |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| {one.what} | {1000 * one.median:.0f} | {1000 * max(one.seconds):.0f} | "
        f"{f'{1000 * one.most:.0f}' if one.most else '–'} |"
        for one in seen
    ]
    return "\n".join(lines)


def import_table(imports: Sequence[Imported]) -> str:
    told = (
        "Companies with eleven more columns, into an empty database by one worker; then the same "
        "file once more, which changes nothing."
    )
    lines = [
        "## Import of a file",
        told,
        "",
        "| step | rows | seconds | rows/s | peak MiB of the worker |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.what} | {one.rows:,} | {one.seconds:.1f} | {one.rows / one.seconds:.0f} | "
        f"{one.peak_mib:.0f} |"
        for one in imports
    ]
    return "\n".join(lines)


def machine(runs: list[Run]) -> str:
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    return (
        f"{when} · {processor()}, {cores} cores, {memory:.0f} GiB · Postgres {runs[0].postgres} · "
        f"Python {platform.python_version()} · load average afterwards {load:.1f}"
    )


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def table(run: Run, factors: dict[str, float]) -> str:
    columns = COLUMNS.split("|") + (["growth"] if factors else [])
    lines = [
        f"## {run.stock}",
        f"Peak memory of the server: {run.peak_memory / 2**20:.0f} MiB.",
        "",
        f"| {' | '.join(columns)} |",
        "|---|" + "--:|" * (len(columns) - 1),
    ]
    for r in run.results:
        ms = [f"{1000 * value:.1f}" for value in (r.median, r.p95, r.floor, r.frame, r.sql)]
        rate = f"{r.rate:.0f}" if r.rate else "–"
        line = (
            f"| {r.page.name} | {ms[0]} | {ms[1]} | {ms[2]} | {ms[3]} + {ms[4]} | {r.ratio:.2f} | "
            f"{rate} | {r.size / 1024:.0f} | {r.packed / 1024:.0f} | {r.statements} |"
        )
        if factors:
            line += f" {factors[r.page.name]:.2f} |" if r.page.name in factors else " – |"
        lines.append(line)
    return "\n".join(lines)
