"""Turns at hosts: every process that asks a host takes its turn here, whatever it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from pipelines.store.dialect import insert, is_sqlite
from pipelines.store.schema import hosts

if TYPE_CHECKING:
    from sqlalchemy import Connection

# A turn further ahead than any wait we keep is the trace of a clock that was put back. Of those
# who only wait for each other none is further ahead than its patience.
FURTHEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """When a request may be sent, and why not before ("" where only others were first)."""

    at: datetime
    reason: str


def take_turn(
    conn: Connection, host: str, delay: timedelta, now: datetime, patience: timedelta
) -> Turn:
    """Take the next free turn at ``host``; the one after it is ``delay`` later.

    A turn that is further away than ``patience`` is only told, not taken.
    """
    free = _lock(conn, host, now)
    furthest = FURTHEST if free.reason else patience + delay
    at = free.at if now < free.at <= now + furthest else now
    if at - now <= patience:
        reason = free.reason if at > now else ""
        values = {"free_at": at + delay, "reason": reason}
        conn.execute(update(hosts).where(hosts.c.host == host).values(values))
    return Turn(at, free.reason)


def leave_alone(conn: Connection, host: str, until: datetime, reason: str, now: datetime) -> None:
    """Let nobody ask ``host`` before ``until``, as it has wished or shown."""
    if _lock(conn, host, now).at < until:
        values = {"free_at": until, "reason": reason}
        conn.execute(update(hosts).where(hosts.c.host == host).values(values))


def resting_hosts(conn: Connection, now: datetime) -> dict[str, Turn]:
    """Give the hosts that are left alone for a reason, and until when."""
    query = select(hosts).where(hosts.c.free_at > now, func.length(hosts.c.reason) > 0)
    return {row.host: Turn(row.free_at, row.reason) for row in conn.execute(query)}


def _lock(conn: Connection, host: str, now: datetime) -> Turn:
    """Give the host's next free turn; no other process takes one before this transaction ends."""
    row = {"host": host, "free_at": now, "reason": ""}
    conn.execute(insert(conn, hosts).values(row).on_conflict_do_nothing())
    query = select(hosts.c.free_at, hosts.c.reason).where(hosts.c.host == host)
    found = conn.execute(query if is_sqlite(conn) else query.with_for_update()).one()
    return Turn(found.free_at, found.reason)
