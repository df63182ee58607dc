"""Times a page beside its floor, at all sizes: taken in turns, so that noise hits them alike."""

import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg2

from bench.client import Answer, Browser
from bench.pages import EMPTY, PASSWORD, Page
from bench.server import Server

WARM_UP, TIMES, CLIENTS, RUSH_SECONDS = 20, 50, 8, 2.0
NOISY = 2.0  # p95 over median: measured again, at most …
ROUNDS = 3


@dataclass
class Result:
    page: Page
    seconds: list[float]
    floor_seconds: list[float]  # of the empty frame and the SQL that came right after each page
    frame: float
    sql: float
    statements: int
    size: int
    packed: int
    rate: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1]

    @property
    def floor(self) -> float:
        return statistics.median(self.floor_seconds)

    @property
    def frames(self) -> float:
        return self.median / self.frame

    @property
    def ratio(self) -> float:
        return self.median / self.floor


class Replay:
    """The page's own SQL, alone, in a connection without Django."""

    def __init__(self, connection: Any, statements: list[str]) -> None:
        self.connection = connection
        # One transaction without inner marks: a refused row begins it anew.
        marks = ("SAVEPOINT", "RELEASE", "ROLLBACK")
        self.statements = [sql for sql in statements if not sql.startswith(marks)]
        self.commits = any(not sql.lstrip().startswith(("SELECT", "(SELECT")) for sql in statements)

    def __call__(self) -> float:
        began = time.perf_counter()
        with self.connection.cursor() as cursor:
            if self.commits:
                cursor.execute("BEGIN")
            for sql in self.statements:
                try:
                    cursor.execute(sql)
                except psycopg2.IntegrityError:  # the page itself has stored this row already
                    cursor.execute("ROLLBACK; BEGIN")
                if cursor.description:
                    cursor.fetchall()
            if self.commits:
                cursor.execute("ROLLBACK")  # what it wrote was for once only
        return time.perf_counter() - began


def own_sql(page: list[str], frame: list[str]) -> list[str]:
    """What the page asks beyond the frame, in its order."""
    left = Counter(map(_shape, frame))
    own = []
    for sql in page:
        if left[_shape(sql)]:
            left[_shape(sql)] -= 1
        else:
            own.append(sql)
    return own


def _shape(sql: str) -> str:
    """Without the moment: session and user queries of two requests differ in nothing else."""
    return sql.partition("::timestamptz")[0]


class Bench:
    def __init__(self, server: Server, connection: Any, hash_seconds: float, username: str) -> None:
        self.server, self.connection, self.hash_seconds = server, connection, hash_seconds
        self.reader = Browser(server.port)
        self.reader.sign_in(username, PASSWORD)
        self.other = Browser(server.port)
        self.other.sign_in(username, PASSWORD)
        for _time in range(WARM_UP):
            self.other.get(EMPTY)
        self.frame_sql = self.other.get(EMPTY, ask=True).statements

    def prepare(self, page: Page) -> "Sampler":
        browser = self.reader
        if page.hashes:
            browser = Browser(self.server.port)  # signing in ends the session that is there
        for _time in range(WARM_UP):
            page.act(browser, False)
            self.other.get(EMPTY)
        answer = page.act(browser, True)
        frame_sql = [] if page.is_data else self.frame_sql
        replay = Replay(self.connection, own_sql(answer.statements, frame_sql))
        return Sampler(self, page, browser, answer, replay)

    def rush(self, page: Page) -> float:
        """How often in a second it is done with eight at once."""
        counts = [0] * CLIENTS
        end = time.perf_counter() + RUSH_SECONDS

        def work(place: int) -> None:
            browser = Browser(self.server.port)
            browser.cookies = dict(self.reader.cookies)
            act = page.crowd(place) if page.crowd else page.act
            while time.perf_counter() < end:
                act(browser, False)
                counts[place] += 1

        threads = [threading.Thread(target=work, args=[place]) for place in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / RUSH_SECONDS


class Sampler:
    """Takes a page, the empty frame and the page's SQL alone, one after the other."""

    def __init__(
        self, bench: Bench, page: Page, browser: Browser, first: Answer, replay: Replay
    ) -> None:
        self.bench, self.page, self.browser = bench, page, browser
        self.first, self.replay = first, replay
        self.told = first.json if page.is_data else None
        self.begin()

    def begin(self) -> None:
        self.seconds: list[float] = []
        self.frames: list[float] = []
        self.alone: list[float] = []

    def take(self) -> None:
        self.seconds.append(self.page.act(self.browser, False).seconds)
        self.frames.append(self.frame())
        try:
            self.alone.append(self.replay())
        except psycopg2.Error as error:
            self.bench.connection.rollback()
            raise SystemExit(f"{self.page.name}: its SQL cannot be replayed: {error}") from error

    def frame(self) -> float:
        """An empty page; of data, the encoding of the same."""
        if not self.page.is_data:
            return self.bench.other.get(EMPTY).seconds
        began = time.perf_counter()
        json.dumps(self.told, ensure_ascii=False, separators=(",", ":")).encode()
        return time.perf_counter() - began

    def result(self) -> Result:
        page, answer = self.page, self.first
        hashing = page.hashes * self.bench.hash_seconds
        floors = [frame + sql + hashing for frame, sql in zip(self.frames, self.alone, strict=True)]
        result = Result(
            page=page,
            seconds=self.seconds,
            floor_seconds=floors,
            frame=statistics.median(self.frames),
            sql=statistics.median(self.alone),
            statements=len(answer.statements),
            size=len(answer.text.encode()),
            packed=len(answer.body),
        )
        if answer.status != page.status:
            result.failures.append(f"answered {answer.status}")
        result.failures += budget_failures(page, result)
        return result


def measure(benches: Sequence[Bench], pages: Sequence[Page]) -> list[Result]:
    """One page among all sizes in turns, so that a slow minute of the machine is no growth.
    Of noisy rounds the one with the lowest medians counts, the same one for all sizes."""
    samplers = [bench.prepare(page) for bench, page in zip(benches, pages, strict=True)]
    best: list[Result] = []
    for _round in range(ROUNDS):
        for sampler in samplers:
            sampler.begin()
        for _time in range(TIMES):
            for sampler in samplers:
                sampler.take()
        results = [sampler.result() for sampler in samplers]
        if not best or sum(r.median for r in results) < sum(r.median for r in best):
            best = results
        if all(result.p95 < NOISY * result.median for result in best):
            break
    for bench, result in zip(benches, best, strict=True):
        result.rate = bench.rush(result.page)
    return best


def budget_failures(page: Page, result: Result) -> list[str]:
    found = []
    if page.most_statements and result.statements > page.most_statements:
        found.append(f"{result.statements} statements, {page.most_statements} allowed")
    if page.most_frames and result.frames > page.most_frames:
        found.append(f"{result.frames:.2f} × an empty frame, {page.most_frames} allowed")
    if page.most_bytes and result.size > page.most_bytes:
        found.append(f"{result.size:,} bytes, {page.most_bytes:,} allowed")
    return found
