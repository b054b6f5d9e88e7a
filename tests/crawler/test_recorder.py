"""The recorder loses nothing that is noted while it commits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crawler import recorder as recording
from crawler.doorbell import Doorbell
from crawler.recorder import Recorder
from pipelines.records import Outcome, Page
from pipelines.store.engine import open_store
from pipelines.store.runs import RunParams, create_run, run_totals
from pipelines.store.schema import inbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from pipelines.records import Draft

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


def test_only_so_many_drafts_with_other_titles_wait_for_the_end_of_a_run(
    tmp_path: Path, make_draft: Callable[..., Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MOST_RETITLED", 2)
    store = open_store(f"sqlite:///{tmp_path / 'gomtin.sqlite3'}")
    with store.begin() as conn:
        run = create_run(conn, "hiepninh", "incremental", RunParams(), NOW)
    recorder = Recorder(
        store, run, "hiepninh", folder=tmp_path, doorbell=Doorbell("", 50), clock=lambda: NOW
    )

    def titles() -> dict[str, Any]:
        with store.read() as conn:
            return {
                key: draft["title"]
                for key, draft in conn.execute(select(inbox.c.key, inbox.c.draft))
            }

    async def crawl() -> None:
        for key in "abc":
            page, draft = Page(f"http://x/{key}", b"<p>", NOW), make_draft(title=f"New {key}")
            recorder.page(key, page, Outcome.FETCHED, draft=draft, title=f"Old {key}")
        await recorder.flush()
        assert titles() == {"c": "Old c"}
        recorder.settle_titles({"http://x/b"})
        await recorder.close(complete=True)

    asyncio.run(crawl())
    assert titles() == {"a": "New a", "b": "Old b", "c": "Old c"}
    store.close()
