"""Overview: when a portal's own host last brought an article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.records import Outcome
from pipelines.store.overview import last_live
from pipelines.store.pages import OutcomeRow, record_outcomes
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
