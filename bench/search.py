"""Measure search in a large archive, beside what it took the place of and a plain full text.

    python bench/search.py --store sqlite --articles 200000
    python bench/search.py --store postgresql --articles 200000

Times are the CPU, this process's and the server's, of a page of 50 answers with their passages,
read from the archive, one question after the other. The peer in SQLite is the search by substring
(LIKE over folded text), the one in PostgreSQL to_tsvector('simple') under a GIN index, sorted by
ts_rank; both give ids alone.
"""

from __future__ import annotations

import argparse
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

from sqlalchemy import select, text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.postgres import start, stop
from bench.search_world import NOW, Question, World, fill
from pipelines.search.snippets import html, passage
from pipelines.search.words import plain
from pipelines.store.dialect import is_sqlite
from pipelines.store.engine import open_store
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.schema import revisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

PEER_QUESTIONS = 22
PEER_PART = 1_000
STEP = 20_000


@contextmanager
def archive(kind: str, folder: Path | None) -> Iterator[Store]:
    """Open an empty archive; the folder is removed unless it was given."""
    made = folder or Path(tempfile.mkdtemp(prefix="gomtin-search-"))
    made.mkdir(exist_ok=True)
    made.chmod(0o755)
    url = f"sqlite:///{made}/gomtin.sqlite3"
    if kind == "postgresql":
        start(made, {"shared_buffers": "512MB", "listen_addresses": ""})
        url = f"postgresql://postgres@/postgres?host={made}"
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()
        if kind == "postgresql":
            stop(made)
        elif folder is None:
            shutil.rmtree(made)


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


def build(store: Store, world: World, count: int) -> float:
    """Fill the archive; give the CPU ms an article that tokens and index take."""
    spent = 0.0
    for done, spent in fill(store, world, count, Clock(store)):
        if done % STEP == 0:
            print(f"{done} articles, {1000 * spent / done:.2f} ms CPU each", file=sys.stderr)
    return 1000 * spent / count


def ask(store: Store, questions: Sequence[Question]) -> dict[str, list[float]]:
    """Give the CPU milliseconds of every question, by sort."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    clock = Clock(store)
    for one in questions:
        begun = clock()
        until = NOW - timedelta(days=365 * one.years) if one.years else None
        q = ArticleQuery(one.query, one.portal, one.topic, one.unit, until=until)
        with store.read() as conn:
            found = search(conn, q)
        assert q.asked is not None
        for article in found:
            html(passage(article.draft, q.asked).text)
        taken[one.sort].append(1000 * (clock() - begun))
    return taken


def index_bytes(conn: Connection) -> int:
    """Give the size of everything that search keeps."""
    if is_sqlite(conn):
        query = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_%'"
    else:
        query = "SELECT pg_total_relation_size('search_texts')"
    return int(conn.execute(text(query)).scalar_one())


LIKE = """
    SELECT id FROM peer WHERE words LIKE '%' || :q || '%' ORDER BY dated DESC, id DESC LIMIT 50
"""
TS_RANK = """
    SELECT id FROM peer, phraseto_tsquery('simple', :q) AS asked WHERE vector @@ asked
    ORDER BY ts_rank(vector, asked) DESC, dated DESC LIMIT 50
"""


def prepare_peer(store: Store) -> None:
    """Give the peer its own copy of the texts, and its index."""
    copied = (
        "INSERT INTO peer (id, dated, words) "
        "SELECT article_id, dated, :words FROM search_texts WHERE article_id = :id"
    )
    with store.read() as reading, store.begin() as conn:
        conn.execute(text("CREATE TABLE peer (id bigint PRIMARY KEY, dated bigint, words text)"))
        rows = reading.execution_options(yield_per=PEER_PART).execute(
            select(revisions.c.article_id, revisions.c.draft)
        )
        for part in rows.partitions():
            texts = {n: "\n".join([draft["title"], *draft["body"]]) for n, draft in part}
            folded = [{"id": n, "words": _folded(one)} for n, one in texts.items()]
            conn.execute(text(copied), folded)
        if not is_sqlite(conn):
            vector = "tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
            conn.execute(text(f"ALTER TABLE peer ADD COLUMN vector {vector}"))
            conn.execute(text("CREATE INDEX peer_vector ON peer USING gin (vector)"))


def _folded(words: str) -> str:
    return plain(words).replace("_", " ")


def ask_peer(store: Store, questions: Sequence[Question]) -> list[float]:
    """Give the CPU milliseconds of every question without filters."""
    taken = []
    clock = Clock(store)
    with store.read() as conn:
        query = text(LIKE if is_sqlite(conn) else TS_RANK)
        for one in questions:
            begun = clock()
            conn.execute(query, {"q": _folded(one.query)}).all()
            taken.append(1000 * (clock() - begun))
    return taken


def at(values: Sequence[float], share: float) -> float:
    """Give the value below which ``share`` of the values lie."""
    return sorted(values)[int(share * (len(values) - 1))]


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=25, help="questions of each sort")
    parser.add_argument("--folder", type=Path, help="keep the SQLite archive here")
    given = parser.parse_args(arguments)
    with archive(given.store, given.folder) as store:
        world = World()
        cost = build(store, world, given.articles)
        if given.store == "postgresql":
            with store.engine.connect() as conn:
                conn.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        questions = list(world.questions(given.each))
        random.Random(3).shuffle(questions)
        bare = [Question(q.sort, _folded(q.query)) for q in questions[::3] if '"' not in q.query]
        taken = ask(store, [*questions, *bare])
        taken["all"] = [one for few in taken.values() for one in few]
        with store.read() as conn:
            size = index_bytes(conn) / given.articles
        print(f"{given.store}, {given.articles} articles; an article: ", end="")
        print(f"{size:,.0f} bytes, {cost:.2f} ms CPU")
        print(f"{'CPU ms':18} {'questions':>9} {'median':>8} {'p95':>8} {'most':>8}")
        prepare_peer(store)
        plainly = [q for q in questions if q.sort not in {"in a portal", "of a topic"}]
        peer = "LIKE" if given.store == "sqlite" else "ts_rank"
        taken[peer] = ask_peer(store, plainly[:PEER_QUESTIONS])
        for sort, few in taken.items():
            print(
                f"{sort:18} {len(few):9} {at(few, 0.5):8.1f} {at(few, 0.95):8.1f} {max(few):8.1f}"
            )
        print(f"ratio at p95: {at(taken['all'], 0.95) / at(taken[peer], 0.95):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
