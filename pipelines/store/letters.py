"""Dead letters: drafts that could not be ingested, kept with the reason until a person retries."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select, update

from pipelines.records import Outcome
from pipelines.store.dialect import chunks, insert
from pipelines.store.outbox import emit
from pipelines.store.schema import dead_letters, inbox, outcomes, pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

_CARRIED = ("run_id", "portal", "key", "document_key", "snapshot_id", "draft")


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft that could not be ingested: stable code, a sentence, how often it was tried."""

    id: int
    run_id: int
    portal: str
    key: str
    snapshot_id: int | None
    code: str
    message: str
    attempts: int
    buried_at: datetime
    payload: Mapping[str, Any]

    @property
    def url(self) -> str:
        """Give the address of the page, as far as the draft still tells it."""
        return str(self.payload.get("url", self.key))


def bury(conn: Connection, inbox_id: int, code: str, message: str, now: datetime) -> int | None:
    """Move a draft from the inbox to the dead letters, outcome included; None: it is gone."""
    gone = conn.execute(delete(inbox).where(inbox.c.id == inbox_id).returning(*inbox.c))
    row = gone.mappings().one_or_none()
    if row is None:
        return None
    values = {name: row[name] for name in (*_CARRIED, "attempts")}
    statement = insert(conn, dead_letters).values(
        values | {"code": code, "message": message, "buried_at": now}
    )
    letter = conn.execute(
        statement.on_conflict_do_update(
            index_elements=["run_id", "key"],
            set_={
                name: statement.excluded[name] for name in ("code", "message", "draft", "attempts")
            },
        ).returning(dead_letters.c.id)
    ).scalar_one()
    _note(conn, row, Outcome.DEAD_LETTER, code, now)
    told = {"portal": values["portal"], "run_id": values["run_id"], "letter_id": int(letter)}
    emit(conn, "draft.buried", told | {"code": code, "reason": message}, now)
    return int(letter)


def letters(
    conn: Connection,
    *,
    portal: str | None = None,
    code: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Letter]:
    """Give the newest dead letters, newest first; buried from ``since`` on and before ``until``."""
    query = select(*(dead_letters.c[name] for name in _COLUMNS))
    if portal is not None:
        query = query.where(dead_letters.c.portal == portal)
    if code is not None:
        query = query.where(dead_letters.c.code == code)
    if since is not None:
        query = query.where(dead_letters.c.buried_at >= since)
    if until is not None:
        query = query.where(dead_letters.c.buried_at < until)
    rows = conn.execute(query.order_by(dead_letters.c.id.desc()).limit(limit))
    return [Letter(*row) for row in rows]


def retry(conn: Connection, ids: Sequence[int], now: datetime) -> list[int]:
    """Put dead letters back into the inbox, no strike against them; give the inbox ids.

    Each counts as tried before, so that it is taken alone and harms no other draft again.
    """
    return [_put_back(conn, row, now) for row in _taken(conn, ids)]


def drop(conn: Connection, ids: Sequence[int], now: datetime) -> None:
    """Remove dead letters for good: their pages count as no article from now on."""
    for row in _taken(conn, ids):
        _note(conn, row, Outcome.NOT_ARTICLE, "letter.dropped", now)


def _taken(conn: Connection, ids: Sequence[int]) -> list[RowMapping]:
    """Delete dead letters and give them, in the order of their ids."""
    rows: list[RowMapping] = []
    for part in chunks(ids):
        mine = delete(dead_letters).where(dead_letters.c.id.in_(part))
        rows += conn.execute(mine.returning(*dead_letters.c)).mappings()
    return sorted(rows, key=itemgetter("id"))


def _put_back(conn: Connection, row: RowMapping, now: datetime) -> int:
    values = {name: row[name] for name in _CARRIED}
    statement = insert(conn, inbox).values(values | {"delivered_at": now, "attempts": 1})
    # The page may have been delivered again by the same run: the newer draft stays.
    statement = statement.on_conflict_do_update(
        index_elements=["run_id", "key"], set_={"attempts": 1, "strikes": 0}
    )
    made = conn.execute(statement.returning(inbox.c.id)).scalar_one()
    _note(conn, row, Outcome.FETCHED, "", now)
    return int(made)


def _note(
    conn: Connection, values: RowMapping, outcome: Outcome, detail: str, now: datetime
) -> None:
    """Set the outcome of the draft's URL in its run and in the page's memory."""
    here = and_(outcomes.c.run_id == values["run_id"], outcomes.c.key == values["key"])
    conn.execute(update(outcomes).where(here).values(outcome=outcome, detail=detail, at=now))
    page = and_(pages.c.portal == values["portal"], pages.c.key == values["key"])
    conn.execute(update(pages).where(page).values(outcome=outcome, detail=detail))


_COLUMNS = (
    "id",
    "run_id",
    "portal",
    "key",
    "snapshot_id",
    "code",
    "message",
    "attempts",
    "buried_at",
    "draft",
)
