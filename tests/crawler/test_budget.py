"""One budget of requests a host, over all processes that ask it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from pipelines.records import Outcome
from pipelines.store.runs import RunParams, create_run
from pipelines.store.turns import leave_alone

DELAY = 0.4
NOISE = 0.1  # seconds by which a busy machine delays the note of a request


def start(crawling: Any, site: Any, portal: str) -> tuple[int, Any]:
    """Start a crawl of ``portal`` whose replica is the site, at a delay."""
    params = RunParams(base_url=site.url, delay=DELAY)
    with crawling.store.begin() as conn:
        run = create_run(conn, portal, "incremental", params, datetime.now(UTC))
    return run, crawling.again(run)


def test_two_processes_keep_one_delay_between_them(site: Any, crawling: Any) -> None:
    site.page("/", "/gioi-thieu/")
    started = [start(crawling, site, portal) for portal in ("hiepninh", "danvankheo")]
    for _, process in started:
        process.communicate(timeout=60)
    gaps = [later - sooner for sooner, later in pairwise(sorted(site.moments))]
    assert site.times("/robots.txt") == 2
    assert len(gaps) >= 5
    assert min(gaps) > DELAY - NOISE


def test_a_host_that_wants_to_be_left_alone_is_asked_nothing_by_the_next_run(
    site: Any, crawling: Any
) -> None:
    site.page("/")
    now = datetime.now(UTC)
    with crawling.store.begin() as conn:
        host = site.url.removeprefix("http://")
        leave_alone(conn, host, now + timedelta(minutes=30), "it asked for a pause", now)
    run_id, process = start(crawling, site, "hiepninh")
    process.communicate(timeout=60)
    run, found = crawling.result(run_id, site)
    assert site.asked == []
    assert {outcome for outcome, _ in found.values()} == {Outcome.BLOCKED}
    assert "host.resting: left alone until" in run.error
    assert "it asked for a pause" in run.error
