"""How far the walk over a portal's listing pages has come that a backfill makes, run after run.

A listing page that a run has met is an open page until it is read; the ones read are the outcomes
of the walk's runs. Both are written with the articles that the page led to, so that a walk that was
killed goes on behind the last commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pipelines.records import Outcome
from pipelines.store.pages import count_unfinished
from pipelines.store.positions import forget, position, remember
from pipelines.store.schema import outcomes, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select


def begin_walk(conn: Connection, portal: str, section: str, run_id: int) -> set[str]:
    """Give the keys of the listing pages that the walk has read; begin one if there is none."""
    first = position(conn, _task(portal, section))
    if first is None:
        remember(conn, _task(portal, section), run_id)
        return set()
    return set(conn.execute(_read(portal, section, first)).scalars())


def end_walk(conn: Connection, portal: str, section: str) -> None:
    """Forget a walk that has read every listing page it met; the next one begins anew."""
    if not count_unfinished(conn, portal, listings=True):
        forget(conn, _task(portal, section))


def _task(portal: str, section: str) -> str:
    return f"backfill.walk:{portal}:{section}"


def _read(portal: str, section: str, first: int) -> Select[Any]:
    """Select what the walk's runs have read: other runs turn back where nothing is new."""
    return (
        select(outcomes.c.key)
        .join(runs, runs.c.id == outcomes.c.run_id)
        .where(runs.c.portal == portal, runs.c.section == section, runs.c.kind == "backfill")
        .where(outcomes.c.run_id >= first, outcomes.c.outcome == Outcome.LISTING)
    )
