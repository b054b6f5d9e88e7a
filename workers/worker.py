"""A Celery worker of one role with gomtin's settings (``python -m workers.worker crawl|ingest``).

The crawl worker runs its tasks in its own process (they only start another one); the ingest worker
has a pool of processes. Both prove in their main loop, every few seconds, that they get on.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING

from celery import signals
from celery.exceptions import SecurityWarning
from celery.worker import state
from sqlalchemy.exc import SQLAlchemyError

from config.logs import start_logging
from config.settings import load_settings
from config.traces import start_tracing, stop_tracing
from pipelines.errors import GomtinError
from pipelines.store.engine import open_store
from pipelines.store.workers import note_sign
from workers.app import CRAWL, INGEST, make_app, task_limit
from workers.beat import BEAT_SECONDS, write_beat
from workers.bell import Bell
from workers.broker import answers, refusal
from workers.crawls import CrawlProcesses
from workers.process import environment
from workers.start import utc_now
from workers.tasks import CrawlDesk, OwnStore, register_crawl, register_ingest
from workers.watch import LoopWatch, Standstill, leave

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery
    from celery.apps.worker import Worker
    from celery.worker.consumer import Consumer

    from config.settings import Settings

log = logging.getLogger(__name__)

TEND_SECONDS = 0.5
STORE_LOOK_SECONDS = 10.0
BUSY_SECONDS = 2.0  # the main loop waits no longer for another writer
CRAWL_GRACE = 5.0  # seconds in which crawls that are told to end give back their lease
DEAF_SECONDS = 10.0  # with messages waiting and no task in hand
TASK_MARGIN = 15.0  # beyond the hard limit of a task, when the pool should long have killed it


class WorkerBeat:
    """The periodic proof, made in the worker's main loop, that the worker gets on."""

    def __init__(self, role: str, settings: Settings, watch: LoopWatch) -> None:
        self._role = role
        self._settings = settings
        self._watch = watch
        self._bell = Bell(settings)
        self._standstill = Standstill(
            consume_limit=min(DEAF_SECONDS, settings.stall_seconds),
            task_limit=task_limit(settings) + TASK_MARGIN,
        )
        self._store_trouble = ""
        self._store_looked_at = float("-inf")

    def __call__(self) -> None:
        """Look, and write the beat; a worker that stands still ends itself."""
        now = time.monotonic()
        held = {request.id for request in state.reserved_requests}
        waiting = self._bell.waiting(self._role)
        trouble = self._standstill.judge(
            now, waiting=waiting, accepted=state.all_total_count[0], held=held
        )
        if trouble:
            write_beat(self._settings.data, self._role, utc_now(), trouble)
            leave(self._role, trouble)
        broker_trouble = "the broker does not answer" if waiting is None else ""
        if now - self._store_looked_at > STORE_LOOK_SECONDS:
            self._store_looked_at = now
            self._store_trouble = tell_store(self._settings, self._role, broker_trouble)
        write_beat(
            self._settings.data, self._role, utc_now(), self._store_trouble or broker_trouble
        )
        self._watch.passed()


def tell_store(settings: Settings, role: str, trouble: str) -> str:
    """Write the worker's sign into the store; say what is wrong with the store, or nothing.

    The connection does not stay open: this process forks, and a database connection must not be
    shared with a child. A store that is busy for a moment gets the next sign.
    """
    try:
        store = open_store(settings.store_url, busy_seconds=BUSY_SECONDS)
        try:
            with store.begin() as conn:
                note_sign(conn, role, socket.gethostname(), utc_now(), trouble)
        finally:
            store.close()
    except (GomtinError, SQLAlchemyError) as error:
        if "database is locked" in str(error):
            return ""
        return f"the store does not answer: {error}".split("\n", 1)[0]
    return ""


def run_worker(role: str, settings: Settings, parent: int = 0) -> int:
    """Run the worker until TERM; give its exit code."""
    watch = LoopWatch(
        settings.stall_seconds,
        excused=lambda: not answers(settings.broker),
        parent=parent,
        role=role,
    )
    watch.start()
    app = make_app(settings)
    desk = _register(app, role, settings)

    def ready(sender: Consumer, **_: object) -> None:
        beat = WorkerBeat(role, settings, watch)
        beat()
        sender.timer.call_repeatedly(BEAT_SECONDS, beat)
        if desk is not None:
            sender.timer.call_repeatedly(TEND_SECONDS, desk.tend)

    _wait_until_taken(role, settings, watch)
    signals.worker_ready.connect(ready, weak=False)
    if parent and role == INGEST:
        signals.worker_shutting_down.connect(_leave_when_idle, weak=False)
    signals.setup_logging.connect(_keep_logging, weak=False)
    worker = _worker(app, role, settings)
    worker.start()
    if desk is not None:
        desk.close(CRAWL_GRACE)
    return int(worker.exitcode or 0)


def _register(app: Celery, role: str, settings: Settings) -> CrawlDesk | None:
    """Add the task of the role to the application; a crawl worker's needs a desk to be tended."""
    store = OwnStore(settings.store_url)
    if role == INGEST:
        register_ingest(app, settings, store)
        signals.worker_process_init.connect(lambda **_: start_tracing(role), weak=False)
        signals.worker_process_shutdown.connect(lambda **_: stop_tracing(), weak=False)
        return None
    logs, env = settings.data.absolute() / "logs", environment(settings)
    desk = CrawlDesk(store, CrawlProcesses(logs, limit=settings.crawl_processes, env=env))
    register_crawl(app, desk)
    return desk


def _worker(app: Celery, role: str, settings: Settings) -> Worker:
    """Make Celery's worker: one process that starts crawls, or a pool that ingests."""
    return app.Worker(
        hostname=f"{role}@{socket.gethostname()}",
        queues=[role],
        pool="solo" if role == CRAWL else "prefork",
        concurrency=1 if role == CRAWL else settings.ingest_processes,
        loglevel=settings.log_level,
        optimization="fair",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )


def _wait_until_taken(role: str, settings: Settings, watch: LoopWatch) -> None:
    """Wait while Redis is full: Celery would end at once, again and again."""
    while trouble := refusal(settings.broker):
        write_beat(settings.data, role, utc_now(), trouble)
        watch.passed()
        time.sleep(BEAT_SECONDS)


def _leave_when_idle(**_: object) -> None:
    """End a worker that was told to end as soon as it holds no task.

    Celery's pool takes 2 s more to wind up, which every one-shot crawl would wait for. A message
    that it takes in this moment and does not acknowledge is redelivered, or rung again.
    """

    def wait() -> None:
        while state.reserved_requests:
            time.sleep(0.05)
        os._exit(0)

    threading.Thread(target=wait, name="leave-when-idle", daemon=True).start()


def _keep_logging(**_: object) -> None:
    """Keep Celery from replacing the logging set up by start_logging: a receiver is enough."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the worker of a role with the settings of the environment."""
    parser = argparse.ArgumentParser(prog="python -m workers.worker", description=__doc__)
    parser.add_argument("role", choices=(CRAWL, INGEST))
    parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")
    options = parser.parse_args(argv)
    settings = load_settings()
    start_logging(settings)
    if not settings.broker:
        sys.stderr.write("set GOMTIN_BROKER to a Redis URL, or use `gomtin up`, which starts one\n")
        return 2
    # Celery warns of the superuser because of pickled messages; ours are JSON.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    return run_worker(options.role, settings, options.parent)


if __name__ == "__main__":
    raise SystemExit(main())
