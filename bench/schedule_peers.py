"""When others visit a portal: fixed intervals, and the rule of Media Cloud's rss-fetcher."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.schedule_world import END, START

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

FEED_ENTRIES = 20


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


PEERS: dict[str, Callable[[Sequence[datetime]], list[datetime]]] = {
    "every 15 min": lambda _: fixed(15),
    "every hour": lambda _: fixed(60),
    "every 6 h": lambda _: fixed(360),
    "ratio rule": ratio_rule,
}
