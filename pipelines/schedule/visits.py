"""The visits of a week at which what a portal is expected to publish is found soon enough.

A shortest path over the cells of the week: each article costs what its wait does, each visit its
price. What a wait costs may be any function of its length.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pipelines.schedule.rhythm import CELL, WEEK, cell_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from pipelines.schedule.rhythm import Rhythm

# What a wait costs grows a little faster than its length: an hour counts for 1.12 hours, six for
# 1.7. Measured over 30 weeks this takes a tenth to a quarter off the longest waits and adds
# nothing to the median (bench/schedule.py).
IMPATIENCE = timedelta(minutes=500)  # a wait of this length counts twice
# Where a delay is stated, an article that waits longer costs so many times that delay besides.
LATENESS = 25.0
LATE = 0.05  # of the articles may wait longer than the stated delay
CHEAPEST, DEAREST = 1e-6, 1e6  # prices of a visit in article-cells of waiting
NEAR_ENOUGH = 1.05  # of two prices


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a plan has to keep: the least and the longest time between visits, and visits a week.

    ``worth`` is the waiting that a visit must spare, of all its articles together; None: there are
    as few visits as keep all articles but a twentieth from being late, later than ``within``.
    """

    floor: timedelta = timedelta(minutes=10)
    ceiling: timedelta = timedelta(days=1)
    visits: float = 7 * 48
    worth: timedelta | None = timedelta(minutes=30)
    within: timedelta | None = None

    @property
    def cells(self) -> tuple[int, int]:
        """Give floor and ceiling in cells."""
        least = max(1, math.ceil(self.floor / CELL))
        return least, max(least, int(self.ceiling / CELL))


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits of the week to come, and how long an article is then expected to wait.

    ``late``: the share of articles that are expected to wait longer than the stated delay.
    """

    visits: tuple[datetime, ...]
    wait: timedelta
    late: float


def plan_week(
    rhythm: Rhythm,
    start: datetime,
    bounds: Bounds,
    closed: Callable[[datetime], bool] | None = None,
) -> Plan:
    """Plan the week from ``start``, when the portal has just been visited.

    Where visits that are worth it would be more than ``bounds`` allow, a higher price is searched
    for at which they are as many. The same worth for all portals spends their visits together so
    that all their articles together wait the least. Where it is ``closed`` there is no visit, and
    the next one may be later than the ceiling.
    """
    quiet = [closed is not None and closed(start + step * CELL) for step in range(WEEK)]
    week = _Week(rhythm, cell_of(start), quiet, bounds)
    steps = week.visits(bounds.worth / CELL) if bounds.worth is not None else _in_time(week)
    if len(steps) > bounds.visits:
        _, steps = _around(week, lambda tried: len(tried) > bounds.visits)
    visits = tuple(start + step * CELL for step in steps)
    return Plan(visits, week.wait(steps) * CELL, week.late(steps))


def _in_time(week: _Week) -> list[int]:
    """Give the fewest visits for which no more than ``LATE`` of the articles need not be late."""
    unavoidable = week.late(week.visits(CHEAPEST))
    return _around(week, lambda tried: week.late(tried) <= unavoidable + LATE)[0]


def _around(week: _Week, holds: Callable[[list[int]], bool]) -> tuple[list[int], list[int]]:
    """Give the visits at the two prices between which ``holds`` ends: for the lower one it does."""
    cheap, dear = CHEAPEST, DEAREST
    below, above = week.visits(cheap), week.visits(dear)
    while dear / cheap > NEAR_ENOUGH:
        price = math.sqrt(cheap * dear)
        tried = week.visits(price)
        if holds(tried):
            cheap, below = price, tried
        else:
            dear, above = price, tried
    return below, above


class _Week:
    """The cells of the week from cell ``first`` on, and what waiting between two visits costs."""

    def __init__(self, rhythm: Rhythm, first: int, quiet: Sequence[bool], bounds: Bounds) -> None:
        least, most = bounds.cells
        self._least = least
        self._quiet = quiet
        self._rate = np.roll(rhythm.rate, -first)
        self._within = bounds.within / CELL if bounds.within else math.inf
        self._soonest = _soonest(quiet, least, most)
        longest = int((np.arange(WEEK + 1) - self._soonest).max())
        waited = np.arange(longest) + 0.5
        cost = waited * (1 + waited * (CELL / IMPATIENCE))
        if bounds.within:
            cost = cost + LATENESS * self._within * self._lateness(waited)
        # _costs[v, n]: of all articles of the n + 1 cells before a visit in cell v
        before = np.concatenate([np.zeros(longest), self._rate])
        self._costs = sliding_window_view(before, longest)[:, ::-1] * cost
        np.cumsum(self._costs, axis=1, out=self._costs)

    def visits(self, price: float) -> list[int]:
        """Give the cells to visit at, the cheapest series when a visit costs ``price``.

        The week's end is taken for a visit.
        """
        best = np.full(WEEK + 1, math.inf)
        best[0] = 0.0
        previous = [0] * (WEEK + 1)
        for coming in range(1, WEEK + 1):
            end = coming == WEEK
            first, last = self._soonest[coming], coming - (1 if end else self._least)
            if first > last or (not end and self._quiet[coming]):
                continue
            costs = (
                best[first : last + 1]
                + self._costs[coming, coming - last - 1 : coming - first][::-1]
            )
            at = int(costs.argmin())
            best[coming] = costs[at] + price
            previous[coming] = first + at
        steps, at = [], WEEK
        while at > 0:
            steps.append(at)
            at = previous[at]
        return steps[::-1]

    def wait(self, steps: Sequence[int]) -> float:
        """Give the expected wait of an article in cells under these visits."""
        return self._mean(self._waited(steps))

    def late(self, steps: Sequence[int]) -> float:
        """Give the share of articles that are expected to be late under these visits."""
        return self._mean(self._lateness(self._waited(steps)))

    def _waited(self, steps: Sequence[int]) -> NDArray[np.floating]:
        cells = np.arange(WEEK)
        return np.array(steps)[np.searchsorted(steps, cells, side="right")] - cells - 0.5

    def _lateness(self, waited: NDArray[np.floating]) -> NDArray[np.floating]:
        """Give the share of a cell's articles that are late, after a wait in cells on average."""
        late: NDArray[np.floating] = np.clip(waited + 0.5 - self._within, 0.0, 1.0)
        return late

    def _mean(self, of: NDArray[np.floating]) -> float:
        return float(self._rate @ of / self._rate.sum())


def _soonest(quiet: Sequence[bool], least: int, most: int) -> list[int]:
    """Give for each cell the first one after whose visit it may still be the next.

    Where it is quiet once a visit may be made again, the next one may come when that is over.
    """
    opens = [*range(WEEK), WEEK]
    for step in reversed(range(WEEK)):
        if quiet[step]:
            opens[step] = opens[step + 1]
    reach = [max(last + most, opens[min(last + least, WEEK)]) for last in range(WEEK + 1)]
    return [bisect_left(reach, coming) for coming in range(WEEK + 1)]
