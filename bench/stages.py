"""Milliseconds of CPU an article by stage, measured around the product's own functions.

Runs of the replicas are crawled one after the other (bench.crawl_meter), what they delivered
is ingested in this process in batches of the size in which the crawls rang, and their rings are
handed to a real worker (bench.queue_cost). Nothing is divided by guess.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import select

from bench.metered import ROOT
from bench.queue_cost import message_cost
from bench.replicas import replicas
from bench.rivals import clean_env
from bench.stopwatch import Stopwatch
from config.settings import load_settings
from crawler.registry import find_portal
from pipelines import arrival, ingest
from pipelines.clean.page import clean_page, prepare
from pipelines.store.engine import open_store
from pipelines.store.inbox import stale
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import snapshots
from pipelines.store.snapshots import read_page, snapshot
from workers.app import INGEST
from workers.broker import EmbeddedBroker, connect
from workers.process import environment
from workers.start import utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.settings import Settings
    from pipelines.records import Page
    from pipelines.store.engine import Store


@dataclass(frozen=True, slots=True)
class Stage:
    """Milliseconds of CPU an article, and how they were measured."""

    ms: float
    how: str


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages by name; ``articles`` is what they were divided by, ``rings`` the messages.

    ``parts`` are milliseconds too: of a stage an article, or of a run.
    """

    articles: int
    rings: int
    stages: Mapping[str, Stage]
    parts: Mapping[str, float]


def measure_stages(portals: Sequence[str], further: int, messages: int) -> Stages:
    """Measure all stages on the replicas of ``portals`` with ``further`` articles more on each."""
    with TemporaryDirectory(prefix="gomtin-bench-") as folder:
        data = Path(folder)
        server = EmbeddedBroker(data / "broker")
        address = server.start()
        try:
            settings = replace(load_settings({}), data=data, broker=address.url)
            store = open_store(settings.store_url)
            costs = _crawl_all(settings, store, portals, further)
            with connect(address.url) as client:
                rings = int(client.llen(INGEST))
            ids = _waiting(store)
            clean = _clean_all(_pages(settings, store))
            ingested = _ingest_all(settings, store, ids, rings)
            message = message_cost(settings, store, address.pid, messages)
            store.close()
        finally:
            server.stop()
    return Stages(
        articles=len(ids),
        rings=rings,
        stages=_divided(len(ids), rings, costs, ingested, message),
        parts=_parts(len(ids), len(portals), costs, clean, ingested, message),
    )


def _crawl_all(
    settings: Settings, store: Store, portals: Sequence[str], further: int
) -> dict[str, float]:
    """Crawl the replicas one after the other; give the seconds by part."""
    total: defaultdict[str, float] = defaultdict(float)
    with replicas(further) as sites:
        for portal in portals:
            params = RunParams(base_url=sites[portal], delay=0.0)
            with store.begin() as conn:
                run = create_run(conn, portal, "incremental", params, utc_now())
            done = subprocess.run(
                [sys.executable, "-m", "bench.crawl_meter", str(run)],
                cwd=ROOT,
                env=clean_env(**environment(settings)),
                capture_output=True,
                text=True,
                check=True,
            )
            for name, seconds in json.loads(done.stdout).items():
                total[name] += seconds
    return dict(total)


def _waiting(store: Store) -> list[int]:
    with store.read() as conn:
        return stale(conn, utc_now(), 1_000_000)


def _pages(settings: Settings, store: Store) -> list[Page]:
    """Read back all pages that the crawls kept."""
    with store.read() as conn:
        refs = [snapshot(conn, one) for one in conn.execute(select(snapshots.c.id)).scalars()]
    return [read_page(settings.snapshot_folder, ref) for ref in refs]


def _clean_all(pages: list[Page]) -> float:
    """Clean the pages in this process, warm; give the seconds a page."""
    watch = Stopwatch()
    for stage in ("warm-up", "clean"):
        for page in pages if stage == "clean" else pages[:: max(1, len(pages) // 20)]:
            portal = find_portal(page.portal)
            prepare(portal.rules)
            key = portal.document_key(page.url)
            with watch.lap(stage):
                clean_page(page, portal.rules, canonical_url=page.url, document_key=key)
    return watch.seconds["clean"] / watch.calls["clean"]


def _ingest_all(settings: Settings, store: Store, ids: list[int], rings: int) -> dict[str, float]:
    """Ingest all drafts, the first batch as a warm-up; give the seconds an article by stage."""
    size = max(1, round(len(ids) / rings))
    batches = [ids[at : at + size] for at in range(0, len(ids), size)]
    cold, watch = Stopwatch(), Stopwatch()
    measured = 0
    for at, batch in enumerate(batches):
        now = cold if at == 0 and len(batches) > 1 else watch
        with (
            now.around(arrival, "classify", "classify"),
            now.around(arrival, "fingerprint", "dedupe"),
            now.around(ingest, "place", "dedupe"),
            now.lap("store"),
        ):
            ingest.ingest(
                store,
                batch,
                now=utc_now(),
                lease_seconds=settings.lease_seconds,
                max_attempts=settings.max_attempts,
            )
        measured += len(batch) if now is watch else 0
    return {name: seconds / measured for name, seconds in watch.seconds.items()}


def _divided(
    articles: int,
    rings: int,
    costs: Mapping[str, float],
    ingested: Mapping[str, float],
    message: float,
) -> dict[str, Stage]:
    """Bring all to milliseconds an article, and say how each came about."""
    crawled = {name: seconds * 1000 / articles for name, seconds in costs.items()}
    heard = message * 1000 * rings / articles
    return {
        "fetch": Stage(
            crawled["fetch"],
            "crawl process from its first request on: doors, listings, requests, links",
        ),
        "clean": Stage(
            crawled["clean"], "cleaning process after its first article, listing pages included"
        ),
        "queue": Stage(
            crawled["ring"] + heard,
            f"sending, Redis and the worker around its task; {articles / rings:.0f} ids a ring",
        ),
        "dedupe": Stage(
            ingested["dedupe"] * 1000, "fingerprint(), and place() with what it asks the archive"
        ),
        "classify": Stage(ingested["classify"] * 1000, "classify()"),
        "store": Stage(
            crawled["snapshot"] + crawled["inbox"] + ingested["store"] * 1000,
            "snapshot, inbox and outcomes in the crawl process; the rest of ingest()",
        ),
    }


def _parts(
    articles: int,
    runs: int,
    costs: Mapping[str, float],
    clean: float,
    ingested: Mapping[str, float],
    message: float,
) -> dict[str, float]:
    once = {name: costs[name] * 1000 / runs for name in ("start", "clean_start", "ring_start")}
    return {
        "clean: clean_page() alone, a kept page": clean * 1000,
        "queue: one message, Redis and worker": message * 1000,
        "store: snapshot": costs["snapshot"] * 1000 / articles,
        "store: inbox and outcomes": costs["inbox"] * 1000 / articles,
        "store: archive": ingested["store"] * 1000,
        "once a run: up to the first request, without imports": once["start"],
        "once a run: cleaning process up to the first article": once["clean_start"],
        "once a run: first ring, imports Celery": once["ring_start"],
    }
