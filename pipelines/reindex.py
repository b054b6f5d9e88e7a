"""Make the word index, and the names of people and organisations, anew from the articles' texts.

It is done in parts and may be interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select, update

from pipelines.clean.names import find_names
from pipelines.codec import draft_from_json
from pipelines.search.words import tokens
from pipelines.store.engine import ingest_lock
from pipelines.store.portals import known_portals
from pipelines.store.positions import forget, position, remember
from pipelines.store.schema import articles, revisions
from pipelines.store.search_index import add_words, begin_anew, drop_words, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

TASK = "reindex"
PART = 500


def reindex(store: Store) -> Iterator[int]:
    """Yield after each part how many articles have been read."""
    read = 0
    while True:
        with store.begin() as conn:
            ingest_lock(conn)
            last = position(conn, TASK)
            if last is None:
                begin_anew(conn)
            ids = _part(conn, last or 0)
            if not ids:
                forget(conn, TASK)
                finish(conn)
                return
            remember(conn, TASK, ids[-1])
        read += len(ids)
        yield read


def _part(conn: Connection, last: int) -> list[int]:
    """Index the articles that come after ``last``; give their ids."""
    current = and_(
        revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision
    )
    query = (
        select(articles.c.id, articles.c.portal, articles.c.dated_at, revisions.c.draft)
        .join(revisions, current)
        .where(articles.c.id > last)
        .order_by(articles.c.id)
        .limit(PART)
    )
    units = {name: portal.unit for name, portal in known_portals(conn).items()}
    rows = conn.execute(query).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    drop_words(conn, ids)
    words, names = [], []
    for row in rows:
        draft = draft_from_json(row.draft)
        named = find_names(draft)
        words.append((row.id, tokens(draft, units.get(row.portal, ""), named), row.dated_at))
        names.append({"article": row.id, "found": named.to_json()})
    add_words(conn, words)
    statement = update(articles).where(articles.c.id == bindparam("article"))
    conn.execute(statement.values(named=bindparam("found", type_=articles.c.named.type)), names)
    return ids
