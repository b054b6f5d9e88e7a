"""A backfill goes on, slice by slice, until nothing is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cli.backfill import backfill_portals, sliced
from cli.crawl import tell_unread
from config.settings import Settings
from demo.serve import serve
from pipelines.records import Outcome
from pipelines.store.articles import count_articles
from pipelines.store.engine import open_store
from pipelines.store.pages import UNREAD_LISTING, OutcomeRow, record_outcomes
from pipelines.store.runs import SLICE, RunParams, create_run, recent_runs
from workers.supervise import Stack

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_slice_is_bounded_and_may_end_at_a_day() -> None:
    whole = sliced(RunParams(), None)
    assert (whole.slice, whole.until, whole.rest) == (SLICE, "", False)
    assert sliced(RunParams(), datetime.fromisoformat("2024-05-01")).until == "2024-05-01"


def test_a_portal_whose_run_did_not_read_all_listings_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'gomtin.sqlite3'}")
    url, now = "https://hiepninh.tayninh.gov.vn/vi/news/page-501/", datetime.now(UTC)
    row = OutcomeRow("/vi/news/page-501/", url, Outcome.OVER_LIMIT, UNREAD_LISTING)
    with store.begin() as conn:
        run = create_run(conn, "hiepninh", "incremental", RunParams(), now)
        record_outcomes(conn, run, "hiepninh", [row], now)
    tell_unread(store, {"hiepninh": RunParams(), "hongngu": RunParams()})
    store.close()
    said = " ".join(capsys.readouterr().err.split())
    assert "hiepninh: some listing pages are still unread" in said
    assert "gomtin crawl hiepninh --backfill" in said
    assert "hongngu" not in said


def test_a_portal_is_read_to_its_end_in_slices(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path)
    store = open_store(settings.store_url)
    with serve() as replicas, Stack(settings) as stack:
        plan = RunParams(base_url=replicas.urls["hiepninh"], delay=0.0)
        five = {"hiepninh": replace(sliced(plan, None), slice=5)}
        [report] = backfill_portals(store, stack, five, quiet=True)
    with store.read() as conn:
        stored, slices = count_articles(conn), recent_runs(conn, 10)
    store.close()
    said = capsys.readouterr().err
    assert report.state == "done"
    assert Outcome.OVER_LIMIT not in report.totals
    assert report.totals[Outcome.STORED] + report.totals.get(Outcome.COPY, 0) == stored > 5
    assert [run.params.rest for run in reversed(slices)] == [False, *[True] * (len(slices) - 1)]
    assert len(slices) >= 3
    assert "hiepninh: " in said
    assert "articles, 0 min at the least" in said
