"""Which articles are due to be read again, and which of them their portal has taken down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, or_, select, update

from pipelines.store.dialect import chunks
from pipelines.store.engine import ingest_lock
from pipelines.store.outbox import emit
from pipelines.store.portals import is_dated
from pipelines.store.schema import articles, pages

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

OVERDUE = timedelta(days=7)  # past its last recheck an article is left alone
SECOND_LOOK = timedelta(days=1)  # a portal in maintenance refuses articles that it still has


def due_rechecks(
    conn: Connection, portal: str, days: Sequence[int], now: datetime, limit: int
) -> dict[str, str]:
    """Give key and address of articles not read since one of ``days`` after their date.

    The longest waiting come first. An article met years after its date is never due, nor one of
    which nobody knows its date: nobody corrects it any more. One that was taken down may come back,
    or its portal was ill: it is looked at once more a day after, even at the last of ``days``.
    """
    if not days:
        return {}
    steps = [timedelta(days=day) for day in days]
    of_page = and_(pages.c.portal == articles.c.portal, pages.c.key == articles.c.document_key)
    query = (
        select(articles.c.dated_at, _gone_at(), pages.c.key, pages.c.url, pages.c.checked_at)
        .join(pages, of_page)
        .where(
            articles.c.portal == portal,
            articles.c.dated_at > now - max(steps) - OVERDUE,
            articles.c.dated_at <= now - min(steps),
            is_dated(conn, portal),
        )
        .order_by(pages.c.checked_at)
    )
    due = [row for row in conn.execute(query) if _due(row, steps, now)]
    return {row.key: row.url for row in due[:limit]}


def newest_articles(conn: Connection, portal: str, limit: int) -> dict[str, str]:
    """Give key and address of the portal's newest articles that it has not taken down."""
    of_page = and_(pages.c.portal == articles.c.portal, pages.c.key == articles.c.document_key)
    query = (
        select(pages.c.key, pages.c.url)
        .join(articles, of_page)
        .where(articles.c.portal == portal, _gone_at().is_(None))
        .order_by(articles.c.dated_at.desc())
        .limit(limit)
    )
    return {row.key: row.url for row in conn.execute(query)}


def titles_of(conn: Connection, portal: str, keys: Collection[str]) -> dict[str, str]:
    """Give the titles of stored articles by their keys."""
    found: dict[str, str] = {}
    for part in chunks(list(keys)):
        query = select(articles.c.document_key, articles.c.title).where(
            articles.c.portal == portal, articles.c.document_key.in_(part)
        )
        found.update((key, title) for key, title in conn.execute(query))
    return found


def _gone_at() -> ColumnElement[datetime | None]:
    """Give when an article was taken down that has not been seen since."""
    return case((articles.c.gone_at >= articles.c.seen_at, articles.c.gone_at)).label("gone_at")


def mark_gone(conn: Connection, portal: str, keys: Collection[str], now: datetime) -> None:
    """Note that the articles of ``keys`` are no longer on their portal; their text stays.

    Call it first in a transaction: it lets no ingest in, whose events would come with older ids
    and later commit, and would be missed by whoever reads the events in their order.
    """
    if keys:
        ingest_lock(conn)
    for part in chunks(sorted(keys)):
        rows = conn.execute(
            update(articles)
            .where(
                articles.c.portal == portal,
                articles.c.document_key.in_(part),
                or_(articles.c.gone_at.is_(None), articles.c.gone_at < articles.c.seen_at),
            )
            .values(gone_at=now)
            .returning(articles.c.id, articles.c.canonical_url, articles.c.title)
        )
        for row in rows.all():
            article = {"article_id": row.id, "portal": portal, "title": row.title}
            emit(conn, "article.gone", article | {"canonical_url": row.canonical_url}, now)


def _due(row: Row[Any], steps: Sequence[timedelta], now: datetime) -> bool:
    moments = [row.dated_at + step for step in steps]
    if row.gone_at is not None:
        moments.append(row.gone_at + SECOND_LOOK)
    return any(row.checked_at < moment <= now for moment in moments)
