"""The pipeline benchmark at its smallest, and the arithmetic under it."""

from __future__ import annotations

import sys
import time

import pytest

from bench import metered, pipeline, stopwatch
from bench.large_world import LargeWorld
from bench.metered import Cost
from bench.rivals import Judge, Kept, clean_env
from demo.expected import expected
from demo.world import World

PORTAL = "hongngu"
SMALLEST = pipeline.Size(portals=(PORTAL,), matches=(0,), further=0, messages=20, starts=1)
STAGES = {"fetch", "clean", "queue", "dedupe", "classify", "store"}


def test_the_smallest_run() -> None:
    found = pipeline.measure(SMALLEST)
    assert set(found) == {"machine", "end_to_end", "further_article", "stages", "startup"}
    (match,) = found["end_to_end"]
    gomtin, peer = match["gomtin"], match["peer"]
    assert gomtin["right"] == gomtin["titles"] == gomtin["wanted"] == peer["right"]
    assert gomtin["twice"] == gomtin["no_articles"] == 0
    assert peer["no_articles"] > 0
    assert all(one > 0 for one in match["ratio"].values())
    assert set(found["stages"]["stages"]) == STAGES
    assert found["stages"]["articles"] == gomtin["wanted"]
    assert all(one["ms"] > 0 and one["how"] for one in found["stages"]["stages"].values())
    for who in ("first", "later", "peer"):
        assert found["startup"][who]["wall"] > 0
    printed = pipeline.table(found)
    assert all(f"  {stage} " in printed for stage in STAGES)


def test_what_is_kept_is_judged() -> None:
    judge = Judge([PORTAL, "baoangiang"], 0)
    portals = expected(World())
    one, other = portals[PORTAL].articles[:2]
    trap = next(iter(portals[PORTAL].ends))
    kept = [
        Kept(PORTAL, one.url, one.title),
        Kept(PORTAL, one.url + "?utm=1", one.title),
        Kept(PORTAL, other.url, "Liên kết website"),
        Kept(PORTAL, trap, "Trang chủ"),
    ]
    found = judge(Cost(2.0, 1.0, ""), kept)
    assert (found.right, found.twice, found.no_articles, found.titles) == (2, 1, 1, 1)
    assert found.articles_per_second == 1.0
    assert found.cpu_ms == 500.0


def test_copies_are_known_by_their_story() -> None:
    portals = [portal.id for portal in expected(World()).values()]
    every = {one.url: one for portal in expected(World()).values() for one in portal.articles}
    copy = next(one for one in every.values() if one.copy_of)
    of = every[copy.copy_of]
    judge = Judge(portals, 0)
    for stories, known in (((7, 7), 1), ((7, 8), 0), ((None, None), 0)):
        kept = [
            Kept(one.portal, one.url, one.title, story)
            for one, story in zip((copy, of), stories, strict=True)
        ]
        assert judge(Cost(1.0, 1.0, ""), kept).copies == known


def test_a_large_world_holds_further_articles_of_their_own() -> None:
    plain, large = expected(World()), expected(LargeWorld(30))
    for portal, more in large.items():
        assert len(more.articles) == len(plain[portal].articles) + 30
        assert len({one.url for one in more.articles}) == len(more.articles)
        bodies = {one.body for one in more.articles if not (one.copy_of or one.series)}
        assert len(bodies) > len(plain[portal].articles)


def burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


class Work:
    """Something to measure."""

    def outer(self) -> None:
        burn(0.02)
        self.inner()

    def inner(self) -> None:
        burn(0.05)


def test_the_stopwatch_leaves_out_what_is_measured_inside() -> None:
    watch = stopwatch.Stopwatch()
    firsts: list[int] = []
    with (
        watch.around(Work, "outer", "outer", first=lambda: firsts.append(1)),
        watch.around(Work, "inner", "inner"),
    ):
        Work().outer()
        Work().outer()
    Work().outer()
    assert watch.calls == {"outer": 2, "inner": 2}
    assert firsts == [1]
    assert watch.seconds["outer"] == pytest.approx(0.04, abs=0.02)
    assert watch.seconds["inner"] == pytest.approx(0.10, abs=0.03)
    assert watch.longest["inner"] < watch.seconds["inner"]


ORPHAN = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    time.sleep(0.2)
    while time.process_time() < 0.3:
        pass
    os._exit(0)
print("parent leaves")
"""


def test_metering_counts_a_process_whose_parent_left() -> None:
    cost = metered.measure([sys.executable, "-c", ORPHAN], clean_env())
    assert cost.printed == "parent leaves\n"
    assert cost.cpu >= 0.3


def test_metering_names_what_failed() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        metered.measure([sys.executable, "-c", "raise SystemExit(3)"], clean_env())
