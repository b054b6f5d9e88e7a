"""The signs of life of all worker processes, as the whole installation sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from pipelines.store.dialect import insert
from pipelines.store.schema import workers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Sign:
    """When a worker ("crawl@host") last got through a pass of its loop; ``trouble`` as it says."""

    id: str
    role: str
    at: datetime
    trouble: str


def note_sign(conn: Connection, role: str, host: str, now: datetime, trouble: str) -> None:
    """Write the sign of a worker in the place of its last one."""
    values = {"id": f"{role}@{host}", "role": role, "at": now, "trouble": trouble}
    statement = insert(conn, workers).values(values)
    conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def signs(conn: Connection) -> list[Sign]:
    """Give the last sign of every worker, by role and host."""
    query = select(*(workers.c[name] for name in Sign.__slots__)).order_by(workers.c.id)
    return [Sign(*row) for row in conn.execute(query)]


def forget_signs(conn: Connection, before: datetime) -> None:
    """Forget the workers that were last heard of before then: containers come and go."""
    conn.execute(delete(workers).where(workers.c.at < before))
