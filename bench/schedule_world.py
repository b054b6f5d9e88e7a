"""A year of publication times, drawn from rhythms of our own or read from a recorded site."""

from __future__ import annotations

import gzip
import json
import math
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.codec import VIETNAM
from pipelines.schedule.rhythm import DAY, HOUR, WEEK, Rhythm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2025, 1, 6, tzinfo=VIETNAM)  # a Monday
WEEKS = 52
END = START + timedelta(weeks=WEEKS)


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
    rate = [weight(c % DAY // HOUR, c // DAY) for c in range(WEEK)]
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
