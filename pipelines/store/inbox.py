"""The inbox: drafts that are fetched and safe, and wait to be ingested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from pipelines.codec import draft_from_json, draft_to_json
from pipelines.store.dialect import chunks, insert, is_sqlite
from pipelines.store.leases import lapsed, put_back
from pipelines.store.letters import bury
from pipelines.store.schema import inbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from pipelines.records import Draft

POISON = "ingest.poison"
MAX_CLAIMS = 20  # of one draft: kills from outside hit it less often, and nothing goes on for ever


@dataclass(frozen=True, slots=True, eq=False)
class InboxRow:
    """One waiting draft; ``attempts`` counts this claim too."""

    id: int
    run_id: int
    portal: str
    key: str
    snapshot_id: int | None
    attempts: int
    payload: Mapping[str, Any]
    delivered_at: datetime
    trace: str

    @property
    def draft(self) -> Draft:
        """Read the draft; it is read late, so that a broken one harms no other."""
        return draft_from_json(self.payload)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A draft on its way into the inbox, under the key of its page, with its snapshot's id."""

    key: str
    draft: Draft
    snapshot_id: int | None
    trace: str = ""


def deliver(
    conn: Connection,
    run_id: int,
    portal: str,
    key: str,
    draft: Draft,
    snapshot_id: int | None,
    now: datetime,
) -> int:
    """Put a draft into the inbox and give its id; a second one of (run, key) changes nothing."""
    return deliver_all(conn, run_id, portal, [Delivery(key, draft, snapshot_id)], now)[0]


def deliver_all(
    conn: Connection, run_id: int, portal: str, drafts: Sequence[Delivery], now: datetime
) -> list[int]:
    """Deliver many drafts with one statement; give their inbox ids in the same order.

    They become articles of ``portal``, also where a saved page did not know its own.
    """
    if not drafts:
        return []
    same = {"run_id": run_id, "portal": portal, "delivered_at": now}
    rows = [
        same
        | {"key": one.key, "document_key": one.draft.document_key}
        | {"snapshot_id": one.snapshot_id, "draft": draft_to_json(one.draft) | {"portal": portal}}
        | {"trace": one.trace}
        for one in drafts
    ]
    statement = insert(conn, inbox).on_conflict_do_nothing(index_elements=["run_id", "key"])
    made = conn.execute(statement.returning(inbox.c.key, inbox.c.id), rows)
    ids = {row.key: row.id for row in made}
    for part in chunks([one.key for one in drafts if one.key not in ids]):
        there = and_(inbox.c.run_id == run_id, inbox.c.key.in_(part))
        ids.update(
            (row.key, row.id) for row in conn.execute(select(inbox.c.key, inbox.c.id).where(there))
        )
    return [ids[one.key] for one in drafts]


def claim(
    conn: Connection,
    ids: Sequence[int],
    now: datetime,
    lease_seconds: float,
    max_claims: int = MAX_CLAIMS,
) -> list[InboxRow]:
    """Take those of ``ids`` that wait and are not leased, for ``lease_seconds``.

    Each claim counts as an attempt; a row that has had ``max_claims`` of them without an end
    becomes a dead letter "ingest.poison" instead. Commit before working on the rows, so that an
    attempt that kills its process counts as well.
    """
    taken: list[InboxRow] = []
    for part in chunks(sorted(set(ids))):
        taken += _take(conn, inbox.c.id.in_(part), len(part), now, lease_seconds, max_claims)
    return taken


def pending(
    conn: Connection, run_id: int | None = None, *, delivered_by: datetime | None = None
) -> int:
    """Count the drafts that wait: of one run or of all, delivered by then or at any time."""
    query = select(func.count()).select_from(inbox)
    if run_id is not None:
        query = query.where(inbox.c.run_id == run_id)
    if delivered_by is not None:
        query = query.where(inbox.c.delivered_at <= delivered_by)
    return int(conn.execute(query).scalar_one())


def oldest(conn: Connection) -> datetime | None:
    """Tell when the draft came that waits longest; None: none waits."""
    found: datetime | None = conn.execute(select(func.min(inbox.c.delivered_at))).scalar()
    return found


def holds_more_than(conn: Connection, bound: int) -> bool:
    """Tell whether more than ``bound`` drafts wait; costs no more however many do."""
    query = select(inbox.c.id).order_by(inbox.c.id).offset(bound).limit(1)
    return conn.execute(query).first() is not None


def stale(conn: Connection, now: datetime, limit: int, older_than: float = 0.0) -> list[int]:
    """List waiting rows that nobody works on: never claimed, or their lease has expired.

    ``older_than``: pass over rows delivered less than so many seconds ago, whose doorbell has
    most likely just been rung.
    """
    delivered = inbox.c.delivered_at
    settled = or_(delivered <= now - timedelta(seconds=older_than), put_back(delivered, now))
    query = select(inbox.c.id).where(_free(now), settled).order_by(inbox.c.id).limit(limit)
    return list(conn.execute(query).scalars())


def tried(conn: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Give the attempts of those rows that were claimed before and are still here."""
    found: dict[int, int] = {}
    for part in chunks(ids):
        query = select(inbox.c.id, inbox.c.attempts)
        query = query.where(inbox.c.id.in_(part), inbox.c.attempts > 0)
        found.update({row.id: row.attempts for row in conn.execute(query)})
    return found


def strike(
    conn: Connection, inbox_id: int, code: str, message: str, now: datetime, max_strikes: int
) -> bool:
    """Count a failure that is the draft's own and free it; bury it with the last one: True."""
    statement = (
        update(inbox)
        .where(inbox.c.id == inbox_id)
        .values(strikes=inbox.c.strikes + 1, leased_until=None)
        .returning(inbox.c.strikes)
    )
    strikes = conn.execute(statement).scalar()
    if strikes is None or strikes < max_strikes:
        return False
    return bury(conn, inbox_id, code, message, now) is not None


def remove_rows(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Take rows out of the inbox; give those that were still there."""
    gone: set[int] = set()
    for part in chunks(ids):
        gone.update(conn.execute(_REMOVE, {"ids": part}).scalars())
    return gone


def _take(
    conn: Connection,
    wanted: ColumnElement[bool],
    limit: int,
    now: datetime,
    lease_seconds: float,
    max_claims: int,
) -> list[InboxRow]:
    free = _unlocked(conn, select(inbox.c.id).where(wanted, _free(now)), limit)
    rows = conn.execute(
        update(inbox)
        .where(inbox.c.id.in_(free))
        .values(attempts=inbox.c.attempts + 1, leased_until=now + timedelta(seconds=lease_seconds))
        .returning(*(inbox.c[name] for name in _COLUMNS))
    )
    found = sorted((InboxRow(*row) for row in rows), key=lambda row: row.id)
    spent = [row for row in found if row.attempts > max_claims]
    for row in spent:
        message = f"the draft was taken up {max_claims} times and no attempt came to an end"
        bury(conn, row.id, POISON, message, now)
    return [row for row in found if row.attempts <= max_claims]


def _unlocked(conn: Connection, query: Select[int], limit: int) -> list[int]:
    query = query.order_by(inbox.c.id).limit(limit)
    if not is_sqlite(conn):
        query = query.with_for_update(skip_locked=True)
    return list(conn.execute(query).scalars())


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(inbox.c.leased_until.is_(None), lapsed(inbox.c.leased_until, now))


_REMOVE = (
    delete(inbox).where(inbox.c.id.in_(bindparam("ids", expanding=True))).returning(inbox.c.id)
)
_COLUMNS = (
    "id", "run_id", "portal", "key", "snapshot_id", "attempts", "draft", "delivered_at", "trace",
)  # fmt: skip
