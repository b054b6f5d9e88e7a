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
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from bench import dedupe_articles
from bench.dedupe_articles import article, event
from bench.dedupe_copies import COPIES, Editor
from bench.postgres import end, start
from bench.stopwatch import Stopwatch
from pipelines import arrival, ingest
from pipelines.dedupe.index import HOT
from pipelines.records import Draft, Outcome
from pipelines.store import archive, schema
from pipelines.store.dialect import is_sqlite
from pipelines.store.engine import open_store
from pipelines.store.inbox import deliver
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.portals import register_portal
from pipelines.store.runs import RunParams, complete_runs, create_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from bench.dedupe_articles import Article
    from pipelines.arrival import Arrival
    from pipelines.ingest import _Foreseen
    from pipelines.placing import Placed
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HASHES = (12, 24)
"""Hashes of a filled-in article, from and to: 18 on average, as of 530 shingles."""
FORMULAS = 300
"""Formulas, of which every filled-in article has one."""
PART = 20_000
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
    that comes alone, 95th percentile of a batch.
    """

    articles: int
    index: float
    ms: float
    per_cpu: float
    dedupe_per_cpu: float
    locked: tuple[float, float, float]


def grow(kind: str, sizes: Sequence[int], kept: Path | None) -> Iterator[Growth]:
    """Fill an archive of that kind to each size, and measure there.

    ``kept``: the folder of an archive that is grown on, and stays; else it is a passing one.
    """
    with kept_archive(kind, kept) if kept else fresh_archive(kind) as store:
        filler = _Filler(store)
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


class _Filler:
    """Puts in articles without texts, in the order in which hashes come: at random."""

    def __init__(self, store: Store) -> None:
        self.store = store
        formulas = random.Random(7)
        self.formulas = [formulas.getrandbits(32) - 2**31 for _ in range(FORMULAS)]
        article, sketch = schema.articles.c, schema.sketches.c
        with store.begin() as conn:
            register_portal(conn, "filled", NOW)
            mine = select(func.count()).where(article.portal == "filled")
            self.filled = conn.execute(mine).scalar_one()
            met = select(sketch.hash).where(sketch.hash.in_(self.formulas))
            self.met = Counter(conn.execute(met).scalars())
        self.rng = random.Random(self.filled)

    def fill(self, size: int) -> None:
        """Put in articles up to ``size``."""
        while self.filled < size:
            part = range(self.filled, min(self.filled + PART, size))
            with self.store.begin() as conn:
                story = {"size": 1, "created_at": NOW, "updated_at": NOW}
                conn.execute(schema.stories.insert(), [story] * len(part))
                last = conn.execute(select(func.max(schema.stories.c.id))).scalar_one()
                made = [self._article(n, last - at) for at, n in enumerate(part)]
                conn.execute(schema.articles.insert(), made)
                last = conn.execute(select(func.max(schema.articles.c.id))).scalar_one()
                self._sketches(conn, range(last - len(part) + 1, last + 1))
            self.filled = part.stop
        if self.store.engine.dialect.name == "postgresql":
            with self.store.engine.connect() as conn:
                conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))

    def _article(self, n: int, story_id: int) -> dict[str, Any]:
        key = f"https://filled.example/tin-tuc/{self.rng.getrandbits(64):x}-{n}.html"
        return {
            "portal": "filled", "document_key": str(n), "canonical_url": key, "title": key,
            "published_precision": "none", "dated_at": NOW, "story_id": story_id, "revision": 1,
            "content_hash": f"{self.rng.getrandbits(256):064x}", "sketch": bytes(72),
            "sketch_version": 1, "counters": {}, "first_seen_at": NOW, "seen_at": NOW,
        }  # fmt: skip

    def _sketches(self, conn: Connection, ids: range) -> None:
        pairs = []
        for article_id in ids:
            own = {self.rng.getrandbits(32) - 2**31 for _ in range(self.rng.randint(*HASHES))}
            formula = self.rng.choice(self.formulas)
            self.met[formula] += 1
            if self.met[formula] <= HOT + 1:
                own.add(formula)
            pairs += [(value, article_id) for value in own]
        pairs.sort()
        raw = conn.connection.driver_connection
        assert raw is not None
        if is_sqlite(conn):
            raw.executemany("INSERT INTO sketches VALUES (?, ?)", pairs)
            return
        with raw.cursor() as cursor, cursor.copy("COPY sketches FROM STDIN") as copy:
            for pair in pairs:
                copy.write_row(pair)


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
    )


def _count(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(schema.articles)).scalar_one())


def _drafts(rng: random.Random, portal: str, count: int) -> list[Draft]:
    made = [article(rng, event(rng)) for _ in range(count // 2)]
    copies = list(COPIES.values())
    editor = Editor(rng, dedupe_articles)
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


def _ingest(store: Store, batches: Sequence[Sequence[int]]) -> _Spent:
    """Ingest batches; the CPU time is this process's and the server's."""
    server = _server(store)
    watch, locked = Stopwatch(server), []
    plain = ingest._write  # noqa: SLF001 - the locked section and nothing else

    def timed(
        store: Store, arrivals: Sequence[Arrival], foreseen: _Foreseen, now: datetime
    ) -> list[Placed]:
        begun = time.perf_counter()
        try:
            return plain(store, arrivals, foreseen, now)
        finally:
            locked.append(1000 * (time.perf_counter() - begun))

    wall, cpu = time.perf_counter(), time.process_time() + server()
    ingest._write = timed  # noqa: SLF001 - see above
    try:
        with (
            watch.around(arrival, "fingerprint", "dedupe"),
            watch.around(ingest, "place", "dedupe"),
            watch.around(archive, "insert_sketches", "dedupe"),
        ):
            for part in batches:
                report = ingest.ingest(store, part, now=NOW, lease_seconds=600, max_attempts=3)
                assert not report.failed, report.failed
    finally:
        ingest._write = plain  # noqa: SLF001 - see above
    spent = time.process_time() + server() - cpu
    return _Spent(time.perf_counter() - wall, spent, watch.seconds["dedupe"], locked)


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
    heads += ["locked ms", "p95", f"p95 of {BATCH}"]
    print(kind, *(f"{head:>12}" for head in heads), flush=True)
    for one in grow(kind, sizes, kept):
        figures = (one.articles, one.index, one.ms, one.per_cpu, one.dedupe_per_cpu, *one.locked)
        print(" " * len(kind), *(f"{value:12,.1f}" for value in figures), flush=True)
    print(f"{timedelta(seconds=int((datetime.now(UTC) - begun).total_seconds()))}", file=sys.stderr)
