"""Put the portals of a list on the schedule when they are first met there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pipelines.store.schedule import Timing, set_slot
from pipelines.store.schema import slots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def take_up(conn: Connection, portals: Sequence[str], now: datetime) -> list[str]:
    """Schedule those that have no slot yet, as their hours of publishing ask for; give them.

    One that has a slot stays as it was set, a paused one too.
    """
    query = select(slots.c.portal).where(slots.c.portal.in_(portals))
    known = set(conn.execute(query).scalars())
    new = [portal for portal in portals if portal not in known]
    for portal in new:
        set_slot(conn, portal, now, Timing())
    return new
