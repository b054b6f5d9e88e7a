"""Another visit soon to a portal that was away: its articles do not wait for the planned one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from pipelines.health.verdict import outage_runs
from pipelines.store.faults import Missing
from pipelines.store.health import past_runs
from pipelines.store.schedule import get_slot
from pipelines.store.schema import slots

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

FIRST = timedelta(minutes=15)
DOUBLINGS = 5  # until eight hours


def revisit(conn: Connection, portal: str, section: str, now: datetime) -> None:
    """Bring the next visit forward if the last runs met an outage; each one more doubles the time.

    Only an adaptive slot is moved, never into its quiet hours, and never back.
    """
    count = outage_runs(past_runs(conn, portal))
    try:
        slot = get_slot(conn, portal, section)
    except Missing:  # nothing schedules it
        return
    if not count or not slot.timing.adaptive:
        return
    soon = slot.timing.rest.opens(now + FIRST * 2 ** min(count - 1, DOUBLINGS))
    mine = (slots.c.portal == portal, slots.c.section == section, slots.c.next_at > soon)
    conn.execute(update(slots).where(*mine).values(next_at=soon))
