"""Times a page beside its floor: both are taken in turns, so that noise hits them alike."""

import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg2

from bench.client import Browser
from bench.pages import AGENT, EMPTY, PASSWORD, Page
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
    def __init__(self, server: Server, connection: Any, hash_seconds: float) -> None:
        self.server, self.connection, self.hash_seconds = server, connection, hash_seconds
        self.agent = Browser(server.port)
        self.agent.sign_in(AGENT, PASSWORD)
        self.other = Browser(server.port)
        self.other.sign_in(AGENT, PASSWORD)
        for _time in range(WARM_UP):
            self.other.get(EMPTY)
        self.frame_sql = self.other.get(EMPTY, ask=True).statements

    def measure(self, page: Page) -> Result:
        browser = self.agent
        if page.hashes:
            browser = Browser(self.server.port)  # signing in ends the session that is there
        for _time in range(WARM_UP):
            page.act(browser, False)
            self.other.get(EMPTY)
        answer = page.act(browser, True)
        failures = []
        if answer.status != page.status:
            failures.append(f"answered {answer.status}")
        sql = own_sql(answer.statements, self.frame_sql)
        best: Result | None = None
        for _round in range(ROUNDS):
            result = self._round(
                page, browser, Replay(self.connection, sql), len(answer.statements)
            )
            result.size, result.packed = len(answer.text.encode()), len(answer.body)
            if best is None or result.median < best.median:
                best = result
            if best.p95 < NOISY * best.median:
                break
        assert best is not None
        best.rate = self._rush(page)
        best.failures += failures + budget_failures(page, best)
        return best

    def _round(self, page: Page, browser: Browser, replay: Replay, statements: int) -> Result:
        seconds, frames, alone = [], [], []
        for _time in range(TIMES):
            seconds.append(page.act(browser, False).seconds)
            frames.append(self.other.get(EMPTY).seconds)
            try:
                alone.append(replay())
            except psycopg2.Error as error:
                self.connection.rollback()
                raise SystemExit(f"{page.name}: its SQL cannot be replayed: {error}") from error
        hashing = page.hashes * self.hash_seconds
        floors = [frame + sql + hashing for frame, sql in zip(frames, alone, strict=True)]
        frame, sql = statistics.median(frames), statistics.median(alone)
        return Result(page, seconds, floors, frame, sql, statements, 0, 0)

    def _rush(self, page: Page) -> float:
        """How often in a second it is done with eight at once."""
        counts = [0] * CLIENTS
        end = time.perf_counter() + RUSH_SECONDS

        def work(place: int) -> None:
            browser = Browser(self.server.port)
            browser.cookies = dict(self.agent.cookies)
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


def budget_failures(page: Page, result: Result) -> list[str]:
    found = []
    if page.most_statements and result.statements > page.most_statements:
        found.append(f"{result.statements} statements, {page.most_statements} allowed")
    if page.most_frames and result.frames > page.most_frames:
        found.append(f"{result.frames:.2f} × an empty frame, {page.most_frames} allowed")
    if page.most_bytes and result.size > page.most_bytes:
        found.append(f"{result.size:,} bytes, {page.most_bytes:,} allowed")
    return found
