"""Count false alarms of portals that only take articles down now and then.

    python -m bench.taken_down        60 years of a portal with 2 articles a week, 60 with 6

Each year is that of one portal: its articles are read when they appear and again at the ages of
crawler.portal.Portal, 3 % are taken down within nine days, and what a visit finds gone makes it
look at others, as real visits do. Exit code 1 if any visit says that the portal's pages are gone.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field
from random import Random

from crawler.portal import Expectations, Portal
from pipelines.health.doubt import LOOKED_AT, in_doubt
from pipelines.health.facts import Count, RunFacts
from pipelines.health.finding import Past
from pipelines.health.verdict import GONE, judge

YEARS, RATES = 60, (2, 6)  # of each rate, articles a week
TAKEN_DOWN, SOONEST, LATEST = 0.03, 2 / 24, 9.0  # share; days after publication
VISITS, DAYS = 6, 365
REMEMBERED = 100  # runs
BOUNDS = Expectations()


@dataclass
class Year:
    """A portal's year: when its articles appear and go, and what visits made of it."""

    alarms: int = 0
    looks: int = 0
    _goes: list[float] = field(default_factory=list)
    _due: list[tuple[float, int]] = field(default_factory=list)
    _known: list[int] = field(default_factory=list)
    _gone: set[int] = field(default_factory=set)
    _past: list[Past] = field(default_factory=list)

    def live(self, a_week: float, seed: int) -> None:
        """Let visit follow visit for a year."""
        dice, moment = Random(seed), 0.0
        while (moment := moment + dice.expovariate(a_week / 7)) < DAYS:
            down = dice.random() < TAKEN_DOWN
            gone = moment + dice.uniform(SOONEST, LATEST) if down else math.inf
            self._due += [(moment + age, len(self._goes)) for age in (0, *Portal.recheck_days)]
            self._goes.append(gone)
        self._due.sort(reverse=True)
        for number in range(DAYS * VISITS):
            self._visit(number / VISITS)

    def _visit(self, now: float) -> None:
        new: list[int] = []
        again: list[int] = []
        while self._due and self._due[-1][0] <= now:
            _, article = self._due.pop()
            if article not in {*new, *again, *self._gone}:
                (again if article in self._known else new).append(article)
        if not (new or again):
            return
        if in_doubt(self._facts(new, again, now), self._past, BOUNDS, frozenset()):
            self.looks += 1
            others = [one for one in reversed(self._known) if one not in {*again, *self._gone}]
            again += others[:LOOKED_AT]
        facts = self._facts(new, again, now)
        codes = frozenset(
            one.code for one in judge(facts, self._past, BOUNDS, frozenset()).findings
        )
        self.alarms += bool(codes)
        self._past = [Past(facts, codes), *self._past[: REMEMBERED - 1]]
        self._gone |= {one for one in (*new, *again) if self._goes[one] <= now}
        self._known += [one for one in new if one not in self._gone]

    def _facts(self, new: list[int], again: list[int], now: float) -> RunFacts:
        def count(asked: list[int]) -> dict[str, Count]:
            return {GONE: Count(len(asked), sum(self._goes[one] <= now for one in asked))}

        return RunFacts(measures=count(new), again=count(again))


def main() -> int:
    """Live the years and print what was said."""
    alarms = 0
    for a_week in RATES:
        years = [Year() for _ in range(YEARS)]
        for seed, year in enumerate(years):
            year.live(a_week, seed)
        found = sum(year.alarms for year in years)
        looks = sum(year.looks for year in years) / YEARS
        print(
            f"{a_week} articles a week, {YEARS} years: {found} false alarms, {looks:.1f} looks each"
        )
        alarms += found
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
