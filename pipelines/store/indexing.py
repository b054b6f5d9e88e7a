"""Put stored articles into the word index again, with their names and labels of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from pipelines.clean.names import find_names
from pipelines.codec import draft_from_json
from pipelines.search.entry import indexed
from pipelines.store.articles import labels_of
from pipelines.store.outbox import Telling, emit_all
from pipelines.store.portals import known_portals
from pipelines.store.schema import NEWEST_REVISION, articles, revisions
from pipelines.store.search_rows import add_words, drop_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

_TOLD = ("topic", "kind")


def tell_labels(conn: Connection, ids: Sequence[int], now: datetime) -> None:
    """Put articles into the index under their new labels, and tell other programs of these."""
    index_anew(conn, ids)
    events = []
    for article_id, found in labels_of(conn, ids).items():
        values = {axis: [one.value for one in found if one.axis == axis] for axis in _TOLD}
        payload = {"article_id": article_id, "topics": values["topic"]}
        kind = next(iter(values["kind"]), None)
        events.append(Telling("article.relabelled", payload | {"kind": kind}))
    emit_all(conn, events, now)


def index_anew(conn: Connection, ids: Sequence[int]) -> None:
    """Put articles into the index as they are now, and note the names that stand in them."""
    columns = (articles.c.id, articles.c.portal, articles.c.dated_at, revisions.c.draft)
    query = select(*columns).join(revisions, NEWEST_REVISION).where(articles.c.id.in_(ids))
    units = {name: portal.unit for name, portal in known_portals(conn).items()}
    drop_words(conn, ids)
    words, names = [], []
    for row in conn.execute(query).all():
        draft = draft_from_json(row.draft)
        named = find_names(draft)
        words.append((row.id, indexed(draft, units.get(row.portal, ""), named), row.dated_at))
        names.append({"article": row.id, "found": named.to_json()})
    add_words(conn, words, labels_of(conn, ids))
    statement = update(articles).where(articles.c.id == bindparam("article"))
    conn.execute(statement.values(named=bindparam("found", type_=articles.c.named.type)), names)
