"""What a portal's earlier runs tell the next one: how far they came, and whether one broke off."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from pipelines.store.runs import Run, RunState, read_run
from pipelines.store.schema import outcomes, runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from pipelines.records import Outcome


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run and how many of its addresses ended in which outcome."""

    run: Run
    totals: Mapping[Outcome, int]


def latest_runs(conn: Connection, portal: str, limit: int) -> list[PastRun]:
    """Give the newest runs of a portal with their totals, the newest first."""
    query = select(runs).where(runs.c.portal == portal).order_by(runs.c.id.desc()).limit(limit)
    found = [read_run(row) for row in conn.execute(query).mappings()]
    totals: dict[int, Counter[Outcome]] = {one.id: Counter() for one in found}
    counted = select(outcomes.c.run_id, outcomes.c.outcome, func.count())
    counted = counted.where(outcomes.c.run_id.in_(totals))
    for run, outcome, number in conn.execute(counted.group_by(*counted.selected_columns[:2])):
        totals[run][outcome] = number
    return [PastRun(one, totals[one.id]) for one in found]


def cut_short(conn: Connection, portal: str, since: datetime | None) -> bool:
    """Tell whether a run of ``portal`` has been interrupted or has failed after ``since``."""
    walked = and_(runs.c.portal == portal, runs.c.kind.in_(("incremental", "backfill")))
    ended = runs.c.state.in_((RunState.FAILED.value, RunState.STOPPED.value))
    anew = and_(runs.c.state == RunState.RUNNING.value, runs.c.attempts > 1)
    query = select(runs.c.id).where(walked, or_(ended, anew))
    if since is not None:
        query = query.where(or_(runs.c.finished_at > since, runs.c.finished_at.is_(None)))
    return conn.execute(query.limit(1)).first() is not None


def settled_at(conn: Connection, portal: str, section: str = "") -> datetime | None:
    """Tell when the last complete crawl of the portal or section had read its pages, if any had.

    What the archive held at that time, an announcement that names it reaches back far enough.
    """
    whole = and_(
        runs.c.portal == portal,
        runs.c.section.in_(("", section)),
        runs.c.kind.in_(("incremental", "backfill")),
    )
    complete = runs.c.state.in_((RunState.FETCHED.value, RunState.DONE.value))
    return conn.execute(select(func.max(runs.c.fetched_at)).where(whole, complete)).scalar()
