"""A long import keeps its runs, so that no worker takes them for interrupted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cli import pages
from cli.pages import Intake
from config.settings import Settings
from crawler.recorded.saved import Saved
from pipelines.records import Cleaned, Outcome, Page
from pipelines.store.engine import open_store
from pipelines.store.runs import RunState, expired_runs, get_run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
URL = "http://hiepninh.tayninh.gov.vn/vi/news/tin/so-{}.html"


def test_an_import_longer_than_a_lease_stays_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOON
    monkeypatch.setattr(pages, "utc_now", lambda: now)
    settings = Settings(data=tmp_path)
    store = open_store(settings.store_url)
    runs: dict[int, str] = {}
    with Intake(settings, store, runs) as intake:
        for number in range(5):
            page = Page(URL.format(number), b"<p>", NOON, "hiepninh")
            intake.take(Saved("page.html", page), Cleaned(Outcome.THIN, "thin"))
            now += timedelta(seconds=settings.lease_seconds / 2)
            with store.read() as conn:
                assert expired_runs(conn, now) == []
    (run,) = runs
    with store.read() as conn:
        assert get_run(conn, run).state is RunState.FETCHED
    store.close()
