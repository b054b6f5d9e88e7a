"""What /health tells programs of each portal, and what people see of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crawler.portal import Expectations
from pipelines.health.facts import Count, RunFacts
from pipelines.store.health import note_run
from pipelines.store.runs import RunParams, claim_run, complete_runs, create_run, finish_fetch
from pipelines.store.schedule import Timing, pause, set_slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.store.engine import Store

    Ask = Callable[..., tuple[int, str]]

NOW = datetime.now(UTC)
BAD = RunFacts(measures={"selector.body": Count(8, 8)}, new=8)
GOOD = RunFacts(new=3)


@pytest.fixture
def read(store: Store) -> Store:
    """Three portals that were read just now, one of them badly; one of them is paused."""
    with store.begin() as conn:
        for portal, facts in (("tuag", BAD), ("hiepninh", GOOD), ("qdnd", GOOD)):
            run = create_run(conn, portal, "incremental", RunParams(), NOW)
            claim_run(conn, run, "test", NOW, 60)
            finish_fetch(conn, run, "test", NOW)
            note_run(conn, run, portal, facts, Expectations(), NOW)
            set_slot(conn, portal, NOW, Timing(every_seconds=7_200))
        complete_runs(conn, NOW)
        pause(conn, "qdnd", "their move", NOW + timedelta(days=2))
    return store


@pytest.mark.usefixtures("read")
def test_state_and_reason_are_told_of_each_portal(ask: Ask) -> None:
    told: dict[str, Any] = json.loads(ask("/health", {})[1])
    assert [(one["portal"], one["state"], one["cure"]) for one in told["portals"]] == [
        ("hiepninh", "fresh", None),
        ("qdnd", "paused", "gomtin schedule resume qdnd"),
        ("tuag", "degraded", "gomtin check tuag"),
    ]
    reasons = [one["reason"] for one in told["portals"]]
    assert re.fullmatch(r"read .+ ago: 3 new or changed articles", reasons[0])
    assert reasons[2] == "the body selector finds nothing on 8 of 8 pages (usual: 2%)"


@pytest.mark.usefixtures("read")
def test_who_is_not_well_comes_first_with_what_to_do(ask: Ask) -> None:
    page = ask("/", {}, "text/html")[1]
    assert "<h1>1 portal needs somebody</h1>" in page
    card = page[page.index('<ul class="cards">') : page.index("</ul>", page.index("cards"))]
    for said in ("tuag", "since <time", "The body selector finds nothing", "gomtin check tuag"):
        assert said in card
    assert re.search(r"Next visit: <time datetime=.+?>\d\d/\d\d/\d{4} \d\d:\d\d</time>", card)
    states = re.findall(r'class="state (\w+)"', page)
    assert states == ["degraded", "degraded", "fresh", "paused"]


@pytest.mark.usefixtures("read")
def test_a_portal_has_a_page_of_its_runs(ask: Ask) -> None:
    page = ask("/portals/tuag", {}, "text/html")[1]
    assert '<h1 class="url">tuag</h1>' in page
    assert "The last runs, the newest first" in page
    assert "0 articles of the last 60 days" in page
    assert "gomtin schedule resume qdnd" in ask("/portals/qdnd", {}, "text/html")[1]
    status, text = ask("/portals/nowhere", {}, "text/html")
    assert (status, "The archive knows no portal nowhere." in text) == (404, True)


def test_an_empty_archive_says_how_to_fill_it(ask: Ask) -> None:
    assert "gomtin crawl PORTAL" in ask("/", {}, "text/html")[1]
    assert "gomtin crawl PORTAL" in ask("/articles", {}, "text/html")[1]
