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
import gzip
import json
import math
import random
from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track
from rich.table import Table

from pipelines.codec import VIETNAM
from pipelines.planning import bounds_of
from pipelines.rhythm import Bounds, Rhythm, learn, plan_week
from pipelines.store.schedule import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START = datetime(2025, 1, 6, tzinfo=VIETNAM)  # a Monday
WEEKS = 52
END = START + timedelta(weeks=WEEKS)
FEED_ENTRIES = 20
TRIES, NEAR = 8, 0.02  # for a worth at which visits are as many as a peer's
LONGEST = timedelta(days=2)  # between visits, where a plan is bounded by their number or worth
GOAL = 0.5  # of the peer's delay at equal requests, or of its requests at equal delay


@dataclass(frozen=True, slots=True)
class Row:
    """One peer on one rhythm: visits a day, delays in minutes, and ours as shares of the peer's.

    ``half_visits_median``: our median delay with half of the peer's visits, as a share of its.
    ``bound_median``: the same plan drawn with the true rhythm, as far as there is one.
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
    bound_median: float | None

    @property
    def reached(self) -> bool:
        """Tell whether ours takes half the delay, or half the visits."""
        return self.our_median <= GOAL or self.half_visits_median <= 1


def office(hour: int, day: int) -> float:
    """Give the weight of an hour for a committee that publishes in working hours."""
    hours = {7: 1, 8: 2.5, 9: 3, 10: 3, 11: 1, 13: 0.5, 14: 2.5, 15: 3, 16: 3, 17: 1}
    return hours.get(hour, 0.02) * (1 if day < 5 else 0.05)


def mornings(hour: int, day: int) -> float:
    """Give the weight of an hour for a ward that posts its notices first thing."""
    return 1.0 if hour in {8, 9} and day < 5 else 0.01


def newspaper(hour: int, day: int) -> float:
    """Give the weight of an hour for a paper that publishes from six to eleven, all week."""
    return (2.0 if hour in {7, 10, 16, 19} else 1.0 if 6 <= hour < 23 else 0.05) * (
        1 if day < 5 else 0.7
    )


def even(_hour: int, _day: int) -> float:
    """Give the weight of an hour for a portal without any rhythm."""
    return 1.0


# name: weight of an hour, articles a week, articles posted at one sitting
PORTALS: dict[str, tuple[Callable[[int, int], float], float, float]] = {
    "committee": (office, 25, 2),
    "ward": (mornings, 6, 2),
    "newspaper": (newspaper, 250, 1),
    "no rhythm": (even, 30, 1),
}


def publish(name: str, seed: int = 7) -> list[datetime]:
    """Generate a year of publication times: sittings are a Poisson process, articles follow."""
    weight, per_week, sitting = PORTALS[name]
    rng = random.Random(f"{name}:{seed}")
    share = per_week / sitting / sum(weight(h, d) for d in range(7) for h in range(24))
    found = []
    for hours in range(WEEKS * 168):
        expected = share * weight(hours % 24, hours // 24 % 7)
        for _ in range(_poisson(rng, expected)):
            moment = START + timedelta(hours=hours + rng.random())
            found.append(moment)
            while rng.random() < 1 - 1 / sitting:
                moment += timedelta(minutes=rng.expovariate(1 / 4))
                found.append(moment)
    return sorted(found)


def true_rhythm(name: str) -> Rhythm:
    """Give the rhythm that ``publish`` draws from."""
    weight, per_week, _ = PORTALS[name]
    rate = [weight(c % 144 // 6, c // 144) for c in range(7 * 144)]
    return Rhythm(tuple(per_week * r / sum(rate) for r in rate), 0)


def _poisson(rng: random.Random, expected: float) -> int:
    count, left = 0, rng.random()
    while left > math.exp(-expected):
        left *= rng.random()
        count += 1
    return count


def fold(path: Path) -> list[datetime]:
    """Read publication times and lay their years over each other, weekday and hour kept."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line).get("published_at") for line in lines]
    year = END - START
    moments = [datetime.fromisoformat(text) for text in texts if text]
    return sorted(START + (moment - START) % year for moment in moments)


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
    half = delays((published, ours(published, so_many(per_week / 2))))[0]
    bound = None
    if rhythm in PORTALS:
        best = ours(published, so_many(per_week), true_rhythm(rhythm))
        bound = delays((published, best))[0] / median
    return Row(
        rhythm,
        peer,
        per_week / 7,
        median,
        p95,
        len(equal) / len(visits),
        our_median / median,
        our_p95 / p95,
        half / median,
        bound,
    )


PEERS: dict[str, Callable[[Sequence[datetime]], list[datetime]]] = {
    "every 15 min": lambda _: fixed(15),
    "every hour": lambda _: fixed(60),
    "every 6 h": lambda _: fixed(360),
    "ratio rule": ratio_rule,
}


def together(portals: Sequence[Sequence[datetime]], peer: str) -> Row:
    """Replay the year of all portals with a peer, and ours at its visits and at half of them."""
    visits = [PEERS[peer](published) for published in portals]
    total = sum(map(len, visits))
    median, p95 = delays(*zip(portals, visits, strict=True))
    minutes, equal = _as_many(portals, total, 30)
    our_median, our_p95 = delays(*zip(portals, equal, strict=True))
    _, half = _as_many(portals, total / 2, minutes * 4)
    return Row(
        "all together",
        peer,
        total / WEEKS / 7,
        median,
        p95,
        sum(map(len, equal)) / total,
        our_median / median,
        our_p95 / p95,
        delays(*zip(portals, half, strict=True))[0] / median,
        None,
    )


def _as_many(
    portals: Sequence[Sequence[datetime]], total: float, minutes: float
) -> tuple[float, list[list[datetime]]]:
    """Find the worth of a visit at which all portals together have about ``total`` visits."""
    for _ in range(TRIES):
        visits = [ours(published, worth(minutes)) for published in portals]
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
    for name in ("visits", "median", "p95", "median, half visits", "bound", "half"):
        table.add_column(name, justify="right", style="bold")
    for row in rows:
        bound = "" if row.bound_median is None else f"{row.bound_median:.2f}"
        table.add_row(
            row.rhythm,
            row.peer,
            f"{row.visits_a_day:.1f}",
            f"{row.median:.0f} min",
            f"{row.p95:.0f} min",
            f"{row.our_visits:.2f}",
            f"{row.our_median:.2f}",
            f"{row.our_p95:.2f}",
            f"{row.half_visits_median:.2f}",
            bound,
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
    everyone = list(published.values())
    rows += [together(everyone, peer) for peer in track(PEERS, "all together", console=quiet)]
    if options.json:
        for row in rows:
            print(json.dumps(asdict(row) | {"reached": row.reached}))
    else:
        show(rows)
        show_default(published)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
