"""What ringing costs: the CPU that Celery and Redis take to carry ids to an ingest worker.

The worker is the product's, its inbox is empty: whatever its processes use beyond looking there is
the queue's. The same rings that the crawls sent are put into its queue again and again.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil

from bench.metered import cpu_of
from bench.rivals import clean_env
from pipelines.ingest import ingest
from workers.app import INGEST
from workers.beat import read_beat
from workers.bell import UNACKED
from workers.broker import connect
from workers.process import environment
from workers.start import utc_now
from workers.tasks import finish_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import redis

    from config.settings import Settings
    from pipelines.store.engine import Store

PATIENCE = 60.0
SETTLE_SECONDS = 1.0
NO_ROWS = [2_000_000_000]  # an inbox id that never was


def message_cost(settings: Settings, store: Store, server: int, messages: int) -> float:
    """Give the seconds of CPU that one message costs Redis (process ``server``) and the worker."""
    client = connect(settings.broker)
    rings = client.lrange(INGEST, 0, -1)
    client.delete(INGEST)
    if not rings:
        raise RuntimeError("the crawls rang for nothing")
    with _worker(settings) as worker:
        watched = [psutil.Process(server), worker, *worker.children(recursive=True)]
        before = sum(map(cpu_of, watched))
        _push(client, [rings[at % len(rings)] for at in range(messages)])
        _wait_until_taken(client)
        used = sum(map(cpu_of, watched)) - before
    return used / messages - _empty_look(settings, store)


def _push(client: redis.Redis, rings: Sequence[bytes | str]) -> None:
    with client.pipeline(transaction=False) as pipe:
        for ring in rings:
            pipe.lpush(INGEST, ring)
        pipe.execute()


def _wait_until_taken(client: redis.Redis) -> None:
    limit = time.monotonic() + PATIENCE
    while client.llen(INGEST) or client.hlen(UNACKED):
        if time.monotonic() > limit:
            raise TimeoutError("the ingest worker does not empty its queue")
        time.sleep(0.1)


def _empty_look(settings: Settings, store: Store, times: int = 50) -> float:
    """Give the seconds of CPU of the task's own work where no draft waits."""
    spent = 0.0
    for _ in range(times):
        start = time.process_time()
        ingest(
            store,
            NO_ROWS,
            now=utc_now(),
            lease_seconds=settings.lease_seconds,
            max_attempts=settings.max_attempts,
        )
        finish_runs(store, utc_now())
        spent += time.process_time() - start
    return spent / times


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path, role: str) -> None:
    """Return at the first beat of a worker whose data folder is ``folder``."""
    limit = time.monotonic() + PATIENCE
    while (beat := read_beat(folder, role)) is None or beat.pid != process.pid:
        if process.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"the {role} worker does not start")
        time.sleep(0.05)


@contextmanager
def _worker(settings: Settings) -> Iterator[psutil.Process]:
    """Run the ingest worker, ready and at rest."""
    command = [sys.executable, "-m", "workers.worker", INGEST]
    env = clean_env(**environment(settings))
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_ready(process, settings.data, INGEST)
        time.sleep(SETTLE_SECONDS)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)
