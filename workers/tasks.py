"""The two tasks: thin, idempotent, and shorter than every lease they work under."""

from __future__ import annotations

import gc
import logging
import os
from typing import TYPE_CHECKING

from config.traces import send_soon
from pipelines.store.engine import Store, open_store
from pipelines.store.faults import Missing
from pipelines.store.inbox import POISON, strike, tried
from pipelines.store.leases import has_lapsed
from pipelines.store.runs import RunState, complete_runs, get_run, queued_runs, stop_run
from workers.alone import try_alone
from workers.app import task_limit
from workers.leases import give_up
from workers.start import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from celery import Celery

    from config.settings import Settings
    from workers.crawls import CrawlProcesses

log = logging.getLogger(__name__)

STARTS_TRIED = 3  # processes in a row that ended with an error
TRIAL_SHARE = 0.75  # of a task's hard limit: a draft tried alone is ended before its task is
RUN_ATTEMPTS = 20  # claims of a run that delivered nothing more: something kills it each time


class OwnStore:
    """The store of this process: opened at its first use, and again after a fork."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: dict[int, Store] = {}

    def __call__(self) -> Store:
        """Give the process's own store.

        A parent's is kept: to let go of it here would end the parent's connection.
        """
        pid = os.getpid()
        if pid not in self._opened:
            self._opened[pid] = open_store(self._url)
        return self._opened[pid]


class CrawlDesk:
    """Start the runs that the store says are to be started, as far as this host has room."""

    def __init__(
        self,
        store: Callable[[], Store],
        crawls: CrawlProcesses,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self.crawls = crawls
        self._now = now

    def start(self, run_id: int) -> bool:
        """Start the run's process unless it runs, is over, or the host is full.

        A run that is not started stays as it is in the store, and the sweeper rings again.
        """
        now = self._now()
        with self._store().read() as conn:
            try:
                run = get_run(conn, run_id)
            except Missing:
                log.warning("there is no run %d to start", run_id)
                return False
        abandoned = run.state is RunState.RUNNING and has_lapsed(run.lease_until, now)
        if abandoned and run.kind == "import":  # its pages are files: no crawl can go on with it
            self._stop(run_id, "the import was interrupted; import the pages again")
            return False
        if abandoned and run.attempts >= RUN_ATTEMPTS:
            self._stop(run_id, f"the crawl was cut short {run.attempts} times and got nowhere")
            return False
        if abandoned or run.state is RunState.QUEUED:
            return self.crawls.start(run_id)
        return False

    def tend(self) -> None:
        """Reap the processes that ended, give up runs that cannot start, fill the room."""
        ended = self.crawls.reap()
        if ended:
            give_up(self._store(), ended.items(), self._now())
        for run_id in ended:
            if self.crawls.failures(run_id) >= STARTS_TRIED:
                self._stop(
                    run_id,
                    f"the crawl process failed {STARTS_TRIED} times;"
                    f" logs/run-{run_id}.log says why",
                )
        if ended and self.crawls.free > 0:
            with self._store().read() as conn:
                queued = queued_runs(conn, self._now())
            waiting = [run_id for run_id in queued if run_id not in ended]
            for run_id in waiting[: self.crawls.free]:
                self.crawls.start(run_id)

    def close(self, grace: float) -> None:
        """End all crawl processes; their runs can be taken up at once."""
        ended = self.crawls.close(grace)
        if ended:
            give_up(self._store(), ended.items(), self._now())

    def _stop(self, run_id: int, error: str) -> None:
        with self._store().begin() as conn:
            if stop_run(conn, run_id, self._now(), error):
                log.error("run %d: %s", run_id, error)


def register_ingest(app: Celery, settings: Settings, store: Callable[[], Store]) -> None:
    """Add the task ``ingest.batch`` to the application, whose children share what it has read."""
    from pipelines.arrival import warm_up  # noqa: PLC0415 - 0.3 s that the crawl worker saves
    from pipelines.ingest import ingest  # noqa: PLC0415 - 0.3 s that the crawl worker saves

    warm_up()
    gc.freeze()  # the pages of what is read stay shared between the children

    def take(ids: list[int]) -> None:
        ingest(
            store(),
            ids,
            now=utc_now(),
            lease_seconds=settings.lease_seconds,
            max_attempts=settings.max_attempts,
        )

    def batch(ids: list[int]) -> None:
        """Ingest these inbox rows, then call the runs done that wait for nothing more.

        A row that was tried before is taken alone only, when the sweeper rings for it, and in a
        process of its own: only a death that is seen there counts as the row's own failure.
        """
        with store().read() as conn:
            again = tried(conn, ids)
        if len(ids) == 1 and again:
            ended = try_alone(lambda: take(ids), task_limit(settings) * TRIAL_SHARE)
            if ended:
                _accuse(store(), ids[0], ended, settings.max_attempts)
        else:
            take([each for each in ids if each not in again])
        finish_runs(store(), utc_now())
        send_soon()

    app.task(name="ingest.batch", shared=False)(batch)


def _accuse(store: Store, inbox_id: int, ended: str, max_attempts: int) -> None:
    """Count the death of the process that tried a draft alone, and say so."""
    with store.begin() as conn:
        message = f"{ended}, {max_attempts} times"
        buried = strike(conn, inbox_id, POISON, message, utc_now(), max_attempts)
    log.error("draft %d was tried alone: %s%s", inbox_id, ended, "; buried" if buried else "")


def register_crawl(app: Celery, desk: CrawlDesk) -> None:
    """Add the task ``crawl.start`` to the application."""

    def start(run_id: int) -> None:
        """Start the run's own process and return at once."""
        desk.start(run_id)

    app.task(name="crawl.start", shared=False)(start)


def finish_runs(store: Store, now: datetime) -> list[int]:
    """Call every fetched run done whose drafts are all ingested."""
    with store.begin() as conn:
        return complete_runs(conn, now)
