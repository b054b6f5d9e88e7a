"""One budget of requests a host, over all processes that ask it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.codec import VIETNAM
from pipelines.records import Outcome
from pipelines.store.runs import RunParams, create_run
from pipelines.store.turns import leave_alone

if TYPE_CHECKING:
    from collections.abc import Callable

DELAY = 0.4
NOISE = 0.1  # seconds by which a busy machine delays the note of a request
REST = 3.0  # seconds that the site asks for
SEEN = 1.5  # seconds in which a busy machine has seen so
PLAIN = {"Content-Type": "text/plain"}
FLOOD = '<html><title>Hãy đợi...</title><div class="floodblocker"></div></html>'.encode()


def start(crawling: Any, site: Any, portal: str) -> tuple[int, Any]:
    """Start a crawl of ``portal`` whose replica is the site, at a delay."""
    params = RunParams(base_url=site.url, delay=DELAY)
    with crawling.store.begin() as conn:
        run = create_run(conn, portal, "incremental", params, datetime.now(UTC))
    return run, crawling.again(run)


@pytest.mark.parametrize(("robots", "least"), [(b"", DELAY), (b"Crawl-delay: 0.8", 0.8)])
def test_two_processes_keep_one_delay_between_them(
    site: Any, crawling: Any, robots: bytes, least: float
) -> None:
    site.page("/", "/gioi-thieu/")
    rules = b"User-agent: *\n" + robots
    site.answers["/robots.txt"] = type(site.answers["/"])(rules, headers=PLAIN)
    for _, process in [start(crawling, site, portal) for portal in ("hiepninh", "danvankheo")]:
        process.communicate(timeout=60)
    assert site.times("/robots.txt") == 2
    met = list(zip(site.moments, site.asked, strict=True))
    # behind robots.txt the delay is not yet known
    gaps = [later - at for (at, path), (later, _) in pairwise(met) if path != "/robots.txt"]
    assert len(gaps) >= 5
    assert min(gaps) > least - NOISE


@pytest.mark.parametrize(
    "refused",
    [
        {"/gioi-thieu/": (429, b""), "/sitemap.xml": (200, FLOOD)},  # a door of both portals
        {"/robots.txt": (200, FLOOD)},
        {"/robots.txt": (503, b"")},
    ],
)
def test_a_pause_that_one_process_is_asked_for_is_kept_by_all(
    site: Any, crawling: Any, refused: dict[str, tuple[int, bytes]]
) -> None:
    site.page("/", "/gioi-thieu/")
    answer = type(site.answers["/"])
    refusals: dict[str, float] = {}

    def refuse_once(path: str, status: int, body: bytes) -> Callable[[int], Any]:
        def give(_: int) -> Any:
            if path in refusals:
                return answer(b"", 404)
            refusals[path] = time.monotonic()
            return answer(body, status, {"Retry-After": f"{REST:.0f}"})

        return give

    for path, (status, body) in refused.items():
        site.answers[path] = refuse_once(path, status, body)
    for _, process in [start(crawling, site, portal) for portal in ("hiepninh", "danvankheo")]:
        process.communicate(timeout=60)
    assert refusals.keys() == refused.keys()
    for path, begun in refusals.items():
        assert not [at for at in site.moments if SEEN < at - begun < REST - NOISE]
        assert site.times(path) >= 2


def test_a_host_that_wants_to_be_left_alone_is_asked_nothing_by_the_next_run(
    site: Any, crawling: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")  # of the crawl's process, as in a container
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
    until = f"{now.astimezone(VIETNAM) + timedelta(minutes=30):%H:%M}"
    assert f"host.resting: left alone until {until}:" in run.error
    assert "it asked for a pause" in run.error
