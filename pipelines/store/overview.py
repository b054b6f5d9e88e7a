"""What an operator asks first: how each portal stands, and what fails at present."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pipelines.records import Outcome
from pipelines.store.portals import known_portals
from pipelines.store.runs import Run, get_run
from pipelines.store.schema import articles, dead_letters, inbox, pages, runs, slots

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

WEEK = timedelta(days=7)
FAILING = (
    Outcome.CHALLENGE, Outcome.BLOCKED, Outcome.EMPTY, Outcome.TOO_LARGE, Outcome.TIMED_OUT,
    Outcome.BAD_ENCODING, Outcome.BAD_CONTENT, Outcome.FAILED, Outcome.DEAD_LETTER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PortalStatus:
    """How one portal stands; ``waiting`` drafts are in the inbox, ``buried`` are dead letters."""

    portal: str
    articles: int
    new_this_week: int
    waiting: int
    buried: int
    last_run: Run | None
    next_at: datetime | None
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Pages of one portal that fail for one cause (outcome and stable code), with an example."""

    portal: str
    outcome: Outcome
    code: str
    count: int
    example_url: str
    example_detail: str
    last_at: datetime


def overview(conn: Connection, now: datetime) -> list[PortalStatus]:
    """Tell how every portal of the archive stands, by id."""
    fresh = articles.c.first_seen_at >= now - WEEK
    stored = _counts(conn, select(articles.c.portal, func.count()).group_by(articles.c.portal))
    new = _counts(
        conn, select(articles.c.portal, func.count()).where(fresh).group_by(articles.c.portal)
    )
    waiting = _counts(conn, select(inbox.c.portal, func.count()).group_by(inbox.c.portal))
    buried = _counts(
        conn, select(dead_letters.c.portal, func.count()).group_by(dead_letters.c.portal)
    )
    last = _counts(conn, select(runs.c.portal, func.max(runs.c.id)).group_by(runs.c.portal))
    due = {row.portal: row for row in conn.execute(select(slots))}
    return [
        PortalStatus(
            portal,
            stored[portal],
            new[portal],
            waiting[portal],
            buried[portal],
            get_run(conn, last[portal]) if last[portal] else None,
            due[portal].next_at if portal in due else None,
            due[portal].paused_until if portal in due else None,
        )
        for portal in known_portals(conn)
    ]


def failures(
    conn: Connection, *, portal: str | None = None, since: datetime | None = None
) -> list[FailureGroup]:
    """Group the pages that fail at present by portal and cause, the most frequent first."""
    query = select(pages).where(pages.c.outcome.in_(FAILING))
    if portal is not None:
        query = query.where(pages.c.portal == portal)
    if since is not None:
        query = query.where(pages.c.checked_at >= since)
    groups: dict[tuple[str, Outcome, str], list[tuple[datetime, str, str]]] = {}
    for row in conn.execute(query.order_by(pages.c.checked_at)):
        code = row.detail.partition(":")[0] or str(row.outcome)
        cause = (row.portal, row.outcome, code)
        groups.setdefault(cause, []).append((row.checked_at, row.url, row.detail))
    found = [
        FailureGroup(name, outcome, code, len(rows), rows[-1][1], rows[-1][2], rows[-1][0])
        for (name, outcome, code), rows in groups.items()
    ]
    return sorted(found, key=lambda group: (-group.count, group.portal, group.code))


def _counts(conn: Connection, query: object) -> Mapping[str, int]:
    rows = conn.execute(query)  # type: ignore[call-overload]  # any two-column select
    return Counter({portal: int(count) for portal, count in rows})
