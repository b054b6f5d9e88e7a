"""Slots: when each portal is due; any number of schedulers may claim them at the same moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select, update

from config.traces import span
from pipelines.codec import VIETNAM
from pipelines.store.cron import BadSlot, next_by_cron
from pipelines.store.dialect import insert, is_sqlite
from pipelines.store.faults import ActiveRun, Missing
from pipelines.store.opening import Quiet
from pipelines.store.outlook import Outlook, outlook_json, read_outlook
from pipelines.store.portals import register_portal
from pipelines.store.runs import SLICE, RunParams, create_run
from pipelines.store.schema import slots as slots_table

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, RowMapping

FOREVER = datetime.max.replace(tzinfo=VIETNAM, year=9000)
WORTH = timedelta(minutes=30)
UNPLANNED = timedelta(hours=1)  # between visits while there is no plan to go by


@dataclass(frozen=True, slots=True)
class Timing:
    """How a slot's due times come about: a cron line in Vietnam's time, an interval, or adaptive.

    Adaptive (neither of the two is given): as the portal's rhythm of publishing asks for, when a
    visit spares its articles ``worth_seconds`` of waiting together, or as often as it takes to find
    95 of 100 articles in ``within_seconds``; at most every ``floor_seconds``, at least every
    ``ceiling_seconds``, in ``daily_requests``. None of the three falls into the hours of ``quiet``
    ("22:00-05:00") or, with ``holidays``, on a public holiday. Of two due slots the one of higher
    ``priority`` comes first.
    """

    every_seconds: int | None = None
    cron: str = ""
    floor_seconds: int = 600
    ceiling_seconds: int = 86_400
    daily_requests: int = 300
    worth_seconds: int | None = None
    within_seconds: int | None = None
    quiet: str = ""
    holidays: bool = False
    priority: int = 0

    @property
    def adaptive(self) -> bool:
        """Tell whether the due times are planned from what the portal publishes."""
        return not self.cron and self.every_seconds is None

    @property
    def worth(self) -> timedelta | None:
        """Give the waiting that a visit has to spare; None: as many visits as ``within`` takes."""
        if self.worth_seconds is None and self.within_seconds:
            return None
        return timedelta(seconds=self.worth_seconds) if self.worth_seconds else WORTH

    @property
    def within(self) -> timedelta | None:
        """Give the delay after which an article is found late; None: it is not stated."""
        return timedelta(seconds=self.within_seconds) if self.within_seconds else None

    @property
    def rest(self) -> Quiet:
        """Give the hours and days at which nothing is due; raise BadHours."""
        return Quiet.read(self.quiet, holidays=self.holidays)


@dataclass(frozen=True, slots=True)
class Slot:
    """When a portal, or one section of it, is crawled.

    ``paused_until`` None: not paused. ``note`` says why the last due time made no run.
    """

    portal: str
    section: str = ""
    timing: Timing = field(default_factory=Timing)
    outlook: Outlook | None = None
    next_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str = ""
    last_run_id: int | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """Give the portal's id, with the section behind a slash."""
        return f"{self.portal}/{self.section}" if self.section else self.portal

    def after(self, now: datetime) -> datetime:
        """Give the first due time after ``now``; missed ones are not made up for."""
        return self.timing.rest.opens(self._step(now))

    def _step(self, now: datetime) -> datetime:
        timing = self.timing
        if timing.cron:
            return next_by_cron(timing.cron, now)
        if timing.adaptive:
            visits = self.outlook.visits if self.outlook else ()
            earliest = now + timedelta(seconds=timing.floor_seconds)
            return next((visit for visit in visits if visit >= earliest), now + UNPLANNED)
        if not timing.every_seconds or timing.every_seconds <= 0:
            raise BadSlot("slot.period", f"{self.name}: give a period above 0 s or a cron line")
        step = timedelta(seconds=timing.every_seconds)
        start = self.next_at if self.next_at and self.next_at <= now else now
        return start + step * (1 + (now - start) // step)


def set_slot(
    conn: Connection,
    portal: str,
    now: datetime,
    timing: Timing,
    *,
    section: str = "",
    first_at: datetime | None = None,
) -> Slot:
    """Set when the portal or section is due, from ``first_at`` (default: its next due time) on."""
    next_at = first_at or Slot(portal, section, timing).after(now)
    register_portal(conn, portal, now)
    values = {name: getattr(timing, name) for name in Timing.__slots__}
    values |= {"next_at": next_at, "note": "", "plan": None}
    conn.execute(
        insert(conn, slots_table)
        .values({"portal": portal, "section": section} | values)
        .on_conflict_do_update(index_elements=["portal", "section"], set_=values)
    )
    return get_slot(conn, portal, section)


def drop_slot(conn: Connection, portal: str, section: str = "") -> bool:
    """Take the portal or section off the schedule; False: it was not on it."""
    return conn.execute(delete(slots_table).where(_named(portal, section))).rowcount == 1


def pause(
    conn: Connection, portal: str, reason: str, until: datetime | None = None, section: str = ""
) -> Slot:
    """Make no runs for the portal or section until then (None: until resumed)."""
    _change(conn, portal, section, {"paused_until": until or FOREVER, "pause_reason": reason})
    return get_slot(conn, portal, section)


def resume(conn: Connection, portal: str, section: str = "") -> Slot:
    """End the pause."""
    _change(conn, portal, section, {"paused_until": None, "pause_reason": ""})
    return get_slot(conn, portal, section)


def slots(conn: Connection) -> list[Slot]:
    """Give all slots, the next due one first."""
    table = slots_table
    query = select(table).order_by(table.c.next_at, table.c.portal, table.c.section)
    return [_slot(row) for row in conn.execute(query).mappings()]


def get_slot(conn: Connection, portal: str, section: str = "") -> Slot:
    """Give one slot; raise Missing when there is none."""
    found = conn.execute(select(slots_table).where(_named(portal, section)))
    row = found.mappings().one_or_none()
    if row is None:
        raise _missing(portal, section)
    return _slot(row)


def write_outlook(conn: Connection, slot: Slot, outlook: Outlook) -> None:
    """Keep the plan of an adaptive slot; it moves the next due time unless that is past already.

    A plan for a slot that was set anew or planned by another scheduler meanwhile is dropped.
    """
    past = slots_table.c.plan
    before = past == outlook_json(slot.outlook) if slot.outlook else past.is_(None)
    planned = Slot(slot.portal, slot.section, slot.timing, outlook)
    values: dict[str, Any] = {"plan": outlook_json(outlook)}
    if slot.next_at and slot.next_at > outlook.made_at:
        values["next_at"] = planned.after(outlook.made_at)
    unmoved = slots_table.c.next_at == slot.next_at
    conn.execute(
        update(slots_table).where(_named(slot.portal, slot.section), before, unmoved).values(values)
    )


def claim_due(conn: Connection, now: datetime, limit: int = 100) -> list[int]:
    """Move every due slot on and queue its run, all in this transaction; give the run ids.

    A slot whose portal is still being crawled moves on without a run and says so in its note. Two
    schedulers never make two runs of one due time: on PostgreSQL each locks the rows it takes.
    """
    table = slots_table
    query = select(table).where(table.c.next_at <= now, _unpaused(now))
    query = query.order_by(table.c.priority.desc(), table.c.next_at, table.c.portal).limit(limit)
    if not is_sqlite(conn):
        query = query.with_for_update(skip_locked=True)
    made = [_move_on(conn, _slot(row), now) for row in conn.execute(query).mappings().all()]
    return [run_id for run_id in made if run_id is not None]


def next_due(conn: Connection, now: datetime) -> datetime | None:
    """Give the first due time of all slots that are not paused; it may be past."""
    found: datetime | None = conn.execute(
        select(func.min(slots_table.c.next_at)).where(_unpaused(now))
    ).scalar_one()
    return found


def run_now(conn: Connection, portal: str, now: datetime, section: str = "") -> int:
    """Queue a run at once, whatever the slot says; raise ActiveRun when one is under way."""
    params = RunParams(section=section, slice=SLICE)
    run_id = create_run(conn, portal, "incremental", params, now)
    conn.execute(
        update(slots_table).where(_named(portal, section)).values(last_run_id=run_id, note="")
    )
    return run_id


def _move_on(conn: Connection, slot: Slot, now: datetime) -> int | None:
    values: dict[str, object] = {"next_at": slot.after(now), "note": ""}
    if slot.paused_until is not None:
        values |= {"paused_until": None, "pause_reason": ""}
    run_id: int | None = None
    if slot.timing.rest.opens(now) > now:
        values["note"] = f"skipped at {now.astimezone(VIETNAM):%Y-%m-%d %H:%M}: quiet hours"
    else:
        try:
            params = RunParams(section=slot.section, slice=SLICE)
            with span("slot", None, {"gomtin.portal": slot.portal}) as claimed:
                trace = claimed.context
                run_id = create_run(conn, slot.portal, "incremental", params, now, trace)
            values["last_run_id"] = run_id
        except ActiveRun as active:
            at = f"{now.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
            values["note"] = f"skipped at {at}: run {active.run_id} is not over"
    _change(conn, slot.portal, slot.section, values)
    return run_id


def _named(portal: str, section: str) -> ColumnElement[bool]:
    return and_(slots_table.c.portal == portal, slots_table.c.section == section)


def _unpaused(now: datetime) -> ColumnElement[bool]:
    return or_(slots_table.c.paused_until.is_(None), slots_table.c.paused_until <= now)


def _change(conn: Connection, portal: str, section: str, values: dict[str, object]) -> None:
    result = conn.execute(update(slots_table).where(_named(portal, section)).values(values))
    if result.rowcount != 1:
        raise _missing(portal, section)


def _missing(portal: str, section: str) -> Missing:
    name = Slot(portal, section).name
    return Missing(
        "slot.missing",
        f"{name} has no slot in the schedule; gomtin schedule set {name} makes one",
        portal=portal,
    )


def _slot(row: RowMapping) -> Slot:
    values = dict(row)
    values["holidays"] = bool(values["holidays"])
    timing = Timing(**{name: values.pop(name) for name in Timing.__slots__})
    plan = values.pop("plan")
    return Slot(**values, timing=timing, outlook=read_outlook(plan) if plan else None)
