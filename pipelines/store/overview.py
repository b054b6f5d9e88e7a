"""What an operator asks first: how each portal stands, and what fails at present."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, or_, select

from pipelines.health.cure import cure, unwell_since
from pipelines.health.standing import GRACE, Situation, Standing, not_run, standing
from pipelines.records import ARTICLE_OUTCOMES, Outcome
from pipelines.store.health import health_of
from pipelines.store.pages import TRIES
from pipelines.store.portals import known_portals
from pipelines.store.runs import Run, get_run, last_runs
from pipelines.store.schema import (
    FAILING,
    articles,
    dead_letters,
    inbox,
    outcomes,
    pages,
    portals,
    runs,
    slots,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

WEEK = timedelta(days=7)
CRAWLS = ("incremental", "backfill", "recheck")
# Spelt out in the statement: SQLite uses the index of what fails for nothing else.
_FAILS = pages.c.outcome.in_(
    bindparam("failing", FAILING, expanding=True, literal_execute=True, type_=pages.c.outcome.type)
)


@dataclass(frozen=True, slots=True)
class PortalStatus:
    """How one portal stands; ``waiting`` drafts are in the inbox, ``buried`` are dead letters.

    ``since`` when it is not well, and the command that is its ``cure``; None and "" where it is.
    """

    portal: str
    articles: int
    new_this_week: int
    waiting: int
    buried: int
    last_run: Run | None
    next_at: datetime | None
    paused_until: datetime | None
    standing: Standing
    since: datetime | None
    cure: str


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Pages of one portal that fail for one cause (outcome and stable code), with an example.

    ``given_up``: how many of them no run will ask for again by itself.
    """

    portal: str
    outcome: Outcome
    code: str
    count: int
    example_url: str
    example_detail: str
    last_at: datetime
    given_up: int


def last_live(conn: Connection) -> dict[str, datetime]:
    """Tell when a crawl of each portal's own host, no replica, last brought an article."""
    brought = exists().where(
        outcomes.c.run_id == runs.c.id, outcomes.c.outcome.in_(tuple(ARTICLE_OUTCOMES))
    )
    newest = (
        select(runs.c.portal, runs.c.params, func.max(runs.c.fetched_at).label("at"))
        .where(runs.c.kind.in_(CRAWLS), runs.c.fetched_at.is_not(None), brought)
        .group_by(runs.c.portal, runs.c.params)
    )
    found: dict[str, datetime] = {}
    for portal, params, at in conn.execute(newest):
        if not params["base_url"]:
            found[portal] = max(at, found.get(portal, at))
    return found


def overview(conn: Connection, now: datetime) -> list[PortalStatus]:
    """Tell how every portal of the archive stands, by id."""
    mine, fresh = articles.c.portal == portals.c.id, articles.c.first_seen_at >= now - WEEK
    count = select(func.count()).select_from(articles).where(mine, fresh).scalar_subquery()
    stored = _counts(conn, select(articles.c.portal, func.count()).group_by(articles.c.portal))
    new = _counts(conn, select(portals.c.id, count))
    waiting = _counts(conn, select(inbox.c.portal, func.count()).group_by(inbox.c.portal))
    buried = _counts(
        conn, select(dead_letters.c.portal, func.count()).group_by(dead_letters.c.portal)
    )
    situations = _situations(conn, now)
    return [
        PortalStatus(
            portal,
            stored[portal],
            new[portal],
            waiting[portal],
            buried[portal],
            known.last_run,
            known.due_at,
            known.paused_until,
            standing(known, now),
            unwell_since(known, now),
            cure(portal, known, now),
        )
        for portal, known in situations.items()
    ]


def overdue(conn: Connection, now: datetime) -> dict[str, tuple[int, str]]:
    """Give the portals that are not run though they are due: the last run's id, and the reason."""
    found = {}
    for portal, known in _situations(conn, now).items():
        paused = known.paused_until is not None and known.paused_until > now
        late = None if paused or known.due_at is None else not_run(known, now)
        if late and (known.last_run or (known.due_at and known.due_at < now - GRACE)):
            found[portal] = (known.last_run.id if known.last_run else 0, late.reason)
    return found


def _situations(conn: Connection, now: datetime) -> dict[str, Situation]:
    last = last_runs(conn)
    judged = health_of(conn)
    latest = select(func.max(articles.c.dated_at)).where(articles.c.portal == portals.c.id)
    newest = dict(conn.execute(select(portals.c.id, latest.scalar_subquery())).all())
    due = _due(conn, now)
    found = {}
    for portal in known_portals(conn):
        health, slot = judged.get(portal), due.get(portal)
        found[portal] = Situation(
            last_run=last.get(portal),
            due_at=slot.next_at if slot else None,
            paused_until=slot.paused_until if slot else None,
            pause_reason=slot.pause_reason if slot else "",
            judged_run=health.run_id if health else 0,
            findings=health.findings if health else (),
            new=health.new if health else 0,
            newest_at=newest.get(portal),
            judged_since=health.since if health else None,
        )
    return found


def _due(conn: Connection, now: datetime) -> dict[str, Row[Any]]:
    """Give the slot of each portal that is due first; a paused one only where all are."""

    def order(row: Row[Any]) -> tuple[bool, datetime]:
        return row.paused_until is not None and row.paused_until > now, row.next_at

    found: dict[str, Row[Any]] = {}
    for row in sorted(conn.execute(select(slots)), key=order):
        found.setdefault(row.portal, row)
    return found


def failures(
    conn: Connection, *, portal: str | None = None, since: datetime | None = None
) -> list[FailureGroup]:
    """Group the pages that fail at present by portal and cause, the most frequent first."""
    query = select(pages).where(_FAILS)
    if portal is not None:
        query = query.where(pages.c.portal == portal)
    if since is not None:
        query = query.where(pages.c.checked_at >= since)
    groups: dict[tuple[str, Outcome, str], list[Row[Any]]] = {}
    for row in conn.execute(query.order_by(pages.c.checked_at)):
        code = row.detail.partition(":")[0] or str(row.outcome)
        cause = (row.portal, row.outcome, code)
        groups.setdefault(cause, []).append(row)
    found = [
        FailureGroup(
            *cause,
            count=len(rows),
            example_url=rows[-1].url,
            example_detail=rows[-1].detail,
            last_at=rows[-1].checked_at,
            given_up=sum(row.failures >= TRIES for row in rows),
        )
        for cause, rows in groups.items()
    ]
    return sorted(found, key=lambda group: (-group.count, group.portal, group.code))


def failing_pages(
    conn: Connection,
    *,
    portal: str | None = None,
    cause: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, dict[str, str]]:
    """Give the pages that fail at present and are no dead letters: address by key, by portal.

    ``cause`` is a code or an outcome as ``failures`` tells them; those tried longest ago come
    first.
    """
    failing = [one for one in FAILING if one is not Outcome.DEAD_LETTER]
    query = select(pages.c.portal, pages.c.key, pages.c.url).where(pages.c.outcome.in_(failing))
    if portal is not None:
        query = query.where(pages.c.portal == portal)
    if cause is not None:
        detailed = pages.c.detail.startswith(f"{cause}:", autoescape=True)
        named = [one for one in failing if one.value == cause]
        query = query.where(or_(pages.c.detail == cause, detailed, pages.c.outcome.in_(named)))
    if since is not None:
        query = query.where(pages.c.checked_at >= since)
    if until is not None:
        query = query.where(pages.c.checked_at < until)
    found: dict[str, dict[str, str]] = {}
    for row in conn.execute(query.order_by(pages.c.checked_at)):
        found.setdefault(row.portal, {})[row.key] = row.url
    return found


def last_crawl(conn: Connection, portal: str) -> Run | None:
    """Give the portal's newest crawl; None: its pages were imported."""
    query = select(func.max(runs.c.id)).where(runs.c.portal == portal, runs.c.kind.in_(CRAWLS))
    newest = conn.execute(query).scalar()
    return None if newest is None else get_run(conn, newest)


def _counts(conn: Connection, query: Select[Any, int]) -> Mapping[str, int]:
    return Counter({portal: int(count) for portal, count in conn.execute(query)})
