"""Measure ingest as the archive grows: bytes of the sketch index, time, and how long it locks.

The archive is filled with rows of articles that were never written (sketches of random hashes, of
the usual number, and formulas that stand in many), then generated texts come in through the inbox
as they do from a crawl: half new, half copies of what came before.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from bench.dedupe_articles import COMMUNES
from bench.dedupe_copies import COPIES, Editor
from bench.dedupe_filler import NOW, Filler
from bench.postgres import end, start
from bench.stopwatch import Stopwatch
from pipelines import arrival, ingest
from pipelines.records import Draft, Outcome
from pipelines.store import archive, schema
from pipelines.store.dialect import is_sqlite
from pipelines.store.engine import open_store
from pipelines.store.inbox import deliver
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, complete_runs, create_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from bench.dedupe_newsroom import Article
    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.store.engine import Store

BATCH = 50
ALONE = 200
"""Arrivals that are ingested one by one; three times as many come in batches."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Figures at one size.

    ``index``: bytes an article of the sketch table. ``ms`` and ``per_cpu``: wall time of an article
    in a batch, and articles per second of CPU (the server's included), of the whole of ingest.
    ``dedupe_per_cpu``: the same of normalise, sketch, query, verify and insertion of the sketch.
    ``locked``: the locked section in ms: median and 95th percentile of an article
    that comes alone, 95th percentile of a batch. ``worked``: CPU time of it, the server's included,
    median and 95th percentile of an article that comes alone: what a busy machine does not change.
    """

    articles: int
    index: float
    ms: float
    per_cpu: float
    dedupe_per_cpu: float
    locked: tuple[float, float, float]
    worked: tuple[float, float]


def grow(kind: str, sizes: Sequence[int], kept: Path | None) -> Iterator[Growth]:
    """Fill an archive of that kind to each size, and measure there.

    ``kept``: the folder of an archive that is grown on, and stays; else it is a passing one.
    """
    with kept_archive(kind, kept) if kept else fresh_archive(kind) as store:
        filler = Filler(store)
        for size in sizes:
            filler.fill(size)
            yield _measure(store)


@contextmanager
def fresh_archive(kind: str) -> Iterator[Store]:
    """Give an empty archive of that kind in a folder of its own, which is deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gomtin-growth-"))
    try:
        with kept_archive(kind, folder) as store:
            yield store
    finally:
        shutil.rmtree(folder)


@contextmanager
def kept_archive(kind: str, folder: Path) -> Iterator[Store]:
    """Give the archive of that kind in a folder; it is made where it is not there, and stays."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # for the server, which does not run as root
    url = f"sqlite:///{folder}/gomtin.sqlite3"
    if kind == "postgresql":
        start(folder, {"shared_buffers": "256MB", "listen_addresses": ""})
        url = f"postgresql://postgres@/postgres?host={folder}"
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()
        if kind == "postgresql":
            end(folder)


def _measure(store: Store) -> Growth:
    """Measure with texts that the archive has not met."""
    with store.read() as conn:
        stored = _count(conn)
    ids = to_inbox(store, _drafts(random.Random(stored), f"at-{stored}", 4 * ALONE))
    alone = _ingest(store, [[one] for one in ids[:ALONE]])
    rest = ids[ALONE:]
    together = _ingest(store, [rest[at : at + BATCH] for at in range(0, len(rest), BATCH)])
    with store.read() as conn:
        count = _count(conn)
        size_query = "SELECT pg_total_relation_size('sketches')"
        if is_sqlite(conn):
            size_query = "SELECT sum(pgsize) FROM dbstat WHERE name = 'sketches'"
        index = conn.execute(text(size_query)).scalar_one() / count
    return Growth(
        articles=count,
        index=index,
        ms=1000 * together.wall / len(rest),
        per_cpu=len(rest) / together.cpu,
        dedupe_per_cpu=len(rest) / together.dedupe,
        locked=(median(alone.locked), _p95(alone.locked), _p95(together.locked)),
        worked=(median(alone.worked), _p95(alone.worked)),
    )


def _count(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(schema.articles)).scalar_one())


def _drafts(rng: random.Random, portal: str, count: int) -> list[Draft]:
    made = [COMMUNES.story(rng) for _ in range(count // 2)]
    copies = list(COPIES.values())
    editor = Editor(rng, COMMUNES)
    made += [rng.choice(copies)(editor, one) for one in made]
    drafts = [draft_of(one, portal, n) for n, one in enumerate(made)]
    rng.shuffle(drafts)
    return drafts


def draft_of(one: Article, portal: str, n: int) -> Draft:
    """Make the draft of a generated article, the ``n``-th of its portal."""
    url = f"https://{portal}.example/{n}"
    return Draft(
        url=url, canonical_url=url, portal=portal, family="generic", extractor="family",
        title=one.title, fetched_at=NOW, document_key=str(n), body=one.body,
    )  # fmt: skip


def to_inbox(store: Store, drafts: Sequence[Draft]) -> list[int]:
    """Deliver drafts of one portal as a crawl does, and give their numbers in the inbox."""
    with store.begin() as conn:
        complete_runs(conn, NOW)
        portal = drafts[0].portal
        run_id = create_run(conn, portal, "incremental", RunParams(), NOW)
        rows = [OutcomeRow(one.url, one.url, Outcome.FETCHED) for one in drafts]
        record_outcomes(conn, run_id, portal, rows, NOW)
        return [deliver(conn, run_id, portal, one.url, one, None, NOW) for one in drafts]


@dataclass(frozen=True, slots=True)
class _Spent:
    wall: float
    cpu: float
    dedupe: float
    locked: list[float]
    worked: list[float]


def _ingest(store: Store, batches: Sequence[Sequence[int]]) -> _Spent:
    """Ingest batches; the CPU time is this process's and the server's."""
    server = _server(store)
    watch = Stopwatch(server)
    wall, cpu = time.perf_counter(), time.process_time() + server()
    with (
        _timed_lock(server) as (locked, worked),
        watch.around(arrival, "fingerprint", "dedupe"),
        watch.around(ingest, "place", "dedupe"),
        _timed_sketches(watch),
    ):
        for part in batches:
            report = ingest.ingest(store, part, now=NOW, lease_seconds=600, max_attempts=3)
            assert not report.failed, report.failed
    spent = time.process_time() + server() - cpu
    return _Spent(time.perf_counter() - wall, spent, watch.seconds["dedupe"], locked, worked)


@contextmanager
def _timed_lock(server: Callable[[], float]) -> Iterator[tuple[list[float], list[float]]]:
    """Time each ingest from when it has the lock to the end of its transaction.

    Milliseconds of wall and of CPU, that of the server's process included.
    """
    plain = {name: getattr(ingest, name) for name in ("ingest_lock", "_write")}
    locked: list[float] = []
    worked: list[float] = []
    begun = spent = 0.0

    def lock(conn: Connection) -> None:
        nonlocal begun, spent
        plain["ingest_lock"](conn)
        begun, spent = time.perf_counter(), time.thread_time() + server()

    def write(*given: object) -> object:
        try:
            return plain["_write"](*given)
        finally:
            locked.append(1000 * (time.perf_counter() - begun))
            worked.append(1000 * (time.thread_time() + server() - spent))

    for name, timed in {"ingest_lock": lock, "_write": write}.items():
        setattr(ingest, name, timed)
    try:
        yield locked, worked
    finally:
        for name, own in plain.items():
            setattr(ingest, name, own)


@contextmanager
def _timed_sketches(watch: Stopwatch) -> Iterator[None]:
    """Count the insertion of sketches as deduplication, and nothing else that the server does.

    In PostgreSQL nobody waits for it: here its answer is waited for, and before it the others'.
    """
    plain = archive.insert_sketches

    def timed(conn: Connection, found: Sequence[tuple[int, Fingerprint]]) -> None:
        if is_sqlite(conn):
            with watch.lap("dedupe"):
                plain(conn, found)
            return
        raw: Any = conn.connection.driver_connection
        with raw.pipeline() as answers, watch.lap("dedupe"):  # it waits where it begins
            plain(conn, found)
            answers.sync()

    archive.insert_sketches = timed
    try:
        yield
    finally:
        archive.insert_sketches = plain


def _server(store: Store) -> Callable[[], float]:
    """Give what tells the CPU seconds of the server's process behind the pool's one connection."""
    if store.engine.dialect.name == "sqlite":
        return lambda: 0.0
    with store.read() as conn:
        pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
    spent = Path(f"/proc/{pid}/schedstat")  # in nanoseconds; psutil's clock ticks are 10 ms
    return lambda: int(spent.read_text().split()[0]) / 1e9


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def table(kind: str, sizes: Sequence[int], kept: Path | None = None) -> None:
    """Print the figures, each size when it is reached; ``kept`` as in ``grow``."""
    begun = datetime.now(UTC)
    heads = ["articles", "index B", "ms", "all/cpu s", "dedupe/cpu s"]
    heads += ["locked ms", "p95", f"p95 of {BATCH}", "CPU ms of 1", "p95"]
    print(kind, *(f"{head:>12}" for head in heads), flush=True)
    for one in grow(kind, sizes, kept):
        speeds = (one.ms, one.per_cpu, one.dedupe_per_cpu)
        figures = (one.articles, one.index, *speeds, *one.locked, *one.worked)
        print(" " * len(kind), *(f"{value:12,.1f}" for value in figures), flush=True)
    print(f"{timedelta(seconds=int((datetime.now(UTC) - begun).total_seconds()))}", file=sys.stderr)
