"""How the portals stand: which is not well, since when, why, and what to do about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from console.faults import fault
from console.pages import page
from pipelines.codec import VIETNAM
from pipelines.errors import GomtinError
from pipelines.health.standing import FRESH, GRAVITY, PAUSED, span
from pipelines.records import Outcome
from pipelines.store.counting import tally
from pipelines.store.finding import ArticleQuery
from pipelines.store.health import health_of
from pipelines.store.overview import failures, overview
from pipelines.store.past_runs import latest_runs
from pipelines.store.schema import FAILING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from console.archive import Archive
    from pipelines.store.overview import PortalStatus
    from pipelines.store.past_runs import PastRun

SHOWN_FAILURES = 20
"""Causes of failure that the front page shows, the most frequent ones."""
SHOWN_RUNS = 20
SHOWN_DAYS = 60
MET = frozenset({Outcome.UNCHANGED, Outcome.NOT_MODIFIED, Outcome.KNOWN})


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the graph: how many articles are of it, and how high it stands (0 to 100)."""

    day: datetime
    articles: int
    height: float


@dataclass(frozen=True, slots=True)
class Went:
    """A run as the page shows it."""

    past: PastRun
    took: str
    new: int
    revised: int
    met: int
    failed: int


def standings(archive: Archive) -> APIRouter:
    """Make ``/`` and ``/portals/ID`` for people, and ``/health`` for programs: 200 or 503."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health")
    def health() -> JSONResponse:
        try:
            with archive.read() as conn:
                found = overview(conn, datetime.now(UTC))
        except (SQLAlchemyError, GomtinError) as error:
            told = {"status": "down", "reason": type(error).__name__}
            return JSONResponse(told, HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"status": "up", "portals": [_brief(one) for one in found]})

    @router.get("/")
    def front() -> Response:
        now = datetime.now(UTC)
        with archive.read() as conn:
            found = overview(conn, now)
            failing = failures(conn)
        found.sort(key=lambda one: -GRAVITY.index(one.standing.state))
        return page(
            "portals.html",
            portals=found,
            unwell=[one for one in found if one.standing.state not in {FRESH, PAUSED}],
            states=Counter(one.standing.state for one in found),
            failures=failing[:SHOWN_FAILURES],
            others=failing[SHOWN_FAILURES:],
            now=now,
        )

    @router.get("/portals/{portal}")
    def one_portal(request: Request, portal: str) -> Response:
        now = datetime.now(UTC)
        with archive.read() as conn:
            found = {one.portal: one for one in overview(conn, now)}
            if portal not in found:
                return fault(
                    request, 404, "portal.unknown", f"the archive knows no portal {portal}"
                )
            judged = health_of(conn).get(portal)
            return page(
                "portal.html",
                one=found[portal],
                findings=judged.findings if judged else (),
                runs=[_went(past) for past in latest_runs(conn, portal, SHOWN_RUNS)],
                bars=_bars(conn, portal, now),
                failures=failures(conn, portal=portal),
                now=now,
            )

    return router


def _brief(status: PortalStatus) -> dict[str, Any]:
    run = status.last_run
    return {
        "portal": status.portal,
        "state": status.standing.state,
        "reason": status.standing.reason,
        "since": status.since.isoformat() if status.since else None,
        "cure": status.cure or None,
        "articles": status.articles,
        "waiting": status.waiting,
        "dead_letters": status.buried,
        "last_run": run.state if run else None,
        "next_at": status.next_at.isoformat() if status.next_at else None,
    }


def _went(past: PastRun) -> Went:
    run, totals = past.run, past.totals
    end = run.finished_at or run.fetched_at
    return Went(
        past,
        took=span(end - run.started_at) if end and run.started_at else "",
        new=totals.get(Outcome.STORED, 0) + totals.get(Outcome.COPY, 0),
        revised=totals.get(Outcome.REVISED, 0),
        met=sum(totals.get(one, 0) for one in MET),
        failed=sum(totals.get(one, 0) for one in FAILING),
    )


def _bars(conn: Connection, portal: str, now: datetime) -> list[Bar]:
    """Give the articles of each of the last days, the oldest first."""
    today = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=back) for back in reversed(range(SHOWN_DAYS))]
    counts = tally(conn, ArticleQuery(portal=portal, since=days[0], limit=None), ["day"]).counts
    found = {one.values[0]: one.articles for one in counts}
    most = max(found.values(), default=0)
    numbers = [(day, found.get(day.date().isoformat(), 0)) for day in days]
    return [Bar(day, number, 100 * number / max(1, most)) for day, number in numbers]
