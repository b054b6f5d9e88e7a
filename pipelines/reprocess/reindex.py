"""Make the word index, and the names of people and organisations, anew from the articles' texts.

It is done in parts and may be interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pipelines.store.engine import ingest_lock
from pipelines.store.indexing import index_anew
from pipelines.store.positions import forget, position, remember
from pipelines.store.schema import articles
from pipelines.store.search_rows import ANEW_TASK, begin_anew, is_of_today, pack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.store.engine import Store

PART = 500


def reindex(store: Store) -> Iterator[int]:
    """Yield after each part how many articles have been read."""
    read = 0
    while True:
        with store.begin() as conn:
            ingest_lock(conn)
            last = position(conn, ANEW_TASK)
            if last is None and read:
                break  # another process has done the rest
            if last is None or not is_of_today(conn):  # what another gomtin began is of no use
                begin_anew(conn)
                last = 0
            query = select(articles.c.id).where(articles.c.id > last)
            ids = conn.execute(query.order_by(articles.c.id).limit(PART)).scalars().all()
            if not ids:
                forget(conn, ANEW_TASK)
                break
            index_anew(conn, ids)
            remember(conn, ANEW_TASK, ids[-1])
        read += len(ids)
        yield read
    first = True
    while _pack(store, first=first):
        first = False
        yield read


def _pack(store: Store, *, first: bool) -> bool:
    with store.begin() as conn:
        return pack(conn, first=first)
