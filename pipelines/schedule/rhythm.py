"""When a portal publishes, learned from its own articles.

The week is a ring of five-minute cells in Vietnam's time. Publication times, weighed down by their
age, give each cell an expected number of new articles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from pipelines.codec import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CELL = timedelta(minutes=5)
HOUR = 12  # cells
DAY = 24 * HOUR
WEEK = 7 * DAY
WORKDAYS = 5
HALF_LIFE = timedelta(weeks=6)
MEMORY = timedelta(weeks=26)
BLUR = 6.0  # cells: half an hour either way is chance, not habit
# Articles' worth of belief in the common rhythm before the portal has shown its own.
BELIEF = 10.0
BELIEVED_WEEKS = 0.3
BELIEVED_ARTICLES = 3.0
# The common rhythm of an office that publishes what happened: by hour of a working day.
OFFICE_HOURS = {7: 1, 8: 2, 9: 3, 10: 3.5, 11: 2, 13: 1, 14: 2.5, 15: 3.5, 16: 3, 17: 1.5, 19: 0.5}
ANY_HOUR = 0.3
WEEKEND = 0.25


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
            by_hour[cell % DAY // HOUR] += rate
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
        day, cell = divmod(cell_of(moment), DAY)
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


def cell_of(moment: datetime) -> int:
    """Give the cell of the week that a moment falls into."""
    local = moment.astimezone(VIETNAM)
    return local.weekday() * DAY + local.hour * HOUR + local.minute * HOUR // 60


def _weighed_weeks(span: timedelta) -> float:
    """Give the weeks of ``span``, each counted by the weight that its articles have."""
    fresh = 1.0 - math.exp(-math.log(2) * (max(span, timedelta()) / HALF_LIFE))
    return HALF_LIFE / timedelta(weeks=1) / math.log(2) * fresh


def _common(day: int, cell: int) -> float:
    return OFFICE_HOURS.get(cell // HOUR, ANY_HOUR) * (WEEKEND if day >= WORKDAYS else 1.0)


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
