"""Overview: when a portal's own host last brought an article, and what fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.records import Outcome
from pipelines.store.overview import failing_pages, failures, last_live
from pipelines.store.pages import TRIES, OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, complete_runs, create_run, finish_fetch

if TYPE_CHECKING:
    from pipelines.store.engine import Store
    from pipelines.store.runs import RunKind

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def crawl(
    store: Store,
    outcome: Outcome = Outcome.STORED,
    *,
    at: datetime = NOW,
    base_url: str = "",
    kind: RunKind = "incremental",
) -> None:
    with store.begin() as conn:
        run_id = create_run(conn, "hiepninh", kind, RunParams(base_url=base_url), at)
        claim_run(conn, run_id, "a", at, 60)
        record_outcomes(conn, run_id, "hiepninh", [OutcomeRow("/1", "http://x/1", outcome)], at)
        finish_fetch(conn, run_id, "a", at)
        complete_runs(conn, at)


def live(store: Store) -> dict[str, datetime]:
    with store.read() as conn:
        return last_live(conn)


def test_the_newest_crawl_of_the_own_host_counts(store: Store) -> None:
    later = NOW + timedelta(days=1)
    crawl(store)
    crawl(store, Outcome.UNCHANGED, at=later)
    crawl(store, at=later + timedelta(days=1), base_url="http://127.0.0.1:8001/")
    assert live(store) == {"hiepninh": later}


@pytest.mark.parametrize(
    ("outcome", "base_url", "kind"),
    [
        (Outcome.STORED, "http://127.0.0.1:8001/", "incremental"),
        (Outcome.STORED, "", "import"),
        (Outcome.SOFT_404, "", "incremental"),
        (Outcome.CHALLENGE, "", "incremental"),
    ],
    ids=["replica", "import", "no article", "challenge"],
)
def test_what_is_no_meeting(store: Store, outcome: Outcome, base_url: str, kind: RunKind) -> None:
    crawl(store, outcome, base_url=base_url, kind=kind)
    assert live(store) == {}


def test_what_fails_is_told_with_what_is_given_up(store: Store) -> None:
    timed_out = [OutcomeRow(f"/{n}", f"http://x/{n}", Outcome.TIMED_OUT, "slow:x") for n in "12"]
    wall = OutcomeRow("/3", "http://x/3", Outcome.CHALLENGE, "challenge.d1n: 5_percent")
    with store.begin() as conn:
        run_id = create_run(conn, "hiepninh", "incremental", RunParams(), NOW)
        for at in range(TRIES):
            rows = timed_out[: 1 if at else 2]
            record_outcomes(conn, run_id, "hiepninh", rows, NOW + timedelta(hours=at))
        record_outcomes(conn, run_id, "hiepninh", [wall], NOW)
        told = [(one.code, one.count, one.given_up) for one in failures(conn)]
        assert told == [("slow", 2, 1), ("challenge.d1n", 1, 0)]
        later = NOW + timedelta(hours=1)
        for choice, keys in (
            ({}, ["/2", "/3", "/1"]),
            ({"cause": "slow"}, ["/2", "/1"]),
            ({"cause": "timed_out"}, ["/2", "/1"]),
            ({"cause": "challenge.d_n"}, []),
            ({"cause": "challenge.d1n"}, ["/3"]),
            ({"portal": "other"}, []),
            ({"since": later}, ["/1"]),
            ({"until": later}, ["/2", "/3"]),
        ):
            found = failing_pages(conn, **choice)
            assert sorted(found.get("hiepninh", {})) == sorted(keys), choice
