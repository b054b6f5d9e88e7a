"""The month's replicas, which hang on the clock alone, and how an archive is judged by them."""

from __future__ import annotations

import re
import ssl
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bench.month_faults import AWAY, BEGIN, BREAKS, DAY, EXPIRED, MOVED, MOVES, moving
from bench.month_operator import SECRET, Post, receivers
from bench.month_report import Seen, judge
from bench.month_world import Month
from config.settings import Settings
from demo.site import Request
from pipelines.schedule.holidays import is_holiday
from pipelines.store.outbox import Event
from workers.alerts import message_of, ways_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bench.month_faults import Break
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


@pytest.mark.parametrize("fault", [one for one in BREAKS if one.sure], ids=lambda fault: fault.name)
def test_a_replica_has_its_fault_for_its_time_and_all_count_requests(
    month: tuple[Hand, Month], fault: Break
) -> None:
    hand, world = month
    (site,) = (kind(world) for kind in world.sites() if kind.id == fault.portal)
    paths = [site.path(world.lives[fault.portal][-1].first), "/"]
    asked = world.requests.total()
    shown = []
    for moment in (fault.since - MINUTE, fault.since, fault.until):
        hand.at = moment
        shown.append([_still(site.answer(Request.of(path)).body) for path in paths])
    assert (shown[0] != shown[1]) is (fault is not EXPIRED)  # that one is no answer's
    assert ((fault.portal, fault.name) in world.shown) is (fault is not EXPIRED)
    assert shown[2] == shown[0]
    assert world.requests.total() == asked + 3 * len(paths)


def _still(page: bytes) -> bytes:
    """Leave out what changes with each request: counters, clocks, blocks of any articles."""
    kept = re.findall(rb"news-bodyhtml|\d\d/\d\d/\d{4} - |<h1[^>]*>|<h3><a href", page)
    return b"".join(kept)


def test_offices_rest_on_holidays(month: tuple[Hand, Month]) -> None:
    world = Month(month[0].now, BEGIN + 28 * DAY, seed=1)
    rested = {
        portal: sum(is_holiday(one.published.date()) for one in lives if one.published > BEGIN)
        for portal, lives in world.lives.items()
    }
    assert rested.pop("baoangiang") > 10
    assert set(rested.values()) == {0}


def test_the_replica_that_moves_leads_to_https_and_its_certificate_expires(
    month: tuple[Hand, Month], tmp_path: Path
) -> None:
    hand, world = month
    (kind,) = (kind for kind in world.sites() if kind.id == MOVED)
    with moving(kind, world, tmp_path) as (address, trusted):
        trust = ssl.create_default_context(cafile=str(trusted))
        for moment, scheme in (
            (MOVES - MINUTE, "http"),
            (MOVES, "https"),
            (EXPIRED.until, "https"),
        ):
            hand.at = moment
            with urlopen(f"{address}?paged=2", context=trust) as answer:
                assert answer.url == f"{address.replace('http', scheme, 1)}?paged=2"
        hand.at = EXPIRED.since
        with pytest.raises(URLError, match="certificate has expired"):
            urlopen(address, context=trust)


def test_two_messages_at_once_and_one_that_came_by_one_way_alone_are_complained_of() -> None:
    post = Post()
    with receivers(post) as (webhook, smtp):
        settings = Settings(
            alert_webhook=webhook, alert_secret=SECRET, smtp=smtp, alert_mail_to="a@example.vn"
        )
        web, mail = ways_of(settings)
        for n, at in enumerate((BEGIN, BEGIN + 5 * MINUTE, BEGIN + 8 * MINUTE)):
            message = message_of([Event(n, "portal.degraded", {"portal": "a"}, at)])
            web.send(message, at)
            if n < 2:
                mail.send(message, at)
    assert list(post.faults(5 * MINUTE)) == [
        "3 messages by webhook, 2 by mail",
        "gomtin: 1 findings: a: 0:03:00 after the message before it",
    ]


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
        found = judge(conn, Seen(world, END, {}, Post(), MINUTE), "hiepninh")
    assert (found.stored, found.revisions, found.gone, found.delays) == (0, 0, 0, [])
    stood = sum(life.stands(BEGIN, END) for life in world.lives["hiepninh"])
    assert stood > 40
    assert len(found.wrong) == stood
    assert all(said.endswith(" missed") for said in found.wrong)
