"""Slots: when each portal is due; any number of schedulers may claim them at the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from pipelines.codec import VIETNAM
from pipelines.errors import GomtinError
from pipelines.store.dialect import insert, is_sqlite
from pipelines.store.faults import ActiveRun, Missing
from pipelines.store.portals import register_portal
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import slots as slots_table

if TYPE_CHECKING:
    from sqlalchemy import Connection

CRON_FIELDS = 5  # minute, hour, day, month, weekday
FOREVER = datetime.max.replace(tzinfo=VIETNAM, year=9000)


class BadSlot(GomtinError):  # noqa: N818 - names the input, not a failure
    """A slot has neither a period nor a readable cron line."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When a portal is crawled: every so many seconds, or by a cron line in Vietnam's time.

    ``paused_until`` None: not paused. ``note`` says why the last due time made no run.
    """

    portal: str
    every_seconds: int | None = None
    cron: str = ""
    next_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str = ""
    last_run_id: int | None = None
    note: str = ""

    def after(self, now: datetime) -> datetime:
        """Give the first due time after ``now``; missed ones are not made up for."""
        if self.cron:
            return next_by_cron(self.cron, now)
        if not self.every_seconds or self.every_seconds <= 0:
            raise BadSlot("slot.period", f"{self.portal}: give a period above 0 s or a cron line")
        step = timedelta(seconds=self.every_seconds)
        start = self.next_at if self.next_at and self.next_at <= now else now
        return start + step * (1 + (now - start) // step)


def next_by_cron(line: str, now: datetime) -> datetime:
    """Give the next moment of a five-field cron line, read in Vietnam's time; raise BadSlot."""
    from croniter import CroniterError, croniter  # noqa: PLC0415 - only who schedules needs it

    if not line.startswith("@") and len(line.split()) != CRON_FIELDS:
        # croniter takes seconds and years as well; a year that is over would end the schedule
        raise BadSlot("slot.cron", f"{line!r} is not a cron line of {CRON_FIELDS} fields")
    try:
        found = croniter(line, now.astimezone(VIETNAM)).get_next(datetime)
    except CroniterError as error:
        raise BadSlot("slot.cron", f"{line!r} is not a cron line: {error}") from error
    if not isinstance(found, datetime):
        raise BadSlot("slot.cron", f"{line!r} has no next time")
    return found


def set_slot(
    conn: Connection,
    portal: str,
    now: datetime,
    *,
    every_seconds: int | None = None,
    cron: str = "",
    first_at: datetime | None = None,
) -> Slot:
    """Set when the portal is due, from ``first_at`` (default: its next due time) on."""
    wanted = Slot(portal, every_seconds, cron)
    next_at = first_at or wanted.after(now)
    register_portal(conn, portal, now)
    values = {"every_seconds": every_seconds, "cron": cron, "next_at": next_at, "note": ""}
    conn.execute(
        insert(conn, slots_table)
        .values({"portal": portal} | values)
        .on_conflict_do_update(index_elements=["portal"], set_=values)
    )
    return _slot(conn, portal)


def drop_slot(conn: Connection, portal: str) -> bool:
    """Take the portal off the schedule; False: it was not on it."""
    result = conn.execute(delete(slots_table).where(slots_table.c.portal == portal))
    return result.rowcount == 1


def pause(conn: Connection, portal: str, reason: str, until: datetime | None = None) -> Slot:
    """Make no runs for the portal until then (None: until resumed)."""
    _change(conn, portal, {"paused_until": until or FOREVER, "pause_reason": reason})
    return _slot(conn, portal)


def resume(conn: Connection, portal: str) -> Slot:
    """End the portal's pause."""
    _change(conn, portal, {"paused_until": None, "pause_reason": ""})
    return _slot(conn, portal)


def slots(conn: Connection) -> list[Slot]:
    """Give all slots, the next due one first."""
    query = select(slots_table).order_by(slots_table.c.next_at, slots_table.c.portal)
    return [Slot(**row._mapping) for row in conn.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name


def claim_due(conn: Connection, now: datetime, limit: int = 100) -> list[int]:
    """Move every due slot on and queue its run, all in this transaction; give the run ids.

    A slot whose portal is still being crawled moves on without a run and says so in its note. Two
    schedulers never make two runs of one due time: on PostgreSQL each locks the rows it takes.
    """
    table = slots_table
    paused = or_(table.c.paused_until.is_(None), table.c.paused_until <= now)
    query = select(table).where(table.c.next_at <= now, paused)
    query = query.order_by(table.c.next_at, table.c.portal).limit(limit)
    if not is_sqlite(conn):
        query = query.with_for_update(skip_locked=True)
    due = [Slot(**row._mapping) for row in conn.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name
    made = [_move_on(conn, slot, now) for slot in due]
    return [run_id for run_id in made if run_id is not None]


def run_now(conn: Connection, portal: str, now: datetime, params: RunParams | None = None) -> int:
    """Queue a run at once, whatever the slot says; raise ActiveRun when one is under way."""
    run_id = create_run(conn, portal, "incremental", params or RunParams(), now)
    conn.execute(
        update(slots_table)
        .where(slots_table.c.portal == portal)
        .values(last_run_id=run_id, note="")
    )
    return run_id


def _move_on(conn: Connection, slot: Slot, now: datetime) -> int | None:
    values: dict[str, object] = {"next_at": slot.after(now), "note": ""}
    if slot.paused_until is not None:
        values |= {"paused_until": None, "pause_reason": ""}
    run_id: int | None = None
    try:
        run_id = create_run(conn, slot.portal, "incremental", RunParams(), now)
        values["last_run_id"] = run_id
    except ActiveRun as active:
        values["note"] = f"skipped at {now:%Y-%m-%d %H:%M} UTC: run {active.run_id} is not over"
    _change(conn, slot.portal, values)
    return run_id


def _change(conn: Connection, portal: str, values: dict[str, object]) -> None:
    result = conn.execute(update(slots_table).where(slots_table.c.portal == portal).values(values))
    if result.rowcount != 1:
        raise Missing(
            "slot.missing",
            f"{portal} has no slot in the schedule; gomtin schedule set makes one",
            portal=portal,
        )


def _slot(conn: Connection, portal: str) -> Slot:
    row = conn.execute(select(slots_table).where(slots_table.c.portal == portal)).one()
    return Slot(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
