"""The peer of search: the database's own full text, over the same texts without marks.

SQLite: FTS5 with unicode61, sorted by bm25. PostgreSQL: to_tsvector('simple') under a GIN index,
sorted by ts_rank. Neither knows title from text, nor a query's marks, nor filters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from pipelines.search.words import without_marks
from pipelines.store.dialect import is_sqlite
from pipelines.store.schema import revisions

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

PART = 500
SQLITE = """
    CREATE VIRTUAL TABLE peer
    USING fts5 (words, content = '', tokenize = 'unicode61 remove_diacritics 2')
"""
POSTGRES = """
    CREATE TABLE peer (id bigint PRIMARY KEY, vector tsvector);
    CREATE INDEX peer_vector ON peer USING gin (vector)
"""
INSERT_SQLITE = "INSERT INTO peer (rowid, words) VALUES (?, ?)"
INSERT_POSTGRES = "INSERT INTO peer (id, vector) VALUES (%s, to_tsvector('simple', %s))"
ASK_SQLITE = text("SELECT rowid FROM peer WHERE peer MATCH :q ORDER BY rank LIMIT 50")
ASK_POSTGRES = text("""
    SELECT id FROM peer, websearch_to_tsquery('simple', :q) AS asked WHERE vector @@ asked
    ORDER BY ts_rank(vector, asked) DESC LIMIT 50
""")


def folded(words: str) -> str:
    """Write words as one types them without a Vietnamese keyboard."""
    return without_marks(words).lower()


class Peer:
    """A plain full text in the same database, kept there once it is filled."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._sqlite = is_sqlite(conn)

    def fill(self, clock: Callable[[], float]) -> tuple[float, float]:
        """Index all texts; give CPU ms and bytes an article, zeros where it was done before."""
        present = (
            "SELECT count(*) FROM sqlite_master WHERE name = 'peer'"
            if self._sqlite
            else "SELECT count(*) FROM pg_class WHERE relname = 'peer'"
        )
        if self.conn.execute(text(present)).scalar_one():
            return 0.0, 0.0
        self.conn.exec_driver_sql(SQLITE if self._sqlite else POSTGRES)
        spent = count = last = 0.0
        query = select(revisions.c.article_id, revisions.c.draft).order_by(revisions.c.article_id)
        while rows := self.conn.execute(
            query.where(revisions.c.article_id > last).limit(PART)
        ).all():
            texts = [(n, folded("\n".join([one["title"], *one["body"]]))) for n, one in rows]
            begun = clock()
            insert = INSERT_SQLITE if self._sqlite else INSERT_POSTGRES
            self.conn.exec_driver_sql(insert, texts)
            self.conn.commit()
            spent += clock() - begun
            count, last = count + len(rows), rows[-1].article_id
        if not self._sqlite:
            self.conn.exec_driver_sql("ANALYZE peer")
        self.conn.commit()
        return 1000 * spent / count, self._bytes() / count

    def _bytes(self) -> int:
        size = (
            "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'peer%'"
            if self._sqlite
            else "SELECT pg_total_relation_size('peer')"
        )
        return int(self.conn.execute(text(size)).scalar_one())

    def ask(self, query: str) -> int:
        """Ask for 50 answers; give how many there were."""
        asked = folded(query)
        if self._sqlite and '"' not in asked:
            asked = " ".join(f'"{word}"' for word in asked.split())
        statement = ASK_SQLITE if self._sqlite else ASK_POSTGRES
        return len(self.conn.execute(statement, {"q": asked}).all())
