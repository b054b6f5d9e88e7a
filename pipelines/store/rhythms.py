"""What the archive knows of when a portal publishes and when it was visited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from pipelines.records import Precision
from pipelines.rhythm import MEMORY
from pipelines.store.schema import articles, outcomes, runs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def publication_times(conn: Connection, portal: str, section: str, now: datetime) -> list[datetime]:
    """Give the times to the minute at which the portal or section published, of half a year.

    An article counts for a section when one of its runs has met the address there, whoever
    stored it.
    """
    query = select(articles.c.published_at).where(
        articles.c.portal == portal,
        articles.c.published_at > now - MEMORY,
        articles.c.published_at <= now,
        articles.c.published_precision == Precision.MINUTE,
    )
    if section:
        met = select(outcomes.c.key).join(runs, runs.c.id == outcomes.c.run_id)
        met = met.where(runs.c.portal == portal, runs.c.section == section)
        query = query.where(articles.c.document_key.in_(met))
    return list(conn.execute(query).scalars())


def last_visit(conn: Connection, portal: str, section: str) -> datetime | None:
    """Tell when the last run of the portal or section was queued."""
    mine = and_(runs.c.portal == portal, runs.c.section == section)
    return conn.execute(select(func.max(runs.c.created_at)).where(mine)).scalar()
