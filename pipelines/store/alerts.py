"""Which events an operator is still to be told of, by which way, and what came of trying.

Each way of telling (webhook, mail) keeps a row of its own in ``progress``. Of several processes one
claims what is due for a while, so that nobody is told twice by two of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from pipelines.store.dialect import insert, is_sqlite
from pipelines.store.outbox import Event, newest_event
from pipelines.store.schema import outbox, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

TOLD_OF = ("portal.degraded", "portal.recovered", "draft.buried")
# An event's number is given before it is committed: one that was slow may come later than others.
LOOK_BACK = 10_000
MOST = 500  # events in one message
CLAIM = timedelta(minutes=2)  # longer than any try to deliver


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one way of telling has done: events told of, when it may tell again, tries in vain."""

    told: tuple[int, ...] = ()
    next_at: str = ""
    tries: int = 0

    def may(self, now: datetime) -> bool:
        """Tell whether it may tell again."""
        return not self.next_at or datetime.fromisoformat(self.next_at) <= now


def claim_events(conn: Connection, way: str, now: datetime) -> tuple[Sequence[Event], int]:
    """Take what is to be told now, the oldest first, and the tries that it has had in vain.

    Nothing is taken while another process has it or it is too early. A way that is new begins with
    what happens from now on.
    """
    task = f"alerts.{way}"
    first = {"task": task, "position": newest_event(conn), "state": asdict(Ledger())}
    conn.execute(insert(conn, progress).values(first).on_conflict_do_nothing())
    query = select(progress.c.position, progress.c.state).where(progress.c.task == task)
    row = conn.execute(query if is_sqlite(conn) else query.with_for_update()).one()
    ledger = Ledger(**row.state | {"told": tuple(row.state["told"])})
    if not ledger.may(now):
        return [], 0
    events = _untold(conn, row.position, ledger.told)
    if events:
        _write(
            conn, task, row.position, Ledger(ledger.told, (now + CLAIM).isoformat(), ledger.tries)
        )
    return events, ledger.tries


def settle_events(
    conn: Connection, way: str, events: Sequence[Event], next_at: datetime, tries: int
) -> None:
    """Note what came of telling: ``tries`` 0 ends these events, else they are told again."""
    task = f"alerts.{way}"
    row = conn.execute(
        select(progress.c.position, progress.c.state).where(progress.c.task == task)
    ).one()
    done = [] if tries else [event.id for event in events]
    told = sorted({*row.state["told"], *done})
    floor = max(row.position, told[-1] - LOOK_BACK) if told else row.position
    kept = tuple(one for one in told if one > floor)
    _write(conn, task, floor, Ledger(kept, next_at.isoformat(), tries))


def _untold(conn: Connection, after: int, told: Sequence[int]) -> list[Event]:
    query = (
        select(outbox.c.id, outbox.c.type, outbox.c.payload, outbox.c.created_at)
        .where(outbox.c.id > after, outbox.c.type.in_(TOLD_OF), outbox.c.id.not_in(told))
        .order_by(outbox.c.id)
        .limit(MOST)
    )
    return [Event(*row) for row in conn.execute(query)]


def _write(conn: Connection, task: str, position: int, ledger: Ledger) -> None:
    state = asdict(ledger) | {"told": list(ledger.told)}
    conn.execute(
        update(progress).where(progress.c.task == task).values(position=position, state=state)
    )
