"""Count articles per second with one, two and four ingest workers, as compose scales them.

    python -m bench.scale                          2,000 drafts, then 262 articles end to end
    python -m bench.scale --store sqlite --only drafts --rounds 5

Every worker is a process like a container's, with a data folder of its own; archive and Redis are
one. The first table starts so many ingest workers, of one pool process each, before a full inbox,
and counts from the first ring to the last article. The second crawls the replicas with two crawl
workers at the same time. One, two and four workers take turns; stated is the median of the rounds,
and the slowest and the fastest of them. CPU is that of workers, their children and the clock, not
of PostgreSQL.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import psutil
from sqlalchemy import func, select

from bench.dedupe_articles import COMMUNES
from bench.dedupe_growth import draft_of
from bench.faults import STORES, store_url
from bench.large_world import LargeWorld
from bench.metered import cpu_of
from bench.queue_cost import wait_until_ready
from bench.replicas import replicas
from config.settings import Settings
from demo.content import PORTALS
from demo.expected import expected
from pipelines.records import Outcome
from pipelines.store import schema
from pipelines.store.engine import open_store
from pipelines.store.inbox import Delivery, deliver_all, pending
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import (
    RunParams,
    claim_run,
    complete_runs,
    create_run,
    finish_fetch,
    get_run,
)
from workers.bell import Bell
from workers.broker import EmbeddedBroker
from workers.process import environment
from workers.roles import role_command
from workers.start import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipelines.records import Draft
    from pipelines.store.engine import Store

WORKERS = (1, 2, 4)
CRAWL_WORKERS = 2
PATIENCE = 300.0  # seconds
PARTS = 500  # drafts delivered at once
SETTLE_SECONDS = 2.0  # after the workers' first beats
LOOK_SECONDS = 0.1
ENDED = frozenset({"done", "failed", "stopped"})


@dataclass
class Site:
    """One archive and one Redis that all workers share."""

    settings: Settings
    store: Store
    folder: Path

    def stored(self) -> int:
        """Count the articles in the archive."""
        with self.store.read() as conn:
            return int(conn.execute(select(func.count()).select_from(schema.articles)).scalar_one())

    @contextmanager
    def workers(self, roles: Sequence[str]) -> Iterator[list[psutil.Process]]:
        """Run one process for each of ``roles``, each with a data folder of its own, all ready."""
        started: list[subprocess.Popen[bytes]] = []
        folders = [self.folder / f"worker-{at}" for at in range(len(roles))]
        try:
            for folder, role in zip(folders, roles, strict=True):
                started.append(
                    subprocess.Popen(
                        role_command(role),
                        env=environment(replace(self.settings, data=folder)),
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
                )
            for process, folder, role in zip(started, folders, roles, strict=True):
                wait_until_ready(process, folder, role)
            time.sleep(SETTLE_SECONDS)
            yield [psutil.Process(one.pid) for one in started]
        finally:
            for one in started:
                one.terminate()
            for one in started:
                one.wait(30)


@contextmanager
def site(store: str) -> Iterator[Site]:
    """Start what all workers share."""
    with ExitStack() as around:
        folder = Path(around.enter_context(tempfile.TemporaryDirectory()))
        url = around.enter_context(store_url(store)) or f"sqlite:///{folder / 'gomtin.sqlite3'}"
        server = EmbeddedBroker(folder / "broker")
        broker = server.start().url
        around.callback(server.stop)
        settings = Settings(
            data=folder,
            store=url,
            broker=broker,
            snapshots=str(folder / "snapshots"),
            ingest_processes=1,
            inbox_bound=1_000_000,
        )
        opened = open_store(url)
        around.callback(opened.close)
        yield Site(settings, opened, folder)


def cpu_of_all(processes: Sequence[psutil.Process]) -> float:
    """Add up the CPU of processes and of all that they have started, in seconds."""
    tree = [one for each in processes for one in (each, *each.children(recursive=True))]
    return sum(cpu_of(one) + _of_ended(one) for one in tree)


def _of_ended(process: psutil.Process) -> float:
    """Give the CPU of the children of a process that have ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.children_user + times.children_system


def drafts(number: int) -> list[Draft]:
    """Write so many drafts whose texts are all different."""
    rng = Random(16)
    return [draft_of(COMMUNES.story(rng), "portal", at) for at in range(number)]


def fill(store: Store, number: int) -> list[int]:
    """Deliver so many drafts as a crawl does, which then ends; give their inbox ids."""
    now = utc_now()
    all_drafts = drafts(number)
    ids: list[int] = []
    with store.begin() as conn:
        run = create_run(conn, "portal", "incremental", RunParams(), now)
        claim_run(conn, run, "bench", now, 600)
    for start in range(0, number, PARTS):
        part = all_drafts[start : start + PARTS]
        rows = [OutcomeRow(one.document_key, one.url, Outcome.FETCHED) for one in part]
        with store.begin() as conn:
            record_outcomes(conn, run, "portal", rows, now)
            packed = [Delivery(one.document_key, one, None) for one in part]
            ids += deliver_all(conn, run, "portal", packed, now)
    with store.begin() as conn:
        finish_fetch(conn, run, "bench", now)
    return ids


@dataclass(frozen=True, slots=True)
class Rate:
    """Articles a second, milliseconds of CPU an article, and how many articles were stored."""

    a_second: float
    cpu_ms: float
    stored: int


def ingest_rate(store: str, workers: int, number: int) -> Rate:
    """Ingest a full inbox with so many workers."""
    with site(store) as here:
        ids = fill(here.store, number)
        bell = Bell(here.settings)
        batch = here.settings.ingest_batch
        with here.workers(["ingest"] * workers + ["clock"]) as running:
            before, began = cpu_of_all(running), time.monotonic()
            for start in range(0, number, batch):
                bell.ingest(ids[start : start + batch])
            while here.stored() < number and time.monotonic() < began + PATIENCE:
                time.sleep(LOOK_SECONDS)
            seconds, cpu = time.monotonic() - began, cpu_of_all(running) - before
        bell.close()
        stored = here.stored()
        return Rate(stored / seconds, cpu * 1000 / number, stored)


def whole_rate(store: str, workers: int, number: int, sites: Mapping[str, str]) -> Rate:
    """Crawl all replicas with two crawl workers."""
    with site(store) as here:
        bell = Bell(here.settings)
        roles = ["crawl"] * CRAWL_WORKERS + ["ingest"] * workers
        with here.workers([*roles, "clock"]) as running:
            before, began = cpu_of_all(running), time.monotonic()
            runs = order(here.store, sites)
            for run in runs:
                bell.crawl(run)
            while not over(here.store, runs) and time.monotonic() < began + PATIENCE:
                time.sleep(LOOK_SECONDS)
            seconds, cpu = time.monotonic() - began, cpu_of_all(running) - before
        bell.close()
        stored = here.stored()
        return Rate(stored / seconds, cpu * 1000 / number, stored)


def order(store: Store, sites: Mapping[str, str]) -> list[int]:
    """Make a run for each portal."""
    with store.begin() as conn:
        return [
            create_run(conn, portal, "incremental", RunParams(base_url=url, delay=0.0), utc_now())
            for portal, url in sites.items()
        ]


def over(store: Store, runs: Sequence[int]) -> bool:
    """Tell whether all runs are over and nothing waits."""
    with store.begin() as conn:
        complete_runs(conn, utc_now())
    with store.read() as conn:
        return not pending(conn) and all(get_run(conn, run).state in ENDED for run in runs)


def table(head: str, rounds: int, number: int, measure: Callable[[int], Rate]) -> bool:
    """Measure each number of workers in turn and print the medians; True when nothing is missing.

    ``measure`` takes the number of workers; every round has to store ``number`` articles.
    """
    print(head, f"{'ingest':>8} {'articles/s':>11} {'from - to':>12} {'CPU ms each':>12}", sep="\n")
    found = [[measure(workers) for workers in WORKERS] for _ in range(rounds)]
    for workers, rates in zip(WORKERS, zip(*found, strict=True), strict=True):
        speeds = sorted(one.a_second for one in rates)
        span = f"{speeds[0]:.0f} - {speeds[-1]:.0f}"
        cpu = statistics.median(one.cpu_ms for one in rates)
        missing = number * rounds - sum(one.stored for one in rates)
        said = f"  {missing} ARE MISSING" if missing else ""
        print(f"{workers:8} {statistics.median(speeds):11.0f} {span:>12} {cpu:12.1f}{said}")
    return all(one.stored == number for rates in found for one in rates)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables; 1 where an article is missing."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--store", choices=STORES, default="postgresql")
    parser.add_argument("--drafts", type=int, default=2_000)
    parser.add_argument("--further", type=int, default=40, help="articles more on each replica")
    parser.add_argument("--only", choices=("drafts", "whole"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    store, whole = options.store, True
    if options.only != "whole":
        head = f"{options.drafts} drafts wait, {store}"
        ingested = partial(ingest_rate, store, number=options.drafts)
        whole &= table(head, options.rounds, options.drafts, ingested)
    if options.only != "drafts":
        held = expected(LargeWorld(options.further))
        number = sum(len(held[portal].articles) for portal in PORTALS)
        head = f"{number} articles, {CRAWL_WORKERS} crawl workers"
        with replicas(options.further) as sites:
            crawled = partial(whole_rate, store, number=number, sites=sites)
            whole &= table(head, options.rounds, number, crawled)
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
