"""How soon articles are found for how many visits: the learned rhythm beside its peers.

``python -m bench.schedule [--times FILE ...] [--json]`` replays a year of publication times, of
generated portals and of JSON lines with ``published_at`` (years are laid over each other, weekday
and hour kept). Peers: fixed intervals, and the duplicate-ratio rule of Media Cloud's rss-fetcher
(67 % known entries: 10 minutes later, fewer than 33 %: an hour sooner, 6 hours to begin with).
Ours starts knowing nothing, plans once a week and sees an article only after a visit has found it.

Each portal gets as many visits as the peer gives it; then all portals together, as one machine
visits them, get as many as the peer gives them, by one worth of a visit for all. Ours is planned
for the least waiting, and for a stated delay: half of the peer's median or 95th percentile at its
visits, the whole 95th percentile at half of them. The last tables are what schedules do unless told
otherwise, and how many articles they find within the delay that they are told.
"""

from __future__ import annotations

import argparse
import json
import math
from bisect import bisect_left, bisect_right
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.schedule_peers import PEERS
from bench.schedule_world import PORTALS, START, WEEKS, fold, publish, true_rhythm
from pipelines.schedule.planning import bounds_of
from pipelines.schedule.rhythm import CELL, learn
from pipelines.schedule.visits import Bounds, plan_week
from pipelines.store.schedule import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pipelines.schedule.rhythm import Rhythm

MINUTE = timedelta(minutes=1)
# Minutes of waiting; the worth is searched at which visits are as many as a peer's, or just fewer.
LEAST_WORTH, MOST_WORTH, TRIES, NEAR = 0.05, 50_000.0, 12, 0.01
LONGEST = timedelta(days=2)  # between visits, where a plan is bounded by their number or worth
GOAL = 0.5  # of the peer's delay at equal requests, or of its requests at equal delay
REACHED = {"both": (0, 1), "median": (0,), "p95": (1,)}
STATED = [timedelta(hours=hours) for hours in (1, 3, 6)]
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One peer on one rhythm: visits a day, delays in minutes, and ours as shares of the peer's.

    A pair of shares is of the median and of the 95th percentile. ``least``: planned for the least
    waiting, at the peer's visits and at ``half`` of them. ``stated``: planned for a stated delay.
    ``known``: the least waiting drawn with the true rhythms, as far as there are any.
    """

    rhythm: str
    peer: str
    visits_a_day: float
    median: float
    p95: float
    least: Pair
    stated_median: Pair
    stated_p95: Pair
    half_least: Pair
    half_stated: Pair
    known: Pair | None

    @property
    def reached(self) -> str:
        """Say which delay ours halves, or keeps at half the visits, with the other no longer."""
        goals = [(pair, GOAL) for pair in (self.least, self.stated_median, self.stated_p95)]
        goals += [(pair, 1.0) for pair in (self.half_least, self.half_stated)]
        for name, delays in REACHED.items():
            if any(max(pair) <= 1 and all(pair[i] <= goal for i in delays) for pair, goal in goals):
                return name
        return "no"


def ours(
    published: Sequence[datetime], bounds: Bounds, true: Rhythm | None = None
) -> list[datetime]:
    """Visit by the rhythm learned so far (or by the ``true`` one), planned once a week."""
    visits: list[datetime] = []
    for week in range(WEEKS):
        now = START + timedelta(weeks=week)
        seen = bisect_right(published, visits[-1]) if visits else 0
        rhythm = true or learn(published[:seen], START, now)
        plan = plan_week(rhythm, now, bounds)
        visits += [visit for visit in plan.visits if visit <= now + timedelta(weeks=1)]
    return visits


def so_many(visits: float, within: timedelta | None = None) -> Bounds:
    """Bound a week by its visits alone."""
    return Bounds(CELL, LONGEST, visits, timedelta(), within)


def worth(minutes: float, within: timedelta | None = None) -> Bounds:
    """Bound a week by the minutes of waiting alone that a visit has to spare."""
    return Bounds(CELL, LONGEST, math.inf, timedelta(minutes=minutes), within)


def waits(*portals: tuple[Sequence[datetime], Sequence[datetime]]) -> list[float]:
    """Give the minutes from each portal's articles to its next visit, the shortest first."""
    found = []
    for published, visits in portals:
        for moment in published:
            at = bisect_left(visits, moment)
            if at < len(visits):
                found.append((visits[at] - moment) / MINUTE)
    return sorted(found)


def delays(*portals: tuple[Sequence[datetime], Sequence[datetime]]) -> Pair:
    """Give median and 95th percentile of the minutes from a portal's articles to its visits."""
    found = waits(*portals)
    return found[len(found) // 2], found[int(len(found) * 0.95)]


def compare(rhythm: str, published: Sequence[datetime], peer: str) -> Row:
    """Replay the year with a peer, and ours at its number of visits and at half of it."""
    visits = PEERS[peer](published)
    per_week = len(visits) / WEEKS

    def replay(share: float, within: timedelta | None, *, known: bool = False) -> Pair:
        true = true_rhythm(rhythm) if known else None
        return delays((published, ours(published, so_many(share * per_week, within), true)))

    known = rhythm in PORTALS
    return _row(rhythm, peer, per_week / 7, delays((published, visits)), replay, known=known)


def together(published: dict[str, list[datetime]], peer: str) -> Row:
    """Replay the year of all portals with a peer, and ours at its visits and at half of them."""
    portals = list(published.values())
    visits = [PEERS[peer](moments) for moments in portals]
    total = sum(map(len, visits))

    def replay(share: float, within: timedelta | None, *, known: bool = False) -> Pair:
        true = [true_rhythm(name) if known and name in PORTALS else None for name in published]
        return delays(*zip(portals, _as_many(portals, true, share * total, within), strict=True))

    found = delays(*zip(portals, visits, strict=True))
    return _row("all together", peer, total / WEEKS / 7, found, replay, known=True)


def _row(
    rhythm: str,
    peer: str,
    visits_a_day: float,
    found: Pair,
    replay: Callable[..., Pair],
    *,
    known: bool,
) -> Row:
    """Let ours ``replay`` a share of the peer's visits, with a delay stated or none."""
    median, p95 = found
    half_median, half_p95 = (timedelta(minutes=GOAL * one) for one in found)

    def shares(share: float, within: timedelta | None, **rhythms: bool) -> Pair:
        own = replay(share, within, **rhythms)
        return own[0] / median, own[1] / p95

    return Row(
        rhythm,
        peer,
        visits_a_day,
        median,
        p95,
        least=shares(1, None),
        stated_median=shares(1, half_median),
        stated_p95=shares(1, half_p95),
        half_least=shares(GOAL, None),
        half_stated=shares(GOAL, timedelta(minutes=p95)),
        known=shares(1, None, known=True) if known else None,
    )


def _as_many(
    portals: Sequence[Sequence[datetime]],
    true: Sequence[Rhythm | None],
    total: float,
    within: timedelta | None,
) -> list[list[datetime]]:
    """Find the worth of a visit at which all portals together have about ``total`` visits."""
    cheap, minutes, dear = LEAST_WORTH, 30.0, MOST_WORTH
    for _ in range(TRIES):
        pairs = zip(portals, true, strict=True)
        visits = [ours(published, worth(minutes, within), rhythm) for published, rhythm in pairs]
        share = sum(map(len, visits)) / total
        if 1 - NEAR <= share <= 1:
            break
        cheap, dear = (minutes, dear) if share > 1 else (cheap, minutes)
        minutes *= (share + NEAR / 2) ** 2  # evenly spread, visits are as the root of 1 / worth
        if not cheap < minutes < dear:
            minutes = math.sqrt(cheap * dear)
    return visits


def show(rows: Sequence[Row]) -> None:
    """Print one table: the peer in figures, ours as shares of the peer's."""
    table = Table(title="one year; ours as shares of the peer's median, p95", box=None)
    for name in ("rhythm", "peer", "visits/day", "median", "p95"):
        table.add_column(name, justify="left" if name in {"rhythm", "peer"} else "right")
    for name in ("least waiting", "known", "half median", "half p95", "half visits", "p95 stated"):
        table.add_column(name, justify="right", style="bold")
    table.add_column("reached")
    for row in rows:
        stated = row.stated_median, row.stated_p95
        pairs = row.least, row.known, *stated, row.half_least, row.half_stated
        table.add_row(
            row.rhythm,
            row.peer,
            f"{row.visits_a_day:.1f}",
            f"{row.median:.0f}",
            f"{row.p95:.0f}",
            *(f"{pair[0]:.2f}, {pair[1]:.2f}" if pair else "" for pair in pairs),
            row.reached,
        )
    Console(width=150).print(table)


def show_default(published: dict[str, list[datetime]]) -> None:
    """Print how often portals are visited, and how soon read, by schedules as they are set."""
    table = Table("rhythm", "articles/week", "visits/day", "median", "p95", title="ours by default")
    for name, moments in published.items():
        visits = ours(moments, bounds_of(Timing()))
        median, p95 = delays((moments, visits))
        figures = len(moments) / WEEKS, len(visits) / WEEKS / 7
        table.add_row(name, *(f"{one:.1f}" for one in figures), f"{median:.0f}", f"{p95:.0f}")
    Console(width=110).print(table)


def show_stated(published: dict[str, list[datetime]]) -> None:
    """Print for stated delays how many visits they take and how many articles are in time."""
    title = "told to find 95 of 100 within a time: visits a day, share found in time"
    table = Table("rhythm", *(f"{delay}" for delay in STATED), title=title)
    for name, moments in published.items():
        cells = []
        for delay in STATED:
            visits = ours(moments, bounds_of(Timing(within_seconds=int(delay.total_seconds()))))
            in_time = sum(wait <= delay / MINUTE for wait in waits((moments, visits)))
            cells.append(f"{len(visits) / WEEKS / 7:.1f}, {in_time / len(moments):.1%}")
        table.add_row(name, *cells)
    Console(width=110).print(table)


def main(argv: Sequence[str] | None = None) -> int:
    """Compare on every rhythm, print a table or one JSON object a row."""
    parser = argparse.ArgumentParser(prog="python -m bench.schedule", description=__doc__)
    parser.add_argument("--times", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    published = {name: publish(name) for name in PORTALS}
    published |= {path.name.split(".")[0]: fold(path) for path in options.times}
    with ProcessPoolExecutor() as pool:
        tasks = [
            pool.submit(compare, name, published[name], peer)
            for name in published
            for peer in PEERS
        ]
        tasks += [pool.submit(together, published, peer) for peer in PEERS]
        bar = Console(stderr=True)
        rows = [task.result() for task in track(tasks, "replaying", console=bar)]
    if options.json:
        for row in rows:
            print(json.dumps(asdict(row) | {"reached": row.reached}))
    else:
        show(rows)
        show_default(published)
        show_stated(published)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
