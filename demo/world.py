"""The state of the replicas: which day it is, how often each page was asked for, the clock."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from demo.content import Article, articles, corrected

if TYPE_CHECKING:
    from collections.abc import Callable

CORRECTION_DAY = 2


class World:
    """What the replicas answer from; the same day, clock and requests give the same bytes.

    ``day`` counts from 1: from day 2 on, corrections are in, modified at the clock's time at which
    the day was set, and later articles are there. ``flood`` makes NukeViet refuse.
    """

    def __init__(self, *, day: int = 1, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._lock = threading.Lock()
        self._hits: Counter[str] = Counter()
        self.flood = False
        self.set_day(day)

    def set_day(self, day: int) -> None:
        """Make it day ``day``; corrections carry the clock's time."""
        self.day = day
        self.changed_at = self._clock().replace(microsecond=0)

    def now(self) -> datetime:
        """Give the clock's time (UTC)."""
        return self._clock()

    def hit(self, key: str) -> int:
        """Count a request for ``key`` and give how many there were before it."""
        with self._lock:
            before = self._hits[key]
            self._hits[key] += 1
            return before

    def articles(self, portal: str) -> tuple[Article, ...]:
        """Give the portal's articles of the day, newest first."""
        there = [self._today(article) for article in articles(portal) if article.day <= self.day]
        return tuple(sorted(there, key=lambda one: (one.published, one.id), reverse=True))

    def modified(self, article: Article) -> datetime:
        """Give the time of the article's last change."""
        revised = bool(article.corrections) and self.day >= CORRECTION_DAY
        return self.changed_at if revised else article.published

    def _today(self, article: Article) -> Article:
        revised = bool(article.corrections) and self.day >= CORRECTION_DAY
        return corrected(article) if revised else article
