"""How soon articles are found for how many visits: the learned rhythm beside its peers.

``python -m bench.schedule [--times FILE ...] [--json]`` replays a year of publication times, of
generated portals and of JSON lines with ``published_at`` (years are laid over each other, weekday
and hour kept). Peers: fixed intervals, and the duplicate-ratio rule of Media Cloud's rss-fetcher
(67 % known entries: 10 minutes later, fewer than 33 %: an hour sooner, 6 hours to begin with).
Ours starts knowing nothing, plans once a week and sees an article only after a visit has found it.

Each portal gets as many visits as the peer gives it; then all portals together, as one machine
visits them, get as many as the peer gives them, by one worth of a visit for all. The second table
is what schedules do unless told otherwise.
"""

from __future__ import annotations

import argparse
import json
import math
from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.schedule_world import END, PORTALS, START, WEEKS, fold, publish, true_rhythm
from pipelines.schedule.planning import bounds_of
from pipelines.schedule.rhythm import Bounds, learn, plan_week
from pipelines.store.schedule import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pipelines.schedule.rhythm import Rhythm

FEED_ENTRIES = 20
TRIES, NEAR = 8, 0.02  # for a worth at which visits are as many as a peer's
LONGEST = timedelta(days=2)  # between visits, where a plan is bounded by their number or worth
GOAL = 0.5  # of the peer's delay at equal requests, or of its requests at equal delay


@dataclass(frozen=True, slots=True)
class Row:
    """One peer on one rhythm: visits a day, delays in minutes, and ours as shares of the peer's.

    ``half_visits_median``, ``half_visits_p95``: our delays with half of the peer's visits, as
    shares of its.
    ``known_median``, ``known_p95``: the same plan drawn with the true rhythms, as far as there are
    any.
    """

    rhythm: str
    peer: str
    visits_a_day: float
    median: float
    p95: float
    our_visits: float
    our_median: float
    our_p95: float
    half_visits_median: float
    half_visits_p95: float
    known_median: float | None
    known_p95: float | None

    @property
    def reached(self) -> bool:
        """Tell whether ours takes half the median delay, or half the visits for it."""
        return self.our_median <= GOAL or self.half_visits_median <= 1


def fixed(minutes: int) -> list[datetime]:
    """Visit every so many minutes."""
    step = timedelta(minutes=minutes)
    return [START + i * step for i in range(1, int((END - START) / step))]


def ratio_rule(published: Sequence[datetime]) -> list[datetime]:
    """Visit by the share of known entries in the feed, as rss-fetcher does by default."""
    begin = every = timedelta(hours=6)
    visits, now, before = [], START, 0
    while now < END:
        visits.append(now)
        known = bisect_right(published, now)
        entries = min(FEED_ENTRIES, known)
        new = min(entries, known - before)
        before = known
        share = (entries - new) / entries if entries else 1.0
        if share >= 0.67:
            every = min(timedelta(days=1), every + timedelta(minutes=10))
        elif share < 0.33:
            sooner = max(timedelta(minutes=10), every - timedelta(hours=1))
            every = begin if every > begin else sooner
        now += every
    return visits


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


def so_many(visits: float) -> Bounds:
    """Bound a week by its visits alone."""
    return Bounds(ceiling=LONGEST, visits=visits, worth=timedelta())


def worth(minutes: float) -> Bounds:
    """Bound a week by the minutes of waiting alone that a visit has to spare."""
    return Bounds(ceiling=LONGEST, visits=math.inf, worth=timedelta(minutes=minutes))


def delays(*portals: tuple[Sequence[datetime], Sequence[datetime]]) -> tuple[float, float]:
    """Give median and 95th percentile of the minutes from a portal's articles to its visits."""
    waits = []
    for published, visits in portals:
        for moment in published:
            at = bisect_left(visits, moment)
            if at < len(visits):
                waits.append((visits[at] - moment) / timedelta(minutes=1))
    waits.sort()
    return waits[len(waits) // 2], waits[int(len(waits) * 0.95)]


def compare(rhythm: str, published: Sequence[datetime], peer: str) -> Row:
    """Replay the year with a peer, and ours at its number of visits and at half of it."""
    visits = PEERS[peer](published)
    median, p95 = delays((published, visits))
    per_week = len(visits) / WEEKS
    equal = ours(published, so_many(per_week))
    our_median, our_p95 = delays((published, equal))
    half_median, half_p95 = delays((published, ours(published, so_many(per_week / 2))))
    best = None
    if rhythm in PORTALS:
        best = delays((published, ours(published, so_many(per_week), true_rhythm(rhythm))))
    return Row(
        rhythm,
        peer,
        per_week / 7,
        median,
        p95,
        len(equal) / len(visits),
        our_median / median,
        our_p95 / p95,
        half_median / median,
        half_p95 / p95,
        best[0] / median if best else None,
        best[1] / p95 if best else None,
    )


PEERS: dict[str, Callable[[Sequence[datetime]], list[datetime]]] = {
    "every 15 min": lambda _: fixed(15),
    "every hour": lambda _: fixed(60),
    "every 6 h": lambda _: fixed(360),
    "ratio rule": ratio_rule,
}


def together(published: dict[str, list[datetime]], peer: str) -> Row:
    """Replay the year of all portals with a peer, and ours at its visits and at half of them."""
    portals = list(published.values())
    unknown = [None] * len(portals)
    true = [true_rhythm(name) if name in PORTALS else None for name in published]
    visits = [PEERS[peer](moments) for moments in portals]
    total = sum(map(len, visits))
    median, p95 = delays(*zip(portals, visits, strict=True))
    minutes, equal = _as_many(portals, unknown, total, 30)
    our_median, our_p95 = delays(*zip(portals, equal, strict=True))
    _, half = _as_many(portals, unknown, total / 2, minutes * 4)
    _, best = _as_many(portals, true, total, minutes)
    half_median, half_p95 = delays(*zip(portals, half, strict=True))
    best_median, best_p95 = delays(*zip(portals, best, strict=True))
    return Row(
        "all together",
        peer,
        total / WEEKS / 7,
        median,
        p95,
        sum(map(len, equal)) / total,
        our_median / median,
        our_p95 / p95,
        half_median / median,
        half_p95 / p95,
        best_median / median,
        best_p95 / p95,
    )


def _as_many(
    portals: Sequence[Sequence[datetime]],
    true: Sequence[Rhythm | None],
    total: float,
    minutes: float,
) -> tuple[float, list[list[datetime]]]:
    """Find the worth of a visit at which all portals together have about ``total`` visits."""
    for _ in range(TRIES):
        pairs = zip(portals, true, strict=True)
        visits = [ours(published, worth(minutes), rhythm) for published, rhythm in pairs]
        share = sum(map(len, visits)) / total
        if abs(share - 1) <= NEAR:
            break
        minutes *= share**2  # evenly spread visits are as many as the root of 1 / worth
    return minutes, visits


def show(rows: Sequence[Row]) -> None:
    """Print one table: the peer in figures, ours as shares of the peer's."""
    table = Table(title="one year; ours as a share of the peer's", box=None)
    for name in ("rhythm", "peer", "visits/day", "median", "p95"):
        table.add_column(name, justify="left" if name in {"rhythm", "peer"} else "right")
    for name in ("visits", "median", "p95", "half visits", "rhythms known", "half by median"):
        table.add_column(name, justify="right", style="bold")
    for row in rows:
        known = [one for one in (row.known_median, row.known_p95) if one is not None]
        table.add_row(
            row.rhythm,
            row.peer,
            f"{row.visits_a_day:.1f}",
            f"{row.median:.0f} min",
            f"{row.p95:.0f} min",
            f"{row.our_visits:.2f}",
            f"{row.our_median:.2f}",
            f"{row.our_p95:.2f}",
            f"{row.half_visits_median:.2f}, {row.half_visits_p95:.2f}",
            ", ".join(f"{one:.2f}" for one in known),
            "yes" if row.reached else "no",
        )
    Console(width=110).print(table)


def show_default(published: dict[str, list[datetime]]) -> None:
    """Print how often portals are visited, and how soon read, by schedules as they are set."""
    table = Table("rhythm", "articles/week", "visits/day", "median", "p95", title="ours by default")
    for name, moments in published.items():
        visits = ours(moments, bounds_of(Timing()))
        median, p95 = delays((moments, visits))
        figures = len(moments) / WEEKS, len(visits) / WEEKS / 7
        table.add_row(name, *(f"{one:.1f}" for one in figures), f"{median:.0f}", f"{p95:.0f}")
    Console(width=110).print(table)


def main(argv: Sequence[str] | None = None) -> int:
    """Compare on every rhythm, print a table or one JSON object a row."""
    parser = argparse.ArgumentParser(prog="python -m bench.schedule", description=__doc__)
    parser.add_argument("--times", type=Path, action="append", default=[], metavar="FILE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    published = {name: publish(name) for name in PORTALS}
    published |= {path.name.split(".")[0]: fold(path) for path in options.times}
    pairs = [(name, peer) for name in published for peer in PEERS]
    quiet = Console(stderr=True)
    rows = [
        compare(name, published[name], peer)
        for name, peer in track(pairs, "replaying", console=quiet)
    ]
    rows += [together(published, peer) for peer in track(PEERS, "all together", console=quiet)]
    if options.json:
        for row in rows:
            print(json.dumps(asdict(row) | {"reached": row.reached}))
    else:
        show(rows)
        show_default(published)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
