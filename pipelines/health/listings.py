"""Judge the listings of a run and its walk: links that are lost, and walks that are cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.health.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.health.facts import RunFacts
    from pipelines.health.finding import Past

LOST = 0.5  # a listing that shows no more than this of its least so far has lost links
SURELY_LOST = 0.75  # the same where two runs in a row show it, and so many before them more
OFTEN = 5
LISTED = 6  # article addresses that a listing must have shown for that
SHORT = 0.7  # a whole walk that meets no more than this of the longest one is cut short
WALKED = 10
GAP = 5  # new articles without a known one behind them


def listing_findings(facts: RunFacts, past: Sequence[Past]) -> Iterator[Finding]:
    """Name what listings and walks show less of than in the ``past`` runs, the newest first."""
    yield from _yields(facts, past)
    yield from _walks(facts, past)


def _yields(facts: RunFacts, past: Sequence[Past]) -> Iterator[Finding]:
    for page, now in facts.yields.items():
        code = f"listing.lost:{page}"
        least = _fewest(page, code, now, past)
        if least >= LISTED:
            text = f"{page} shows {now} articles, it has always shown {least} or more"
            yield Finding(code, "degraded", "listing", round(1 - now / least, 3), 1, (page,), text)


def _fewest(page: str, code: str, now: int, past: Sequence[Past]) -> int:
    """Give the least that a page has shown, if ``now`` it shows far less; else 0.

    A block of any articles beside a listing now and then holds the same ones, also for some visits:
    a smaller loss has to come twice, and to be of more than such a block.
    """
    shown = [
        run.facts.yields[page]
        for run in past
        if code not in run.alarms and page in run.facts.yields
    ]
    if len(shown) > 1 and now <= LOST * min(shown):
        return min(shown)
    if len(shown) <= OFTEN:
        return 0
    most, least = max(now, shown[0]), min(shown[1:])
    return least if most <= min(SURELY_LOST * least, least - LISTED) else 0


def _walks(facts: RunFacts, past: Sequence[Past]) -> Iterator[Finding]:
    longest = _longest_walk(past)
    if facts.whole and longest >= WALKED and facts.reach <= SHORT * longest:
        text = f"the walk over the whole portal met {facts.reach} articles, once it met {longest}"
        share = round(1 - facts.reach / longest, 3)
        yield Finding("walk.short", "degraded", "walk", share, facts.reach, (), text)
    if facts.settled and not facts.whole and facts.new >= GAP and not facts.known:
        text = (
            f"{facts.new} articles are new and none behind them is known: the walk was cut short; "
            "gomtin crawl --backfill fetches what lies between"
        )
        yield Finding("walk.gap", "degraded", "walk", 1.0, facts.new, (), text)


def _longest_walk(past: Sequence[Past]) -> int:
    walks = [run.facts for run in past if run.facts.whole and "walk.short" not in run.alarms]
    return max((walk.reach for walk in walks), default=0)
