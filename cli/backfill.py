"""Backfill: walk a portal's whole archive, then read it slice by slice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from cli.crawl import MIN_DELAY, Report, crawl_portals
from cli.session import notes
from crawler.registry import find_portal
from pipelines.plural import counted
from pipelines.records import ARTICLE_OUTCOMES, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipelines.store.engine import Store
    from pipelines.store.runs import RunParams
    from workers.supervise import Stack

# What a slice that gets further brings, though as much may be left after it as before.
READ = ARTICLE_OUTCOMES | {Outcome.LISTING}


def sliced(params: RunParams, until: datetime | None) -> RunParams:
    """Make a plan one of a backfill's slices: it walks on, but reads only so many articles."""
    from pipelines.store.runs import SLICE

    day = until.date().isoformat() if until else ""
    return replace(params, slice=SLICE, until=day)


def backfill_portals(
    store: Store, stack: Stack, plans: Mapping[str, RunParams], *, quiet: bool = False
) -> list[Report]:
    """Walk the portals' archives and read what they hold, slice by slice.

    With a limit the walk alone; a portal whose run fails, or that gets no further, is left as it
    is: the same command goes on.
    """
    total: dict[str, Report] = {}
    left: dict[str, Left] = {}
    while plans:
        came: set[str] = set()
        for report in crawl_portals(store, stack, plans, kind="backfill", quiet=quiet):
            total[report.portal] = report.after(total.get(report.portal))
            if report.totals.keys() & READ:
                came.add(report.portal)
        going_on = {}
        for name, params in plans.items():
            before, left[name] = left.get(name), _left(store, name)
            moved = name in came or left[name] != before
            if any(left[name]) and moved and params.limit is None and total[name].state == "done":
                going_on[name] = replace(params, rest=True)
                notes.print(f"{name}: {_estimate(left[name], params, name)}")
        plans = going_on
    return list(total.values())


class Left(NamedTuple):
    """Pages that a backfill has met and not read."""

    listings: int
    articles: int


def _left(store: Store, portal: str) -> Left:
    from pipelines.store.pages import count_unfinished

    with store.read() as conn:
        return Left(count_unfinished(conn, portal, listings=True), count_unfinished(conn, portal))


def _estimate(left: Left, params: RunParams, portal: str) -> str:
    """Say how much is still to be read, and how long that takes at the least."""
    known = find_portal(portal) if not params.url else None
    delay = params.delay if params.delay is not None else known.delay if known else MIN_DELAY
    listings = counted(left.listings, "listing page")
    walk = f"{listings}, what lies behind them, and " if left.listings else ""
    least = f"{sum(left) * delay / 60:.0f} min at the least"
    return f"still to be read: {walk}{counted(left.articles, 'article')}, {least}"
