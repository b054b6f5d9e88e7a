"""Figures of the whole installation for a monitoring system, computed from the store.

No process counts anything in its memory: so the figures hold over all processes and restarts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Select, func, select

from pipelines.store.overview import overview
from pipelines.store.runs import RunState
from pipelines.store.schema import (
    ACTIVE_STATES,
    articles,
    dead_letters,
    inbox,
    outbox,
    outcomes,
    runs,
)
from pipelines.store.schema import portals as known
from pipelines.store.turns import resting_hosts
from pipelines.store.workers import signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection

    from pipelines.store.overview import PortalStatus

RECENT = timedelta(hours=24)
STATES = ("fresh", "late", "degraded", "broken", "paused")
# A run waits for a worker, reads pages, then its drafts wait to be stored.
STAGES = (("queued", "created_at", "started_at"), ("fetch", "started_at", "fetched_at"),
          ("ingest", "fetched_at", "finished_at"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric: its samples are values by the values of its ``labels``."""

    name: str
    says: str
    labels: tuple[str, ...]
    samples: Sequence[tuple[tuple[str, ...], float]]
    kind: Literal["gauge", "counter"] = "gauge"


def figures(conn: Connection, now: datetime) -> Iterator[Figure]:
    """Give all figures; times are seconds since 1970, ages and durations seconds."""
    portals = overview(conn, now)
    yield from _of_portals(conn, portals)
    yield from _of_runs(conn, now)
    yield from _of_queues(conn, portals, now)
    yield from _of_workers(conn, now)


# ---- portals


def _of_portals(conn: Connection, portals: Sequence[PortalStatus]) -> Iterator[Figure]:
    label = ("portal",)
    stored = [((one.portal,), float(one.articles)) for one in portals]
    yield Figure("gomtin_articles", "Articles stored", label, stored, "counter")
    yield Figure(
        "gomtin_portal_state",
        "1 for the state in which the portal is",
        ("portal", "state"),
        [
            ((one.portal, state), float(one.standing.state == state))
            for one in portals
            for state in STATES
        ],
    )
    newest = select(func.max(articles.c.first_seen_at)).where(articles.c.portal == known.c.id)
    yield _times(
        "gomtin_portal_last_article_timestamp_seconds",
        "When the portal's newest article was found",
        conn.execute(select(known.c.id, newest.scalar_subquery())).all(),
    )
    last = select(func.max(runs.c.fetched_at)).where(runs.c.portal == known.c.id)
    yield _times(
        "gomtin_portal_last_run_timestamp_seconds",
        "When a run had last read the portal's pages",
        conn.execute(select(known.c.id, last.scalar_subquery())).all(),
    )
    yield _times(
        "gomtin_portal_next_run_timestamp_seconds",
        "When the portal is due next",
        [(one.portal, one.next_at) for one in portals if one.standing.state != "paused"],
    )


def _times(name: str, says: str, found: Sequence[Any]) -> Figure:
    known = [((portal,), at.timestamp()) for portal, at in found if at is not None]
    return Figure(name, says, ("portal",), known)


# ---- runs of the last day


def _of_runs(conn: Connection, now: datetime) -> Iterator[Figure]:
    # the states are named for the sake of the index
    recent = runs.c.state.in_(list(RunState)), runs.c.created_at >= now - RECENT
    ended = (
        select(runs.c.portal, outcomes.c.outcome, func.count())
        .join(outcomes, outcomes.c.run_id == runs.c.id)
        .where(*recent)
        .group_by(runs.c.portal, outcomes.c.outcome)
    )
    samples = _counted(conn, ended)
    says = "Addresses met by the runs of the last 24 h, by outcome"
    yield Figure("gomtin_run_outcomes", says, ("portal", "outcome"), samples)
    by_state = select(runs.c.portal, runs.c.state, func.count()).where(*recent)
    samples = _counted(conn, by_state.group_by(runs.c.portal, runs.c.state))
    yield Figure("gomtin_runs", "Runs of the last 24 h, by state", ("portal", "state"), samples)
    yield from _stages(conn, select(runs.c.portal, *_moments()).where(*recent))


def _moments() -> list[Any]:
    names = dict.fromkeys(name for _, *both in STAGES for name in both)
    return [runs.c[name] for name in names]


def _stages(conn: Connection, query: Select[Any]) -> Iterator[Figure]:
    taken: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for row in conn.execute(query):
        for stage, begun, ended in STAGES:
            times = getattr(row, begun), getattr(row, ended)
            if None not in times:
                taken[row.portal, stage].append((times[1] - times[0]).total_seconds())
    label = ("portal", "stage")
    mean = [(key, sum(each) / len(each)) for key, each in taken.items()]
    most = [(key, max(each)) for key, each in taken.items()]
    says = "time of a stage (queued, fetch, ingest) in the runs of the last 24 h"
    yield Figure("gomtin_stage_mean_seconds", f"Mean {says}", label, mean)
    yield Figure("gomtin_stage_max_seconds", f"Longest {says}", label, most)


def _counted(conn: Connection, query: Select[Any]) -> list[tuple[tuple[str, ...], float]]:
    """Read rows of labels whose last column is a count."""
    return [(tuple(map(str, row[:-1])), float(row[-1])) for row in conn.execute(query)]


# ---- what waits


def _of_queues(
    conn: Connection, portals: Sequence[PortalStatus], now: datetime
) -> Iterator[Figure]:
    waiting = select(runs.c.state, func.count(), func.min(runs.c.created_at))
    waiting = waiting.where(runs.c.state.in_(ACTIVE_STATES)).group_by(runs.c.state)
    found = {row[0]: (float(row[1]), _age(row[2], now)) for row in conn.execute(waiting)}
    depth = [((state,), found.get(state, (0.0, 0.0))[0]) for state in ACTIVE_STATES]
    ages = [((state,), found.get(state, (0.0, 0.0))[1]) for state in ACTIVE_STATES]
    yield Figure("gomtin_queue_runs", "Runs that are not over, by state", ("state",), depth)
    yield Figure("gomtin_queue_oldest_seconds", "Age of the oldest of them", ("state",), ages)
    drafts = [((one.portal,), float(one.waiting)) for one in portals]
    yield Figure("gomtin_inbox_drafts", "Drafts that wait to be stored", ("portal",), drafts)
    yield _oldest(conn, select(func.min(inbox.c.delivered_at)), "inbox", "draft", now)
    by_code = select(dead_letters.c.portal, dead_letters.c.code, func.count())
    samples = _counted(conn, by_code.group_by(dead_letters.c.portal, dead_letters.c.code))
    yield Figure("gomtin_dead_letters", "Dead letters, by cause", ("portal", "code"), samples)
    untold = outbox.c.relayed_at.is_(None)
    number = conn.execute(select(func.count()).select_from(outbox).where(untold)).scalar_one()
    yield Figure("gomtin_outbox_events", "Events not yet relayed", (), [((), float(number))])
    yield _oldest(conn, select(func.min(outbox.c.created_at)).where(untold), "outbox", "event", now)


def _oldest(conn: Connection, query: Select[Any], place: str, what: str, now: datetime) -> Figure:
    age = _age(conn.execute(query).scalar(), now)
    return Figure(f"gomtin_{place}_oldest_seconds", f"Age of the oldest {what}", (), [((), age)])


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


# ---- workers and hosts


def _of_workers(conn: Connection, now: datetime) -> Iterator[Figure]:
    label, found = ("role", "worker"), signs(conn)
    yield Figure(
        "gomtin_worker_progress_timestamp_seconds",
        "When the worker last got through its loop",
        label,
        [((sign.role, sign.id), sign.at.timestamp()) for sign in found],
    )
    yield Figure(
        "gomtin_worker_trouble",
        "1 when the worker says that something stands still",
        label,
        [((sign.role, sign.id), float(bool(sign.trouble))) for sign in found],
    )
    resting = resting_hosts(conn, now).items()
    yield Figure(
        "gomtin_host_rest_seconds",
        "For how long a host is left alone, as it has wished or shown",
        ("host",),
        [((host,), (turn.at - now).total_seconds()) for host, turn in resting],
    )
