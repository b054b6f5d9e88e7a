"""Runs: who crawls which portal, under which lease, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import and_, func, literal, or_, select, update

from pipelines.store.dialect import insert
from pipelines.store.faults import ActiveRun, Missing
from pipelines.store.leases import lapsed, put_back
from pipelines.store.portals import register_portal
from pipelines.store.schema import ACTIVE_STATES, inbox, outcomes, portals, runs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from pipelines.records import Outcome

# Articles that a scheduled run reads, ten minutes at the least delay: a portal that is met for the
# first time, or with a large archive, is read slice by slice, and what is new comes first in each.
SLICE = 300

RunKind = Literal["incremental", "backfill", "recheck", "import", "survey"]


class RunState(StrEnum):
    """Where a run is: the first three still own the portal."""

    QUEUED = "queued"
    RUNNING = "running"
    FETCHED = "fetched"  # every page is in the inbox, not all of them are ingested
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class RunParams:
    """What one run was asked to do beyond the portal's own settings; delay in seconds.

    ``section``: only the doors of this section of the portal are asked; ``only``: these
    pages are read and no door is asked. ``limit`` ends the walk after so many articles; ``slice``
    reads so many, walks on all the same and leaves the others to later runs; ``rest``: read only
    what earlier runs have left so. ``until``: what a door dates before this day (ISO) is passed
    over.
    """

    base_url: str = ""
    limit: int | None = None
    delay: float | None = None
    url: str = ""
    family: str = ""
    section: str = ""
    slice: int | None = None
    rest: bool = False
    until: str = ""
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one portal as the archive knows it; all times in UTC."""

    id: int
    portal: str
    section: str
    kind: RunKind
    state: RunState
    params: RunParams
    owner: str
    attempts: int
    lease_until: datetime | None
    created_at: datetime
    started_at: datetime | None
    fetched_at: datetime | None
    finished_at: datetime | None
    error: str
    trace: str = ""


class Lease(NamedTuple):
    """A moment and the time for which a lease from then on holds, in seconds."""

    now: datetime
    seconds: float

    @property
    def until(self) -> datetime:
        """Give the moment at which the lease ends."""
        return self.now + timedelta(seconds=self.seconds)


def create_run(
    conn: Connection,
    portal: str,
    kind: RunKind,
    params: RunParams,
    now: datetime,
    trace: str = "",
) -> int:
    """Queue a run of ``portal`` and give its id; ``trace``: the span of the slot that it is for.

    Raise ActiveRun when the portal has one that is not over; any number of processes may try at
    the same moment, one of them succeeds.
    """
    register_portal(conn, portal, now, family=params.family)
    row = {"portal": portal, "section": params.section, "kind": kind}
    row["state"] = RunState.QUEUED.value
    made = conn.execute(
        insert(conn, runs)
        .values(row | {"params": asdict(params), "created_at": now, "trace": trace})
        .on_conflict_do_nothing()
        .returning(runs.c.id)
    ).scalar()
    if made is not None:
        return int(made)
    active = active_run(conn, portal)
    if active is None:  # it ended between the two statements (PostgreSQL)
        return create_run(conn, portal, kind, params, now, trace)
    raise ActiveRun(portal, active.id)


def change_params(conn: Connection, run_id: int, params: RunParams, now: datetime) -> bool:
    """Give other orders to a run that nobody works on; False: somebody does, or it is fetched."""
    free = or_(runs.c.state == RunState.QUEUED.value, _expired(now))
    values = {"params": asdict(params), "section": params.section}
    result = conn.execute(update(runs).where(runs.c.id == run_id, free).values(values))
    return result.rowcount == 1


def claim_run(
    conn: Connection, run_id: int, owner: str, now: datetime, lease_seconds: float
) -> Run | None:
    """Take the run for ``owner``: a queued one, or a running one whose lease has expired.

    None: somebody else has it, or it is over.
    """
    free = or_(runs.c.state == RunState.QUEUED.value, _expired(now))
    values = {"state": RunState.RUNNING.value, "owner": owner, "error": ""}
    taken = conn.execute(
        update(runs)
        .where(runs.c.id == run_id, free)
        .values(
            values
            | {
                "lease_until": Lease(now, lease_seconds).until,
                "attempts": runs.c.attempts + 1,
                "started_at": func.coalesce(
                    runs.c.started_at, literal(now, runs.c.started_at.type)
                ),
            }
        )
        .returning(*runs.c)
    )
    row = taken.mappings().one_or_none()
    return None if row is None else read_run(row)


def heartbeat(
    conn: Connection, run_id: int, owner: str, now: datetime, lease_seconds: float
) -> bool:
    """Prolong the lease; False: the run is no longer the owner's, who has to stop."""
    result = conn.execute(
        update(runs)
        .where(_owned(run_id, owner))
        .values(lease_until=Lease(now, lease_seconds).until)
    )
    return result.rowcount == 1


def note_progress(conn: Connection, run_id: int) -> None:
    """Forget earlier attempts at a run that gets on: only those in vain count against it."""
    conn.execute(update(runs).where(runs.c.id == run_id, runs.c.attempts > 1).values(attempts=1))


def finish_fetch(conn: Connection, run_id: int, owner: str, now: datetime, error: str = "") -> bool:
    """End the fetching: ``fetched``, or ``failed`` with the error; False: not the owner's run."""
    values: dict[str, object] = {"fetched_at": now, "lease_until": None, "error": error}
    if error:
        values |= {"state": RunState.FAILED.value, "finished_at": now}
    else:
        values |= {"state": RunState.FETCHED.value}
    result = conn.execute(update(runs).where(_owned(run_id, owner)).values(values))
    return result.rowcount == 1


def complete_runs(conn: Connection, now: datetime) -> list[int]:
    """Call every fetched run done whose last draft has left the inbox; give their ids."""
    waiting = select(inbox.c.id).where(inbox.c.run_id == runs.c.id).exists()
    rows = conn.execute(
        update(runs)
        .where(runs.c.state == RunState.FETCHED.value, ~waiting)
        .values(state=RunState.DONE.value, finished_at=now)
        .returning(runs.c.id)
    )
    return sorted(rows.scalars())


def stop_run(conn: Connection, run_id: int, now: datetime, error: str) -> bool:
    """Stop an active run from outside; its crawler learns it from its next heartbeat.

    What it has delivered stays in the inbox and is ingested. False: the run was over already.
    """
    result = conn.execute(
        update(runs)
        .where(runs.c.id == run_id, runs.c.state.in_(ACTIVE_STATES))
        .values(state=RunState.STOPPED.value, finished_at=now, lease_until=None, error=error)
    )
    return result.rowcount == 1


def expired_runs(conn: Connection, now: datetime) -> list[int]:
    """List the running runs whose owner has not been heard of for a whole lease."""
    return list(conn.execute(select(runs.c.id).where(_expired(now)).order_by(runs.c.id)).scalars())


def held_runs(conn: Connection, now: datetime) -> dict[int, str]:
    """Give the running runs whose lease holds, with their owners."""
    held = and_(runs.c.state == RunState.RUNNING.value, ~lapsed(runs.c.lease_until, now))
    rows = conn.execute(select(runs.c.id, runs.c.owner).where(held).order_by(runs.c.id))
    return {row.id: row.owner for row in rows}


def give_up_lease(conn: Connection, run_id: int, owner: str, now: datetime) -> bool:
    """Let the run be taken up at once: its owner is known to be dead; False: not the owner's."""
    result = conn.execute(
        update(runs)
        .where(_owned(run_id, owner))
        .values(lease_until=Lease(now, -1.0).until)  # a lease holds up to its last moment
    )
    return result.rowcount == 1


def queued_runs(conn: Connection, older_than: datetime) -> list[int]:
    """List the queued runs made before ``older_than``: their doorbell may be lost."""
    made = runs.c.created_at
    waiting = and_(
        runs.c.state == RunState.QUEUED.value, or_(made < older_than, put_back(made, older_than))
    )
    return list(conn.execute(select(runs.c.id).where(waiting).order_by(runs.c.id)).scalars())


def get_run(conn: Connection, run_id: int) -> Run:
    """Give one run; raise Missing when there is none of that id."""
    row = conn.execute(select(runs).where(runs.c.id == run_id)).mappings().one_or_none()
    if row is None:
        raise Missing("run.missing", f"there is no run {run_id}")
    return read_run(row)


def active_run(conn: Connection, portal: str) -> Run | None:
    """Give the portal's run that is not over yet, if any."""
    active = and_(runs.c.portal == portal, runs.c.state.in_(ACTIVE_STATES))
    row = conn.execute(select(runs).where(active)).mappings().one_or_none()
    return None if row is None else read_run(row)


def recent_runs(conn: Connection, limit: int) -> list[Run]:
    """Give the newest runs, newest first."""
    rows = conn.execute(select(runs).order_by(runs.c.id.desc()).limit(limit)).mappings()
    return [read_run(row) for row in rows]


def last_runs(conn: Connection) -> dict[str, Run]:
    """Give the newest run of each portal that has had any."""
    mine = runs.alias()
    newest = select(func.max(mine.c.id)).where(mine.c.portal == portals.c.id).scalar_subquery()
    query = select(runs).where(runs.c.id.in_(select(newest).select_from(portals)))
    rows = conn.execute(query).mappings()
    return {row["portal"]: read_run(row) for row in rows}


def run_totals(conn: Connection, run_id: int) -> dict[Outcome, int]:
    """Count the run's URLs by outcome; the counts add up to the URLs that it met."""
    rows = conn.execute(
        select(outcomes.c.outcome, func.count())
        .where(outcomes.c.run_id == run_id)
        .group_by(outcomes.c.outcome)
        .order_by(outcomes.c.outcome)
    )
    return dict(rows.all())


def _owned(run_id: int, owner: str) -> ColumnElement[bool]:
    mine = and_(runs.c.id == run_id, runs.c.owner == owner)
    return and_(mine, runs.c.state == RunState.RUNNING.value)


def _expired(now: datetime) -> ColumnElement[bool]:
    return and_(runs.c.state == RunState.RUNNING.value, lapsed(runs.c.lease_until, now))


def read_run(row: RowMapping) -> Run:
    """Read a run from its row."""
    values = dict(row)
    values["state"] = RunState(values["state"])
    params = values["params"]
    values["params"] = RunParams(**(params | {"only": tuple(params.get("only", ()))}))
    return Run(**values)
