"""Pages that were no article when they were fetched, and are one by today's rules."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from pipelines.ingest import ingest
from pipelines.records import Outcome
from pipelines.store.faults import ActiveRun, Missing
from pipelines.store.inbox import deliver
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, complete_runs, create_run, finish_fetch
from pipelines.store.schema import pages, snapshots
from pipelines.store.snapshots import read_page, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Row, Select

    from pipelines.records import Cleaned, Draft, Page
    from pipelines.store.engine import Store

    Clean = Callable[[Page, str], Cleaned]

# What a page was called that was fetched and brought no article.
NO_ARTICLE = (
    Outcome.LISTING, Outcome.NOT_ARTICLE, Outcome.THIN, Outcome.LOGIN, Outcome.CHALLENGE,
    Outcome.SOFT_404, Outcome.BAD_ENCODING, Outcome.BAD_CONTENT, Outcome.TIMED_OUT,
)  # fmt: skip
OWNER = "reextract"
_BATCH = 50
_SECONDS = 600.0
_ATTEMPTS = 3


def latecomers(
    store: Store, folder: Path, clean: Clean, portal: str | None
) -> Iterator[tuple[str, list[tuple[Row[Any], Draft]]]]:
    """Yield by portal the pages whose newest snapshot is an article now, with their drafts.

    A row has ``id`` (of the snapshot), ``portal``, ``key``, ``url`` and ``outcome`` (the old one).
    Snapshots that cannot be read are passed over: no article hangs on them.
    """
    for name, rows in groupby(_candidates(store, portal), attrgetter("portal")):
        found = [(row, draft) for row in rows if (draft := _draft(store, folder, clean, row))]
        if found:
            yield name, found


def take_in(
    store: Store, portal: str, found: Sequence[tuple[Row[Any], Draft]], now: datetime
) -> bool:
    """Put the drafts through the pipeline in a run of their own; False: a run is under way."""
    try:
        with store.begin() as conn:
            run_id = create_run(conn, portal, "import", RunParams(), now)
            claim_run(conn, run_id, OWNER, now, _SECONDS)
            outcomes = [OutcomeRow(row.key, row.url, Outcome.FETCHED) for row, _ in found]
            record_outcomes(conn, run_id, portal, outcomes, now)
            ids = [
                deliver(conn, run_id, portal, row.key, draft, row.id, now) for row, draft in found
            ]
            finish_fetch(conn, run_id, OWNER, now)
    except ActiveRun:
        return False
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        ingest(store, part, now=now, lease_seconds=_SECONDS, max_attempts=_ATTEMPTS)
    with store.begin() as conn:
        complete_runs(conn, now)
    return True


def _candidates(store: Store, portal: str | None) -> Sequence[Row[Any]]:
    newest = select(func.max(snapshots.c.id)).group_by(snapshots.c.portal, snapshots.c.url)
    same = and_(pages.c.portal == snapshots.c.portal, pages.c.url == snapshots.c.url)
    query: Select[Any] = (
        select(snapshots.c.id, snapshots.c.portal, pages.c.key, pages.c.url, pages.c.outcome)
        .join(pages, same)
        .where(snapshots.c.id.in_(newest), pages.c.outcome.in_(NO_ARTICLE))
        .order_by(snapshots.c.portal, snapshots.c.id)
    )
    if portal is not None:
        query = query.where(snapshots.c.portal == portal)
    with store.read() as conn:
        return conn.execute(query).all()


def _draft(store: Store, folder: Path, clean: Clean, row: Row[Any]) -> Draft | None:
    with store.read() as conn:
        ref = snapshot(conn, row.id)
    try:
        page = read_page(folder, ref)
    except Missing:
        return None
    return clean(page, row.portal).draft
