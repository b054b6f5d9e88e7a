"""The recorder loses nothing that is noted while it commits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.doorbell import Doorbell
from crawler.recorder import Recorder
from pipelines.records import Outcome, Page
from pipelines.store.engine import open_store
from pipelines.store.runs import RunParams, create_run, run_totals

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PAGES = 300


def test_pages_noted_during_a_commit_are_committed_too(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'gomtin.sqlite3'}")
    with store.begin() as conn:
        run = create_run(conn, "hiepninh", "incremental", RunParams(), NOW)
    recorder = Recorder(
        store, run, "hiepninh", folder=tmp_path, doorbell=Doorbell("", 50), clock=lambda: NOW
    )
    body = "".join(f"<p>{n * n}</p>" for n in range(5_000)).encode()  # takes a while to compress

    async def crawl() -> None:
        flushes = set()
        for n in range(PAGES):
            recorder.page(f"k{n}", Page(f"http://x/{n}", body, NOW), Outcome.THIN)
            flushes.add(asyncio.ensure_future(recorder.flush()))
            await asyncio.sleep(0)
        await asyncio.gather(*flushes)
        await recorder.close(complete=True)

    asyncio.run(crawl())
    with store.read() as conn:
        assert run_totals(conn, run) == {Outcome.THIN: PAGES}
    store.close()
