"""The replica portals over a month: they publish by rhythms, rest on holidays, correct, withdraw.

All of it hangs on the clock alone. The times are those that bench.schedule_world draws, the texts
those of bench.large_world.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from bench.large_world import further_articles
from bench.month_faults import BEGIN, DAY, watched
from bench.schedule_world import START as DRAWN_FROM
from bench.schedule_world import publish
from demo.cms import SITES
from demo.content import PORTALS, Block, articles
from demo.world import World
from pipelines.schedule.holidays import is_holiday
from pipelines.store.schedule import Timing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from demo.content import Article
    from demo.site import Site

PAST = timedelta(weeks=4)  # of publishing before the first visit
# portal: its rhythm, and the share of its articles that appear
RHYTHMS = {
    "danvankheo": ("committee", 1.0),
    "angiang_dcs": ("committee", 1.0),
    "hiepninh": ("ward", 1.0),
    "hongngu": ("committee", 0.6),
    "baoangiang": ("newspaper", 0.6),
}
# with quiet hours, with a small budget, before others
TIMINGS = {
    "hongngu": Timing(quiet="22:00-05:00", holidays=True),
    "angiang_dcs": Timing(daily_requests=40),
    "baoangiang": Timing(priority=1),
}
ON_HOLIDAYS = {"newspaper": 0.4}  # of its articles appear then; offices publish nothing
CORRECTED, WITHDRAWN = 0.1, 0.03  # of the articles
HEADLINES = 0.3  # of the corrections
SOONEST, LATEST = timedelta(hours=2), timedelta(days=9)  # after its publication
LONG_AGO = timedelta(days=365)  # the articles of the replicas themselves


@dataclass(frozen=True, slots=True)
class Life:
    """An article as it first reads, and later; the moments at which that changes (None: never)."""

    first: Article
    later: Article
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def published(self) -> datetime:
        """Give when it appears."""
        return self.first.published

    def at(self, now: datetime) -> Article | None:
        """Give the article as its portal shows it then."""
        if now < self.published or (self.withdrawn_at and now >= self.withdrawn_at):
            return None
        return self.later if self.corrected_at and now >= self.corrected_at else self.first

    @property
    def changed_at(self) -> datetime | None:
        """Give when it is corrected or withdrawn."""
        return self.corrected_at or self.withdrawn_at

    def stands(self, since: datetime, until: datetime) -> bool:
        """Tell whether it is an article, and there for a day of this time."""
        begin, end = max(since, self.published), self.withdrawn_at or until
        return not self.first.trap and min(end, until) - begin >= DAY


class Month(World):
    """What the replicas hold at the clock's time; ``requests`` counts by portal and day.

    ``shown`` are portal and name of faults that have changed an answer.
    """

    def __init__(self, clock: Callable[[], datetime], end: datetime, seed: int) -> None:
        super().__init__(clock=clock)
        seeds = {portal: seed * len(PORTALS) + n for n, portal in enumerate(PORTALS)}
        self.lives = {portal: _lives(portal, end, seeds[portal]) for portal in PORTALS}
        self.requests: Counter[tuple[str, int]] = Counter()
        self.shown: set[tuple[str, str]] = set()
        self._changes = {portal: _changes(found) for portal, found in self.lives.items()}
        self._shown: dict[str, tuple[int, tuple[Article, ...]]] = {}
        self._counting = threading.Lock()

    def articles(self, portal: str) -> tuple[Article, ...]:
        """Give the portal's articles of this moment, newest first."""
        now = self.now()
        changes = bisect_right(self._changes[portal], now)
        known = self._shown.get(portal)
        if known is None or known[0] != changes:
            found = [one for life in self.lives[portal] if (one := life.at(now))]
            found.sort(key=lambda one: (one.published, one.id), reverse=True)
            known = self._shown[portal] = changes, tuple(found)
        return known[1]

    def modified(self, article: Article) -> datetime:
        """Give the time of the article's last change."""
        life = next(one for one in self.lives[article.portal] if one.first.id == article.id)
        changed = life.corrected_at
        return changed if changed and changed <= self.now() else article.published

    def asked(self, portal: str) -> None:
        """Count a request."""
        with self._counting:
            self.requests[portal, (self.now() - BEGIN).days] += 1

    def sites(self) -> list[type[Site]]:
        """Give the replicas, each counting what it is asked, with what befalls them."""
        return [watched(kind, self) for kind in SITES]


def _lives(portal: str, end: datetime, seed: int) -> tuple[Life, ...]:
    """Write what a portal holds until ``end``: its own articles, and those of its rhythm."""
    name, share = RHYTHMS[portal]
    dice = Random(seed)
    drawn = (moment + (BEGIN - PAST - DRAWN_FROM) for moment in publish(name, seed))
    rest = share * ON_HOLIDAYS.get(name, 0.0)
    times = [
        one
        for one in drawn
        if one < end and dice.random() < (rest if is_holiday(one.date()) else share)
    ]
    own = [one for one in articles(portal) if one.day == 1]
    known = {one.id for one in own}
    made = [one for one in further_articles(portal, len(times)) if one.id not in known]
    made.sort(key=lambda one: one.id)  # ids grow with time, as in every such system
    dated = (
        replace(one, published=at.replace(second=0, microsecond=0))
        for one, at in zip(made, times, strict=True)
    )
    old = (replace(one, published=one.published - LONG_AGO, corrections=()) for one in own)
    return (*(Life(one, one) for one in old), *(_life(dice, one) for one in dated))


def _life(dice: Random, article: Article) -> Life:
    fate = dice.random()
    moment = article.published + SOONEST + dice.random() * (LATEST - SOONEST)
    if fate < CORRECTED:
        return Life(article, _corrected(article, dice), corrected_at=moment)
    if fate < CORRECTED + WITHDRAWN:
        return Life(article, article, withdrawn_at=moment)
    return Life(article, article)


def _corrected(article: Article, dice: Random) -> Article:
    """Correct the headline, or a figure in one paragraph more."""
    if dice.random() < HEADLINES:
        return replace(article, title=f"{article.title} năm {dice.randrange(2020, 2030)}")
    said = f"Số liệu trên nay được đính chính: có {dice.randrange(100, 999)} hộ đã tham gia."
    return replace(article, blocks=(*article.blocks, Block("p", said)))


def _changes(found: Sequence[Life]) -> list[datetime]:
    moments = (at for one in found for at in (one.published, one.corrected_at, one.withdrawn_at))
    return sorted(at for at in moments if at)
