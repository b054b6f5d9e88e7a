"""What no plan of visits can reach beside a peer: a share of its delays, or of its visits.

``python -m bench.schedule_bound [--shares 0.5 0.6 ...]`` takes the generated rhythms for known and
asks for plans on the week's five-minute grid, of all portals together, under which at most half of
the articles wait longer than a median and at most a twentieth longer than a 95th percentile: the
share of both delays of the peer at its number of visits, or its delays at the share of its visits.

The proof is by Lagrange's dual: with a price on each late article and on each visit, no plan is
cheaper than the one that a shortest path finds; where even that one costs more than a plan that
kept all three bounds would, there is none. Prices are searched on a grid, so "not excluded" says
no more than that. An article counts as late only where all of its cell would be.
"""

from __future__ import annotations

import argparse
import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.progress import track

from bench.schedule import delays
from bench.schedule_peers import PEERS
from bench.schedule_world import PORTALS, WEEKS, publish, true_rhythm
from pipelines.schedule.rhythm import CELL, WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

HORIZON = 4  # weeks that a path is looked for over; what its ends cost is taken off
TAIL_SHARES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0)  # of the price of lateness, on the longest waits
CHEAPEST, DEAREST, STEPS = 1e-4, 1e2, 9  # prices of a visit tried, in late articles
SAID = {True: "no plan can", False: "not excluded"}


def cheapest(
    rate: NDArray[np.float64], lateness: NDArray[np.float64], price: float
) -> tuple[float, float]:
    """Give what a week of the cheapest plan costs at least, and its visits.

    ``rate``: expected articles of each cell of a week. ``lateness``: the cost of one that has
    waited for 0, 1, 2, ... whole cells, for a week at most.
    """
    ring = np.concatenate([rate, rate])
    # waits[v, n]: the cost at a visit in cell v of all articles of the n + 1 cells before it
    waits = np.stack([np.cumsum(ring[v : v + WEEK][::-1] * lateness) for v in range(WEEK)])
    best = np.zeros(HORIZON * WEEK + 1)
    before = np.zeros(HORIZON * WEEK + 1, dtype=np.int64)
    for visit in range(1, len(best)):
        first = max(0, visit - WEEK)
        costs = best[first:visit] + waits[visit % WEEK, : visit - first][::-1]
        before[visit] = first + int(costs.argmin())
        best[visit] = costs.min() + price
    visits, at = 0, len(best) - 1
    while at > 0:
        visits, at = visits + 1, before[at]
    return (float(best[-1]) - price) / HORIZON, visits / HORIZON


def excluded(median: float, p95: float, visits: float) -> bool:
    """Tell whether no plan keeps both delays (minutes) with so many visits a week, all together."""
    rates = [np.array(true_rhythm(name).rate) for name in PORTALS]
    articles = float(sum(rate.sum() for rate in rates))
    waited = np.arange(WEEK) * CELL.total_seconds() / 60
    for share in TAIL_SHARES:
        lateness = (1 - share) * (waited >= median) + share * (waited >= p95)
        allowed = articles * ((1 - share) * 0.5 + share * 0.05)
        low, high = CHEAPEST, DEAREST
        for _ in range(STEPS):
            price = math.sqrt(low * high)
            plans = [cheapest(rate, lateness, price) for rate in rates]
            if sum(cost for cost, _ in plans) > allowed + price * visits:
                return True
            if sum(made for _, made in plans) > visits:
                low = price
            else:
                high = price
    return False


def peer_of(name: str) -> tuple[float, float, float]:
    """Give a peer's median and 95th percentile (minutes) and its visits a week of all portals."""
    published: list[list[datetime]] = [publish(portal) for portal in PORTALS]
    visits = [PEERS[name](moments) for moments in published]
    median, p95 = delays(*zip(published, visits, strict=True))
    return median, p95, sum(map(len, visits)) / WEEKS


def main(argv: Sequence[str] | None = None) -> int:
    """Print for each peer and share what no plan can reach."""
    parser = argparse.ArgumentParser(prog="python -m bench.schedule_bound", description=__doc__)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.5, 0.6])
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), metavar="PEER")
    options = parser.parse_args(argv)
    bar = partial(track, console=Console(stderr=True))
    pairs = [(peer, share) for peer in options.peers for share in options.shares]
    for peer, share in bar(pairs, "looking for plans"):
        median, p95, visits = peer_of(peer)
        print(f"{peer}: {visits / 7:.1f} visits a day, median {median:.0f} min, p95 {p95:.0f} min")
        sooner = excluded(share * median, share * p95, visits)
        print(f"  {share:.2f} of both delays at its visits: {SAID[sooner]}")
        fewer = excluded(median, p95, share * visits)
        print(f"  its delays at {share:.2f} of its visits: {SAID[fewer]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
