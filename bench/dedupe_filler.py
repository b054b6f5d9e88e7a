"""Fill an archive with rows of articles that were never written, to measure one that has grown."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from pipelines.dedupe.index import HOT
from pipelines.store import schema
from pipelines.store.dialect import is_sqlite
from pipelines.store.portals import register_portal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HASHES = (12, 24)
"""Hashes of a filled-in article, from and to: 18 on average, as of 530 shingles."""
FORMULAS = 300
"""Formulas, of which every filled-in article has one."""
PART = 20_000


class Filler:
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
