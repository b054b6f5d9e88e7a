"""The portals that the archive has met, with what later steps must know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import false, or_, select

from pipelines.store.dialect import insert
from pipelines.store.schema import articles, portals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

PAST_READ = timedelta(days=1)  # from the first look at a portal on: what it had before is read


@dataclass(frozen=True, slots=True)
class StoredPortal:
    """A portal as last registered; ``unit`` is its administrative unit ("" when unknown)."""

    id: str
    name: str
    family: str
    unit: str


def register_portal(
    conn: Connection,
    portal: str,
    now: datetime,
    *,
    name: str = "",
    family: str = "",
    unit: str = "",
) -> None:
    """Make the portal known, and bring its name, family and unit up to date where given."""
    given = {"name": name, "family": family, "unit": unit}
    told = {column: value for column, value in given.items() if value}
    statement = insert(conn, portals).values(id=portal, first_seen_at=now, **told)
    if told:
        conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=told))
    else:
        conn.execute(statement.on_conflict_do_nothing())


def known_portals(conn: Connection) -> Mapping[str, StoredPortal]:
    """Give every portal of the archive by its id."""
    columns = (portals.c.id, portals.c.name, portals.c.family, portals.c.unit)
    rows = conn.execute(select(*columns).order_by(portals.c.id))
    return {row.id: StoredPortal(row.id, row.name, row.family, row.unit) for row in rows}


def is_dated(conn: Connection, portal: str) -> ColumnElement[bool]:
    """Say in SQL that the day is known to which an article of the portal belongs.

    It tells its date or its event's, or it was first seen when the portal had been read already:
    what was there before may be years old.
    """
    known = conn.execute(select(portals.c.first_seen_at).where(portals.c.id == portal)).scalar()
    seen = articles.c.first_seen_at
    told = or_(articles.c.published_at.is_not(None), articles.c.dated_at != seen)
    return or_(told, seen > known + PAST_READ if known else false())
