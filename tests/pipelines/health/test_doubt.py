"""When a run looks at articles of the archive beside what it has read."""

from __future__ import annotations

import pytest

from bench.taken_down import Year
from crawler.portal import Expectations
from pipelines.health.doubt import in_doubt
from pipelines.health.facts import Count, RunFacts
from pipelines.health.finding import Past

GONE, AUTHOR, BODY = "page.gone", "fill.author", "selector.body"
SOUND = Past(RunFacts(measures={code: Count(40, 0) for code in (GONE, AUTHOR, BODY)}), frozenset())
MIXED = Past(RunFacts(measures={GONE: Count(40, 8)}), frozenset())


@pytest.mark.parametrize(
    ("code", "now", "past", "open_", "doubt"),
    [
        (GONE, (1, 1), SOUND, (), True),
        (GONE, (1, 0), SOUND, (), False),
        (GONE, (5, 1), SOUND, (), False),  # the others of the run show it
        (GONE, (1, 1), MIXED, (), False),  # as often before
        (AUTHOR, (1, 1), SOUND, (), False),  # may be missing anywhere
        (BODY, (2, 2), SOUND, (), True),
        (BODY, (1, 1), SOUND, (BODY,), False),  # told of already
        (BODY, (1, 0), SOUND, (BODY,), True),  # it may be over
    ],
)
def test_few_bad_pages_of_a_run_are_looked_into(
    code: str, now: tuple[int, int], past: Past, open_: tuple[str, ...], *, doubt: bool
) -> None:
    bounds, codes = Expectations(), frozenset(open_)
    for facts in (RunFacts(measures={code: Count(*now)}), RunFacts(again={code: Count(*now)})):
        assert in_doubt(facts, [past], bounds, codes) is doubt
    accepted = Expectations(accepted=(code,))
    assert not in_doubt(RunFacts(measures={code: Count(*now)}), [past], accepted, codes)


def test_articles_that_are_taken_down_now_and_then_are_no_alarm() -> None:
    years = [Year() for _ in range(3)]
    for seed, year in enumerate(years):
        year.live(2, seed)
    assert sum(year.looks for year in years) > 5
    assert [year.alarms for year in years] == [0] * len(years)
