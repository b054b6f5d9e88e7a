"""Pages that were no article when they were fetched, and are one by today's rules."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
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

    from sqlalchemy import ColumnElement, Row, Select

    from pipelines.records import Cleaned, Draft, Page
    from pipelines.store.engine import Store

    Clean = Callable[[Page, str], Cleaned]

# What a page was called that was fetched and brought no article.
NO_ARTICLE = (
    Outcome.LISTING, Outcome.NOT_ARTICLE, Outcome.THIN, Outcome.LOGIN, Outcome.CHALLENGE,
    Outcome.SOFT_404, Outcome.BAD_ENCODING, Outcome.BAD_CONTENT, Outcome.TIMED_OUT,
)  # fmt: skip
OWNER = "reextract"
_AROUND = 6  # listings
_BATCH = 50
_SECONDS = 600.0
_ATTEMPTS = 3
_PAGE = ("key", "url", "outcome")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pages are read again: of one portal or of all, fetched since then or ever."""

    portal: str | None = None
    since: datetime | None = None

    def conditions(self, portal: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """Give it as conditions on the column of the portal and on the snapshot."""
        wanted = [] if self.portal is None else [portal == self.portal]
        if self.since is not None:
            wanted.append(snapshots.c.fetched_at >= self.since)
        return wanted


@dataclass(frozen=True, slots=True)
class Latecomer:
    """A page that is an article now; ``outcome`` is what it was called."""

    snapshot_id: int
    portal: str
    key: str
    url: str
    outcome: Outcome
    draft: Draft


def pages_in(store: Store, scope: Scope, after: int = 0) -> array[int]:
    """Give the newest snapshots above ``after`` of the pages in scope that were no article."""
    newest = select(func.max(snapshots.c.id)).group_by(snapshots.c.portal, snapshots.c.url)
    query = (
        _candidates(snapshots.c.id)
        .where(snapshots.c.id.in_(newest), snapshots.c.id > after)
        .where(*scope.conditions(snapshots.c.portal))
    )
    with store.read() as conn:
        return array("q", conn.execute(query).scalars())


def drafts_of(store: Store, folder: Path, clean: Clean, ids: Sequence[int]) -> Iterator[Latecomer]:
    """Yield those of these pages that are an article now.

    Snapshots that cannot be read are passed over: no article hangs on them.
    """
    names = ("id", "portal")
    query = _candidates(*(snapshots.c[name] for name in names), *(pages.c[n] for n in _PAGE))
    with store.read() as conn:
        rows = conn.execute(query.where(snapshots.c.id.in_(ids))).all()
    for row in rows:
        if draft := _draft(store, folder, clean, row):
            yield Latecomer(row.id, row.portal, row.key, row.url, row.outcome, draft)


def listings_of(store: Store, folder: Path, portal: str) -> Iterator[Page]:
    """Yield a portal's latest listings: a crawl reads them first, and knows an article's frame."""
    newest = select(func.max(snapshots.c.id)).group_by(snapshots.c.portal, snapshots.c.url)
    mine = (snapshots.c.portal == portal, pages.c.outcome == Outcome.LISTING)
    query = _candidates(snapshots.c.id).where(snapshots.c.id.in_(newest), *mine)
    latest = query.order_by(None).order_by(snapshots.c.id.desc()).limit(_AROUND)
    with store.read() as conn:
        ids = conn.execute(latest).scalars().all()
    yield from (page for one in ids if (page := _page(store, folder, one)))


def take_in(store: Store, found: Sequence[Latecomer], now: datetime) -> frozenset[str]:
    """Put the drafts through the pipeline, a run a portal; give the portals that could take them.

    The others are being crawled.
    """
    portals = dict.fromkeys(one.portal for one in found)
    own = {name: [one for one in found if one.portal == name] for name in portals}
    return frozenset(name for name, late in own.items() if _take_in(store, name, late, now))


def _take_in(store: Store, portal: str, found: Sequence[Latecomer], now: datetime) -> bool:
    try:
        with store.begin() as conn:
            run_id = create_run(conn, portal, "import", RunParams(), now)
            claim_run(conn, run_id, OWNER, now, _SECONDS)
            outcomes = [OutcomeRow(one.key, one.url, Outcome.FETCHED) for one in found]
            record_outcomes(conn, run_id, portal, outcomes, now)
            ids = [
                deliver(conn, run_id, portal, one.key, one.draft, one.snapshot_id, now)
                for one in found
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


def _candidates(*columns: ColumnElement[Any]) -> Select[Any]:
    same = and_(pages.c.portal == snapshots.c.portal, pages.c.url == snapshots.c.url)
    return (
        select(*columns)
        .select_from(snapshots)
        .join(pages, same)
        .where(pages.c.outcome.in_(NO_ARTICLE))
        .order_by(snapshots.c.id)
    )


def _draft(store: Store, folder: Path, clean: Clean, row: Row[Any]) -> Draft | None:
    page = _page(store, folder, row.id)
    return clean(page, row.portal).draft if page else None


def _page(store: Store, folder: Path, snapshot_id: int) -> Page | None:
    with store.read() as conn:
        ref = snapshot(conn, snapshot_id)
    try:
        return read_page(folder, ref)
    except Missing:
        return None
