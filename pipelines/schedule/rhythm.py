"""When a portal publishes, learned from its own articles, and when it is therefore worth a visit.

The week is a ring of ten-minute cells in Vietnam's time. Publication times, weighed down by their
age, give each cell an expected number of new articles; a plan is the series of visits for which
the articles wait the least, at a price in requests (a shortest path over the cells).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from pipelines.codec import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

CELL = timedelta(minutes=10)
DAY = 144  # cells
WEEK = 7 * DAY
WORKDAYS = 5
HALF_LIFE = timedelta(weeks=6)
MEMORY = timedelta(weeks=26)
BLUR = 3.0  # cells: half an hour either way is chance, not habit
# Articles' worth of belief in the common rhythm before the portal has shown its own.
BELIEF = 10.0
BELIEVED_WEEKS = 0.3
BELIEVED_ARTICLES = 3.0
# The common rhythm of an office that publishes what happened: by hour of a working day.
OFFICE_HOURS = {7: 1, 8: 2, 9: 3, 10: 3.5, 11: 2, 13: 1, 14: 2.5, 15: 3.5, 16: 3, 17: 1.5, 19: 0.5}
ANY_HOUR = 0.3
WEEKEND = 0.25
# What a wait costs grows a little faster than its length: an hour counts for 1.12 hours, six for
# 1.7. Measured over 30 weeks this takes a tenth to a quarter off the longest waits and adds
# nothing to the median (bench/schedule.py).
IMPATIENCE = 0.02  # a cell
CHEAPEST, DEAREST = 1e-6, 1e6  # prices of a visit in article-cells of waiting
SEARCH_STEPS = 40
NEAR_ENOUGH = 1.05  # of two prices


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Expected new articles in each cell of a week, Monday 0:00 first; ``known``: from how many."""

    rate: tuple[float, ...]
    known: int

    @property
    def per_week(self) -> float:
        """Give the expected new articles of a week."""
        return sum(self.rate)

    def busiest(self) -> tuple[int, int]:
        """Give the hours, first and last, that hold the middle half of a week's articles."""
        by_hour = [0.0] * 24
        for cell, rate in enumerate(self.rate):
            by_hour[cell % DAY // 6] += rate
        total, seen, first = sum(by_hour), 0.0, 0
        for hour, rate in enumerate(by_hour):
            if seen < total / 4 <= seen + rate:
                first = hour
            if seen < 3 * total / 4 <= seen + rate:
                return first, hour
            seen += rate
        return 0, 23


def learn(
    published: Iterable[datetime],
    since: datetime,
    now: datetime,
    *,
    days: Iterable[datetime] = (),
) -> Rhythm:
    """Learn the rhythm from publication times (aware) of the time from ``since`` to ``now``.

    Of articles whose hour is not known, ``days`` gives any moment of the day. The times of a day
    are learned for working days and weekends apart, the weight of each day of the week by itself;
    both lean on the common rhythm until the portal has shown its own.
    """
    by_day, by_cell = [0.0] * 7, [[0.0] * DAY, [0.0] * DAY]
    known = 0
    dated = chain(((moment, True) for moment in published), ((moment, False) for moment in days))
    for moment, to_the_minute in dated:
        if not max(since, now - MEMORY) <= moment <= now:
            continue
        day, cell = divmod(_cell(moment), DAY)
        weight = 0.5 ** ((now - moment) / HALF_LIFE)
        by_day[day] += weight
        if to_the_minute:
            by_cell[day >= WORKDAYS][cell] += weight
        known += 1
    weeks = _weighed_weeks(min(now - since, MEMORY))
    per_week = (sum(by_day) + BELIEVED_ARTICLES) / (weeks + BELIEVED_WEEKS)
    shares = _day_shares(by_day)
    hours = [_hour_shares(weights) for weights in by_cell]
    rate = (
        per_week * shares[day] * hours[day >= WORKDAYS][cell]
        for day in range(7)
        for cell in range(DAY)
    )
    return Rhythm(tuple(rate), known)


def _cell(moment: datetime) -> int:
    local = moment.astimezone(VIETNAM)
    return local.weekday() * DAY + (local.hour * 60 + local.minute) // 10


def _weighed_weeks(span: timedelta) -> float:
    """Give the weeks of ``span``, each counted by the weight that its articles have."""
    fresh = 1.0 - math.exp(-math.log(2) * (max(span, timedelta()) / HALF_LIFE))
    return HALF_LIFE / timedelta(weeks=1) / math.log(2) * fresh


def _common(day: int, cell: int) -> float:
    return OFFICE_HOURS.get(cell // 6, ANY_HOUR) * (WEEKEND if day >= WORKDAYS else 1.0)


def _day_shares(seen: Sequence[float]) -> list[float]:
    common = [sum(_common(day, cell) for cell in range(DAY)) for day in range(7)]
    whole, belief = sum(seen), BELIEF / sum(common)
    return [(s + belief * c) / (whole + BELIEF) for s, c in zip(seen, common, strict=True)]


def _hour_shares(weights: Sequence[float]) -> list[float]:
    seen = [0.0] * DAY
    for cell, weight in enumerate(weights):
        if weight:
            for step, part in _KERNEL:
                seen[(cell + step) % DAY] += weight * part
    common = [_common(0, cell) for cell in range(DAY)]
    whole, belief = sum(seen), BELIEF / sum(common)
    return [(s + belief * c) / (whole + BELIEF) for s, c in zip(seen, common, strict=True)]


def _kernel() -> list[tuple[int, float]]:
    reach = int(3 * BLUR)
    bell = [math.exp(-((step / BLUR) ** 2) / 2) for step in range(-reach, reach + 1)]
    return [(step - reach, part / sum(bell)) for step, part in enumerate(bell)]


_KERNEL = _kernel()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a plan has to keep: the least and the longest time between visits, and visits a week.

    ``worth`` is the waiting that a visit must spare, of all its articles together.
    """

    floor: timedelta = timedelta(minutes=10)
    ceiling: timedelta = timedelta(days=1)
    visits: float = 7 * 48
    worth: timedelta = timedelta(minutes=30)

    @property
    def cells(self) -> tuple[int, int]:
        """Give floor and ceiling in cells."""
        least = max(1, math.ceil(self.floor / CELL))
        return least, max(least, int(self.ceiling / CELL))


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits of the week to come, and how long an article is then expected to wait."""

    visits: tuple[datetime, ...]
    wait: timedelta


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
    waiting = _Waiting(rhythm, _cell(start), quiet)
    cheap = max(bounds.worth / CELL, CHEAPEST)
    steps = waiting.visits(cheap, bounds)
    if len(steps) > bounds.visits:
        steps = _within(waiting, cheap, bounds)
    return Plan(tuple(start + step * CELL for step in steps), waiting.mean(steps) * CELL)


def _within(waiting: _Waiting, cheap: float, bounds: Bounds) -> list[int]:
    dear = DEAREST
    steps = waiting.visits(dear, bounds)
    for _ in range(SEARCH_STEPS):
        price = math.sqrt(cheap * dear)
        tried = waiting.visits(price, bounds)
        if len(tried) > bounds.visits:
            cheap = price
        else:
            dear, steps = price, tried
        if dear / cheap < NEAR_ENOUGH or len(tried) == int(bounds.visits):
            break
    return steps


class _Waiting:
    """How much waiting the articles of the week from cell ``first`` on do between two visits."""

    def __init__(self, rhythm: Rhythm, first: int, quiet: Sequence[bool]) -> None:
        self._opens = [*range(WEEK), WEEK]  # the first cell from each on that is not quiet
        for step in reversed(range(WEEK)):
            if quiet[step]:
                self._opens[step] = self._opens[step + 1]
        self._count, self._moment, self._square = [0.0], [0.0], [0.0]
        for step in range(WEEK):
            rate, at = rhythm.rate[(first + step) % WEEK], step + 0.5
            self._count.append(self._count[-1] + rate)
            self._moment.append(self._moment[-1] + rate * at)
            self._square.append(self._square[-1] + rate * at * at)

    def between(self, last: int, coming: int) -> float:
        """Give the article-cells of waiting for what is published between two visits."""
        count = self._count[coming] - self._count[last]
        return coming * count - (self._moment[coming] - self._moment[last])

    def visits(self, price: float, bounds: Bounds) -> list[int]:
        """Give the cells to visit at, the cheapest series when a visit costs ``price``.

        From the end of the week back, each cell finds the next visit. The waiting between two
        visits is a polynomial in both, so what belongs to the later one is computed once for it.
        """
        least, most = bounds.cells
        linear = [at + IMPATIENCE * at * at for at in range(WEEK + 1)]
        double = [2 * IMPATIENCE * at for at in range(WEEK + 1)]
        ahead = [0.0] * (WEEK + 1)
        ahead[WEEK] = self._upto(WEEK)
        following = [WEEK] * (WEEK + 1)
        for last in range(WEEK - 1, -1, -1):
            if last and self._opens[last] > last:
                ahead[last] = math.inf
                continue
            seen, moment = self._count[last], self._moment[last]
            soonest = min(last + least, WEEK)
            span = slice(soonest, max(min(last + most, WEEK), self._opens[soonest]) + 1)
            costs = [
                a - seen * b + moment * c
                for a, b, c in zip(ahead[span], linear[span], double[span], strict=True)
            ]
            cost = min(costs)
            following[last] = span.start + costs.index(cost)
            best = cost + moment - IMPATIENCE * self._square[last] + price
            ahead[last] = self._upto(last) + best
        steps, at = [], 0
        while at < WEEK:
            at = following[at]
            steps.append(at)
        return steps

    def _upto(self, at: int) -> float:
        """Give the cost of all waiting from the start of the week to a visit at ``at``."""
        count, moment = self._count[at], self._moment[at]
        squared = at * at * count - 2 * at * moment + self._square[at]
        return at * count - moment + IMPATIENCE * squared

    def mean(self, steps: Sequence[int]) -> float:
        """Give the expected wait of an article in cells under these visits."""
        total = sum(self.between(*pair) for pair in zip([0, *steps], steps, strict=False))
        return total / self._count[-1]
