"""The month's replicas, which hang on the clock alone, and how an archive is judged by them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bench.month_report import Seen, judge
from bench.month_world import AWAY, BEGIN, BREAK, DAY, Month
from demo.site import Request

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.store.engine import Store

END = BEGIN + 2 * DAY
MINUTE = timedelta(minutes=1)


class Hand:
    """A clock that is put by hand."""

    at = BEGIN

    def now(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def month() -> tuple[Hand, Month]:
    hand = Hand()
    return hand, Month(hand.now, END, seed=1)


def test_articles_appear_are_corrected_and_withdrawn_in_their_time(
    month: tuple[Hand, Month],
) -> None:
    hand, world = month
    lives = world.lives["baoangiang"]
    corrected = next(one for one in lives if one.corrected_at)
    withdrawn = next(one for one in lives if one.withdrawn_at)
    assert corrected.corrected_at
    assert withdrawn.withdrawn_at
    for moment, life, shown in (
        (corrected.published - MINUTE, corrected, None),
        (corrected.published, corrected, corrected.first),
        (corrected.corrected_at, corrected, corrected.later),
        (withdrawn.withdrawn_at - MINUTE, withdrawn, withdrawn.first),
        (withdrawn.withdrawn_at, withdrawn, None),
    ):
        hand.at = moment
        found = [one for one in world.articles("baoangiang") if one.id == life.first.id]
        assert found == ([shown] if shown else [])
    assert corrected.first != corrected.later


def test_one_replica_is_broken_for_its_time_and_all_count_requests(
    month: tuple[Hand, Month],
) -> None:
    hand, world = month
    (site,) = (kind(world) for kind in world.sites() if kind.id == BREAK.portal)
    path = site.path(world.lives[BREAK.portal][-1].first)
    broken = []
    for moment in (BREAK.since - MINUTE, BREAK.since, BREAK.until):
        hand.at = moment
        broken.append(b"news-bodyhtml" not in site.answer(Request.of(path)).body)
    assert broken == [False, True, False]
    assert sum(world.requests.values()) == 3


@pytest.mark.parametrize(("hour", "minute", "status"), [(19, 59, 200), (20, 0, 500), (20, 12, 200)])
def test_one_replica_is_away_for_some_minutes_every_evening(
    month: tuple[Hand, Month], hour: int, minute: int, status: int
) -> None:
    hand, world = month
    (site,) = (kind(world) for kind in world.sites() if kind.id == AWAY)
    hand.at = BEGIN + DAY + timedelta(hours=hour, minutes=minute)
    assert site.answer(Request.of("/")).status == status


def test_an_empty_archive_has_missed_all_that_stood_for_a_day(
    month: tuple[Hand, Month], store: Store
) -> None:
    _, world = month
    with store.read() as conn:
        found = judge(conn, Seen(world, END, {}, []), "hiepninh")
    assert (found.stored, found.revisions, found.gone, found.delays) == (0, 0, 0, [])
    stood = sum(life.stands(BEGIN, END) for life in world.lives["hiepninh"])
    assert stood > 40
    assert len(found.wrong) == stood
    assert all(said.endswith(" missed") for said in found.wrong)
