"""Measure re-extraction: CPU an article, and whether memory grows with the archive.

``python -m bench.reextract --articles 20000`` makes an archive of that many articles of generated
words, one in ten of which was read by worse rules, reads it anew by today's, and prints the
resident memory after each quarter.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from crawler.recorded.saved import clean_saved
from crawler.registry import find_portal
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.clean.page import clean_page
from pipelines.ingest import ingest
from pipelines.records import Page
from pipelines.reprocess.latecomers import Scope
from pipelines.reprocess.reextract import articles_in, reextract
from pipelines.store.engine import open_store
from pipelines.store.inbox import Delivery, deliver_all
from pipelines.store.runs import RunParams, claim_run, complete_runs, create_run, finish_fetch
from pipelines.store.snapshots import SnapshotWriter, record_snapshots

if TYPE_CHECKING:
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
PORTAL = find_portal("hiepninh")
_WORDS = """
hội nghị công tác dân vận phường xã đảng ủy chính trị tin thông báo ký kết mới lễ
"""
WORDS = _WORDS.split()
PART, BATCH = 500, 50


def page(number: int, chance: random.Random) -> Page:
    """Make an article page of six paragraphs, about 3 kB."""

    def words(count: int) -> str:
        return " ".join(f"{chance.choice(WORDS)}{chance.randrange(99)}" for _ in range(count))

    body = "".join(f"<p>{words(60)}.</p>" for _ in range(6))
    head = f'<h1 class="title">{words(9)}</h1><span class="h5">Thứ tư - 12/07/2023 11:46</span>'
    text = f'<html><div class="news_column">{head}<div id="news-bodyhtml">{body}</div></div></html>'
    url = f"http://hiepninh.tayninh.gov.vn/vi/news/tin/a-{number}.html"
    return Page(url, text.encode(), NOW, portal=PORTAL.id)


def fill(store: Store, folder: Path, articles: int) -> None:
    """Store that many articles with their snapshots, each tenth with a line too many."""
    chance = random.Random(1)
    with closing(SnapshotWriter(folder, PORTAL.id, 1)) as writer:
        for start in range(0, articles, PART):
            pages = [page(number, chance) for number in range(start, start + PART)]
            with store.begin() as conn:
                complete_runs(conn, NOW)
                run = create_run(conn, PORTAL.id, "import", RunParams(), NOW)
                claim_run(conn, run, "bench", NOW, 60)
                kept = record_snapshots(
                    conn, [writer.append(p) for p in pages], run, PORTAL.id, NOW
                )
                deliveries = []
                for number, (one, snapshot) in enumerate(zip(pages, kept, strict=True)):
                    draft = clean_page(one, PORTAL.rules, canonical_url=one.url).draft
                    assert draft is not None
                    body = draft.body if number % 10 else (*draft.body, "Lượt xem: 5")
                    deliveries.append(Delivery(one.url, replace(draft, body=body), snapshot))
                ids = deliver_all(conn, run, PORTAL.id, deliveries, NOW)
                finish_fetch(conn, run, "bench", NOW)
            for at in range(0, len(ids), BATCH):
                ingest(store, ids[at : at + BATCH], now=NOW, lease_seconds=60, max_attempts=3)


def main() -> None:
    """Fill an archive in a temporary folder, read it anew, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000, help="a multiple of 500")
    wanted = parser.parse_args().articles
    with tempfile.TemporaryDirectory(prefix="gomtin-bench-") as name:
        folder = Path(name)
        store = open_store(f"sqlite:///{folder}/gomtin.sqlite3")
        fill(store, folder, wanted)
        with closing(IsolatedCleaner(10.0)) as cleaner:
            measure(store, folder, cleaner)
        store.close()


def measure(store: Store, folder: Path, cleaner: IsolatedCleaner) -> None:
    """Re-extract everything without storing it; print memory and CPU of both processes."""
    own = psutil.Process()
    ids = articles_in(store, Scope())
    began = own.cpu_times()
    differ = 0
    found = reextract(store, folder, lambda one, _: clean_saved(cleaner, one, PORTAL), ids)
    for number, (_, difference) in enumerate(found, start=1):
        differ += difference is not None
        if number % (len(ids) // 4) == 0:
            print(f"{number} articles read: {own.memory_info().rss / 1e6:.0f} MB")
    (child,) = own.children()
    now, other = own.cpu_times(), child.cpu_times()
    mine = now.user + now.system - began.user - began.system
    print(
        f"{differ} differ; CPU an article: {mine / len(ids) * 1e3:.1f} ms and, cleaning in its own"
    )
    print(f"process, {(other.user + other.system) / len(ids) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
