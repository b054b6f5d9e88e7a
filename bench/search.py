"""Measure search in a large archive, beside the database's own full text over the same texts.

    python bench/search.py --store sqlite --articles 200000
    python bench/search.py --store postgresql --articles 200000 --folder kept

Times are the CPU, this process's and the server's, of a page of 50 answers with their passages,
read from the archive, one question after the other; then how long one waits for it. The peer
(bench/search_peer.py) gives ids alone. In a folder that is kept, an archive is filled once and
measured as often as one likes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.postgres import end, start, stop
from bench.search_peer import Peer, folded
from bench.search_world import NOW, Question, World, fill
from pipelines.search.snippets import html, passage
from pipelines.store.dialect import is_sqlite
from pipelines.store.engine import open_store
from pipelines.store.finding import ArticleQuery, search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

PEER_QUESTIONS = 40
STEP = 20_000
SERVER = {"shared_buffers": "512MB", "listen_addresses": "", "max_wal_size": "2GB"}


@contextmanager
def archive(kind: str, folder: Path | None) -> Iterator[tuple[Store, Path]]:
    """Open an archive; its folder is removed unless it was given."""
    made = (folder or Path(tempfile.mkdtemp(prefix="gomtin-search-"))).absolute()
    made.mkdir(exist_ok=True, parents=True)
    made.chmod(0o755)
    url = f"sqlite:///{made}/gomtin.sqlite3"
    if kind == "postgresql":
        start(made, SERVER)
        url = f"postgresql://postgres@/postgres?host={made}"
    store = open_store(url)
    try:
        yield store, made
    finally:
        store.close()
        if folder is None:
            stop(made) if kind == "postgresql" else shutil.rmtree(made)
        elif kind == "postgresql":
            end(made)


class Clock:
    """CPU seconds of this process and of the backend of the pool's one connection."""

    def __init__(self, store: Store) -> None:
        self._server: Path | None = None
        if store.engine.dialect.name != "sqlite":
            with store.read() as conn:
                pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
            self._server = Path(f"/proc/{pid}/schedstat")  # nanoseconds; psutil counts in 10 ms

    def __call__(self) -> float:
        """Give the seconds so far."""
        if self._server is None:
            return time.process_time()
        return time.process_time() + int(self._server.read_text().split()[0]) / 1e9


def filled(store: Store, world: World, count: int, notes: Path) -> dict[str, float]:
    """Fill the archive unless it was before; give its articles and the CPU ms that each took."""
    if notes.exists():
        known: dict[str, float] = json.loads(notes.read_text())
        return known
    spent = 0.0
    for done, spent in fill(store, world, count, Clock(store)):
        if done % STEP == 0:
            print(f"{done} articles, {1000 * spent / done:.2f} ms CPU each", file=sys.stderr)
    _settle(store)
    made = {"articles": count, "ms": 1000 * spent / count}
    notes.write_text(json.dumps(made))
    return made


def _settle(store: Store) -> None:
    """Do what PostgreSQL does by itself some time after a large change."""
    if store.engine.dialect.name != "sqlite":
        with store.engine.connect() as conn:
            conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def ask(store: Store, questions: Sequence[Question]) -> dict[str, list[tuple[float, float]]]:
    """Give the milliseconds of CPU and of waiting that every question took, by sort."""
    taken: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    clock = Clock(store)
    for one in questions:
        begun, since = clock(), time.perf_counter()
        until = NOW - timedelta(days=365 * one.years) if one.years else None
        q = ArticleQuery(one.query, one.portal, one.topic, one.unit, until=until)
        with store.read() as conn:
            found = search(conn, q)
        if (asked := q.asked) is not None:
            for article in found:
                html(passage(article.draft, asked).text)
        waited = time.perf_counter() - since
        taken[one.sort].append((1000 * (clock() - begun), 1000 * waited))
    return dict(sorted(taken.items()))


def ask_peer(peer: Peer, questions: Sequence[Question], clock: Callable[[], float]) -> list[float]:
    """Give the CPU milliseconds of every question."""
    taken = []
    for one in questions:
        begun = clock()
        peer.ask(one.query)
        taken.append(1000 * (clock() - begun))
    return taken


def index_bytes(conn: Connection) -> int:
    """Give the size of everything that search keeps."""
    if is_sqlite(conn):
        query = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%search_%'"
    else:
        own = "pg_total_relation_size('search_texts') + pg_total_relation_size('search_triples')"
        query = f"SELECT {own}"
    return int(conn.execute(text(query)).scalar_one())


def at(values: Sequence[float], share: float) -> float:
    """Give the value below which ``share`` of the values lie."""
    return sorted(values)[int(share * (len(values) - 1))]


def _show(sort: str, few: Sequence[float]) -> None:
    print(f"{sort:18} {len(few):9} {at(few, 0.5):8.1f} {at(few, 0.95):8.1f} {max(few):8.1f}")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=25, help="questions of each sort")
    parser.add_argument("--folder", type=Path, help="keep the archive here, and use it again")
    parser.add_argument("--part", choices=("fill", "ask", "peer"), help="do only this part")
    given = parser.parse_args(arguments)
    with archive(given.store, given.folder) as (store, folder):
        world = World()
        made = filled(store, world, given.articles, folder / "filled.json")
        with store.read() as conn:
            size = index_bytes(conn) / made["articles"]
        print(f"{given.store}, {made['articles']:.0f} articles; an article: ", end="")
        print(f"{size:,.0f} bytes, {made['ms']:.2f} ms CPU")
        questions = list(world.questions(given.each))
        random.Random(3).shuffle(questions)
        if given.part in {None, "ask"}:
            _measure(store, questions)
        if given.part in {None, "peer"}:
            _beside(store, [q for q in questions if q.query and q == Question(q.sort, q.query)])
    return 0


def _measure(store: Store, questions: Sequence[Question]) -> None:
    bare = [Question("without marks", folded(q.query)) for q in questions[::3] if q.query]
    ask(store, questions[::10])  # the first ones find nothing in the caches
    taken = ask(store, [*questions, *bare])
    every = [one for few in taken.values() for one in few]
    for unit, name in enumerate(("CPU ms", "waited, ms")):
        print(f"{name:18} {'questions':>9} {'median':>8} {'p95':>8} {'most':>8}")
        for sort, few in [*taken.items(), ("all", every)]:
            _show(sort, [one[unit] for one in few])


def _beside(store: Store, questions: Sequence[Question]) -> None:
    """Print the peer's figures, and ours for the same questions."""
    clock = Clock(store)
    with store.engine.connect() as conn:
        peer = Peer(conn)
        ms, size = peer.fill(clock)
        if ms:
            print(f"the peer, an article: {size:,.0f} bytes, {ms:.2f} ms CPU")
        few = questions[:PEER_QUESTIONS]
        theirs = ask_peer(peer, few, clock)
    mine = [cpu for some in ask(store, few).values() for cpu, _ in some]
    print(f"{'the same questions':18} {'questions':>9} {'median':>8} {'p95':>8} {'most':>8}")
    _show("the peer", theirs)
    _show("gomtin", mine)
    for share, name in ((0.5, "median"), (0.95, "p95")):
        print(f"ratio at the {name}: {at(mine, share) / at(theirs, share):.2f}")


if __name__ == "__main__":
    sys.exit(main())
