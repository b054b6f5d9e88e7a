"""Events that wait to be told to other programs, written with the effect that they tell of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, text, update

from pipelines.store.dialect import chunks, insert, is_sqlite
from pipelines.store.positions import position, remember
from pipelines.store.schema import outbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select


FORGOTTEN = "events.forgotten"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``id`` stays the same however often the event is delivered.

    ``trace`` is the context of the span in which it happened, if that was traced.
    """

    id: int
    type: str
    payload: Mapping[str, Any]
    created_at: datetime
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """An event that is to be written, with the context of the span in which it happens."""

    type: str
    payload: Mapping[str, Any]
    trace: str = ""


def emit(conn: Connection, kind: str, payload: Mapping[str, Any], now: datetime) -> int:
    """Write one event in the caller's transaction and give its id."""
    values = {"type": kind, "payload": dict(payload), "created_at": now}
    return int(
        conn.execute(insert(conn, outbox).values(values).returning(outbox.c.id)).scalar_one()
    )


def emit_all(conn: Connection, events: Sequence[Telling], now: datetime) -> None:
    """Write many events at once, in their order."""
    rows = [
        {"type": one.type, "payload": dict(one.payload), "created_at": now, "trace": one.trace}
        for one in events
    ]
    if rows:
        conn.execute(_INSERT, rows)


def newest_event(conn: Connection) -> int:
    """Give the id of the last event; 0: none is kept."""
    return int(conn.execute(_NEWEST).scalar() or 0)


def unrelayed(conn: Connection, limit: int) -> list[Event]:
    """Give the oldest events that no relay has delivered yet."""
    rows = conn.execute(
        select(*(outbox.c[name] for name in Event.__slots__))
        .where(outbox.c.relayed_at.is_(None))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [Event(*row) for row in rows]


def mark_relayed(conn: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note that the events have been delivered (at least once)."""
    for part in chunks(ids):
        conn.execute(update(outbox).where(outbox.c.id.in_(part)).values(relayed_at=now))


def forget_relayed(conn: Connection, before: datetime, limit: int = 10_000) -> int:
    """Delete events that were delivered before then, the oldest first; give how many."""
    old = select(outbox.c.id).where(outbox.c.relayed_at < before)
    ids = conn.execute(old.order_by(outbox.c.id).limit(limit)).scalars().all()
    for part in chunks(ids):
        conn.execute(delete(outbox).where(outbox.c.id.in_(part)))
    if ids:
        remember(conn, FORGOTTEN, max(ids[-1], forgotten_until(conn)))
    return len(ids)


def forgotten_until(conn: Connection) -> int:
    """Give the id of the newest event that was deleted; 0: none."""
    return position(conn, FORGOTTEN) or 0


def last_article_event(conn: Connection) -> int:
    """Give the id of the newest event that tells of an article; 0: none is kept.

    Articles are written one transaction after the other, so that no older event comes later: while
    it stays, no text of the archive has changed.
    """
    return int(conn.execute(_NEWEST_OF_ARTICLE).scalar() or 0)


def articles_since(conn: Connection, event: int) -> Select[Any]:
    """Select the ids of the articles that later events tell of."""
    number = "json_extract(payload, '$.article_id')"
    if not is_sqlite(conn):
        number = "CAST(CAST(payload AS json) ->> 'article_id' AS bigint)"
    return select(text(number)).select_from(outbox).where(outbox.c.id > event, _TELLS_OF_ARTICLE)


_TELLS_OF_ARTICLE = outbox.c.type.startswith("article.") | outbox.c.type.startswith("story.")


_INSERT = outbox.insert().inline()  # else one row alone would give back its id
_NEWEST = select(func.max(outbox.c.id))
_NEWEST_OF_ARTICLE = _NEWEST.where(_TELLS_OF_ARTICLE)
