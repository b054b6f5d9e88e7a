"""What the archive knows of when a portal publishes and when it was visited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from pipelines.records import Outcome, Precision
from pipelines.schedule.rhythm import MEMORY
from pipelines.store.portals import is_dated
from pipelines.store.runs import RunState
from pipelines.store.schema import articles, outcomes, runs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

LATEST = 20  # runs whose cost is looked at
ASKED = (Outcome.DOOR, Outcome.LISTING, Outcome.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class Published:
    """When a portal or section published: times to the minute, and of other articles the days."""

    times: list[datetime]
    days: list[datetime]


def publications(conn: Connection, portal: str, section: str, now: datetime) -> Published:
    """Give the publication times of half a year.

    An article counts for a section when one of its runs has met the address there, whoever
    stored it. One that tells no date counts for the day of its event, or on which it was first seen
    once what the portal had before was read.
    """
    query = select(articles.c.dated_at, articles.c.published_precision).where(
        articles.c.portal == portal,
        articles.c.dated_at > now - MEMORY,
        articles.c.dated_at <= now,
        is_dated(conn, portal),
    )
    if section:
        met = select(outcomes.c.key).join(runs, runs.c.id == outcomes.c.run_id)
        met = met.where(runs.c.portal == portal, runs.c.section == section)
        query = query.where(articles.c.document_key.in_(met))
    found = Published([], [])
    for moment, precision in conn.execute(query):
        (found.times if precision == Precision.MINUTE else found.days).append(moment)
    return found


def visited(
    conn: Connection, portal: str, section: str
) -> tuple[datetime, datetime] | tuple[None, None]:
    """Tell when the first and the last run of the portal or section were queued."""
    mine = and_(runs.c.portal == portal, runs.c.section == section)
    asked = select(func.min(runs.c.created_at), func.max(runs.c.created_at)).where(mine)
    first, last = conn.execute(asked).one()
    return first, last


def visit_pages(conn: Connection, portal: str, section: str) -> int:
    """Give how many pages of doors and listings the cheapest of the latest visits has read.

    That one found nothing new, or little. 0: there was no visit.
    """
    visits = select(runs.c.id).where(
        runs.c.portal == portal,
        runs.c.section == section,
        runs.c.kind == "incremental",
        runs.c.state == RunState.DONE.value,
    )
    latest = visits.order_by(runs.c.id.desc()).limit(LATEST)
    asked = select(func.count()).where(outcomes.c.run_id.in_(latest), outcomes.c.outcome.in_(ASKED))
    return min(conn.execute(asked.group_by(outcomes.c.run_id)).scalars(), default=0)
