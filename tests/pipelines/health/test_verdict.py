"""What is an alarm, what is not yet one, and what ends it, as tables of runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from crawler.portal import FILL, Expectations
from pipelines.health.facts import Count, RunFacts
from pipelines.health.finding import Past
from pipelines.health.verdict import judge, usual_of

BOUNDS = Expectations()


def run(code: str = "", pages: int = 0, bad: int = 0, **facts: Any) -> RunFacts:
    urls = tuple(f"https://tuag.example/{n}" for n in range(min(bad, 3)))
    return RunFacts(measures={code: Count(pages, bad, urls)} if code else {}, **facts)


def past(*facts: RunFacts, alarms: tuple[str, ...] = ()) -> list[Past]:
    return [Past(one, frozenset(alarms)) for one in facts]


def codes(now: RunFacts, before: list[Past], bounds: Expectations = BOUNDS) -> list[str]:
    return [one.code for one in judge(now, before, bounds, frozenset()).findings]


AUTHOR, BODY, DATE = "fill.author", "selector.body", "fill.published_at"


@pytest.mark.parametrize(
    ("code", "before", "now", "alarm"),
    [
        # a required selector needs no history
        (BODY, [], (8, 8), True),
        (BODY, [], (3, 3), True),
        (BODY, [], (2, 2), False),
        (BODY, [], (2, 1), False),
        (BODY, [(40, 0)], (2, 1), False),
        (BODY, [], (40, 3), False),
        # what the file bounds is an alarm on the first run, what only history tells is not
        (DATE, [], (8, 8), True),
        (AUTHOR, [], (8, 8), False),
        (AUTHOR, [(40, 0)], (8, 8), True),
        (AUTHOR, [(40, 0)], (3, 3), True),
        (AUTHOR, [(40, 0)], (2, 1), False),
        (AUTHOR, [(40, 38)], (8, 8), False),
        (AUTHOR, [(40, 20)], (8, 6), False),
        (AUTHOR, [(40, 20)], (12, 12), True),
        (AUTHOR, [(40, 0)], (3_000, 1_500), True),
        # what few pages tell is not well known
        (AUTHOR, [(35, 17)], (32, 26), False),
        (AUTHOR, [(400, 196)], (32, 26), True),
        # few pages a run add up
        (AUTHOR, [(1, 1), (1, 1), (40, 0)], (1, 1), True),
        (AUTHOR, [(1, 0), (1, 1), (40, 0)], (1, 1), False),
        (AUTHOR, [(1, 1), (1, 1), (40, 0)], (1, 0), False),
        # a second reading is believed once it has agreed before
        ("witness.title", [], (8, 8), False),
        ("witness.title", [(20, 0)], (4, 4), True),
        ("witness.body", [(20, 20)], (4, 4), False),
        # it may disagree with whole sections, and three pages of a run are of one
        ("witness.title", [(3, 3), (3, 2), (33, 10)], (3, 3), False),
        ("witness.title", [(30, 9)], (24, 24), True),
        ("feed.missed", [(2, 0), (3, 0)], (5, 5), True),
        ("page.refused", [(30, 1)], (10, 10), True),
        ("page.gone", [(30, 2)], (10, 2), False),
    ],
)
def test_a_share_is_judged_by_what_is_usual(
    code: str, before: list[tuple[int, int]], now: tuple[int, int], alarm: bool
) -> None:
    found = codes(run(code, *now), past(*(run(code, *counts) for counts in before)))
    assert found == ([code] if alarm else [])


def test_a_finding_names_field_share_and_examples() -> None:
    (found,) = judge(run(AUTHOR, 8, 6), past(run(AUTHOR, 40, 0)), BOUNDS, frozenset()).findings
    assert (found.code, found.field, found.share, found.pages) == (AUTHOR, "author", 0.75, 8)
    assert found.examples == tuple(f"https://tuag.example/{n}" for n in range(3))
    assert found.text == "author is missing on 6 of 8 pages (usual: 5%)"


def test_what_is_learned_stays_inside_the_file() -> None:
    decayed = past(*(run(DATE, 40, 30) for _ in range(5)))
    assert usual_of(DATE, decayed, BOUNDS).share == pytest.approx(0.1)
    dateless = Expectations(fill={**FILL, "published_at": 0.0})
    assert usual_of(DATE, decayed, dateless).share == pytest.approx(0.75, abs=0.01)
    assert codes(run(DATE, 8, 8), decayed, dateless) == []


def test_runs_that_were_wrong_are_not_learned_from() -> None:
    sound = past(run(AUTHOR, 40, 0))
    wrong = past(*(run(AUTHOR, 40, 40) for _ in range(5)), alarms=(AUTHOR,))
    assert usual_of(AUTHOR, [*wrong, *sound], BOUNDS).share < 0.1


def test_an_accepted_finding_is_none() -> None:
    now, before = run(AUTHOR, 8, 8), past(run(AUTHOR, 40, 0))
    assert codes(now, before, Expectations(accepted=(AUTHOR,))) == []


@pytest.mark.parametrize(
    ("shown", "now", "alarm"),
    [
        ([20, 20, 21], 10, True),
        ([20, 20, 21], 11, False),
        ([20, 9, 21], 10, False),  # it has shown as few before
        ([20], 10, False),  # once is no habit
        ([5, 5, 5], 1, False),
        ([20, 20, 21], 0, True),
        ([20, 20, 20, 20, 20, 20], 13, False),  # this once
        ([14, 24, 24, 24, 24, 24], 18, True),
        ([14, 24, 24, 24, 24, 24], 19, False),
        ([24, 14, 24, 24, 24, 24], 14, False),
        ([14, 24, 24, 24, 24], 14, False),  # its least is not known yet
        ([7, 11, 11, 11, 11, 11], 7, False),  # as many as stand in a block
    ],
)
def test_a_listing_that_loses_links_is_named(shown: list[int], now: int, alarm: bool) -> None:
    before = past(*(run(yields={"/tin/": n}) for n in shown))
    assert codes(run(yields={"/tin/": now}), before) == (["listing.lost:/tin/"] if alarm else [])


def test_a_walk_that_ends_early_is_named() -> None:
    whole = past(run(reach=60, whole=True))
    assert codes(run(reach=30, whole=True), whole) == ["walk.short"]
    assert codes(run(reach=58, whole=True), whole) == []
    assert codes(run(reach=5), whole) == []  # it asked only for what is new
    gap = run(settled=True, new=5, known=0)
    assert codes(gap, whole) == ["walk.gap"]
    assert codes(replace(gap, known=1), whole) == []


def test_texts_much_shorter_than_usual_are_named() -> None:
    before = past(run(lengths=(4_000,) * 20, new=20))
    assert codes(run(lengths=(900,) * 5), before) == ["text.length"]
    assert codes(run(lengths=(1_100,) * 5), before) == []
    assert codes(run(lengths=(100,) * 5), []) == ["text.length"]  # below the file's 200


@pytest.mark.parametrize(
    ("now", "before", "still_open"),
    [
        (run(), past(run(BODY, 8, 8), alarms=(BODY,)), True),  # no page says anything
        (run(BODY, 2, 0), past(run(BODY, 8, 8), alarms=(BODY,)), True),
        (run(BODY, 3, 0), past(run(BODY, 8, 8), alarms=(BODY,)), False),
        (run(BODY, 3, 1), past(run(BODY, 8, 8), alarms=(BODY,)), True),
        (run(BODY, 1, 0), [*past(run(BODY, 2, 0)), *past(run(BODY, 8, 8), alarms=(BODY,))], False),
    ],
)
def test_an_alarm_ends_only_when_pages_show_that_it_is_over(
    now: RunFacts, before: list[Past], still_open: bool
) -> None:
    verdict = judge(now, before, BOUNDS, frozenset({BODY}))
    assert not verdict.findings
    assert (BODY in verdict.unknown) is still_open


GONE, REFUSED, NO_ARTICLE = "page.gone", "page.refused", "page.no_article"


def seen(code: str, new: tuple[int, int], again: tuple[int, int]) -> RunFacts:
    """Give a run with counts of new pages, and of those of the archive that it read again."""
    return RunFacts(measures={code: Count(*new)}, again={code: Count(*again)})


@pytest.mark.parametrize(
    ("new", "again", "alarm"),
    [
        ((2, 2), (3, 3), True),
        ((0, 0), (3, 3), True),
        ((1, 1), (4, 1), False),  # taken down, both of them
        ((3, 3), (9, 0), True),  # what befalls new pages is not hidden by old ones
        ((2, 0), (5, 5), True),  # the older ones' addresses have changed
        ((2, 0), (5, 3), False),
        ((2, 2), (0, 0), False),
    ],
)
def test_new_pages_and_those_that_are_read_again_count_together(
    new: tuple[int, int], again: tuple[int, int], *, alarm: bool
) -> None:
    before = past(*(seen("page.gone", (2, 0), (6, 0)) for _ in range(20)))
    found = codes(seen("page.gone", new, again), before)
    assert found == (["page.gone"] if alarm else [])


@pytest.mark.parametrize(
    ("was", "now", "still_open"),
    [
        (seen(BODY, (1, 1), (4, 4)), seen(BODY, (1, 0), (4, 0)), False),
        (seen(BODY, (1, 1), (4, 4)), seen(BODY, (0, 0), (4, 0)), False),
        (seen(BODY, (3, 3), (4, 0)), seen(BODY, (0, 0), (4, 0)), True),  # those were always well
        (seen(BODY, (3, 3), (4, 0)), seen(BODY, (3, 0), (0, 0)), False),
    ],
)
def test_old_pages_show_the_end_of_an_alarm_if_they_were_ill(
    was: RunFacts, now: RunFacts, *, still_open: bool
) -> None:
    verdict = judge(now, past(was, alarms=(BODY,)), BOUNDS, frozenset({BODY}))
    assert (BODY in verdict.unknown) is still_open


def read_again(code: str, bad: int, read: int) -> RunFacts:
    """Give a run that has read articles again, and met no new one but bad ones."""
    return RunFacts(measures={code: Count(bad, bad), "fill.title": Count(read, 0)})


@pytest.mark.parametrize(
    ("code", "since", "still_open"),
    [
        (GONE, [(0, 3)], False),
        (GONE, [(0, 2)], True),
        (GONE, [(0, 1), (0, 2)], False),
        (GONE, [(1, 3)], True),
        (GONE, [(0, 3), (1, 3)], False),  # it was refused before, not since
        (REFUSED, [(0, 3)], False),
        (NO_ARTICLE, [(0, 3)], True),  # pages of an old form say nothing of a new one
    ],
)
def test_articles_that_are_read_again_show_that_the_server_gives_them(
    code: str, since: list[tuple[int, int]], *, still_open: bool
) -> None:
    now, *before = [read_again(code, *counts) for counts in since]
    verdict = judge(
        now, [*past(*before), *past(run(code, 3, 3), alarms=(code,))], BOUNDS, frozenset({code})
    )
    assert (code in verdict.unknown) is still_open


def test_facts_come_back_from_json() -> None:
    facts = RunFacts(measures={"date": Count(4, 1, ("x",))}, again={"date": Count(2, 0)}, new=3)
    assert RunFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
