"""Ring the workers through the broker, and see how many rings wait there.

A ring that gets lost costs time, never work: whatever it announced stays in the store, and the
sweeper rings again. So every function here answers "rung or not" and raises nothing for a broker
that is away.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import redis
from kombu.exceptions import OperationalError

from workers.app import CRAWL, INGEST, make_app
from workers.broker import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.settings import Settings

log = logging.getLogger(__name__)

RING_SECONDS = 1.0
UNACKED = "unacked"  # kombu's hash of messages that a worker holds


class Bell:
    """The producer side of both queues."""

    def __init__(self, settings: Settings) -> None:
        self._app = make_app(settings, socket_timeout=RING_SECONDS)
        self._redis = connect(settings.broker)

    def crawl(self, run_id: int) -> bool:
        """Ask a crawl worker to start the run; False when the broker is away."""
        return self._ring("crawl.start", [run_id], CRAWL)

    def ingest(self, ids: Sequence[int]) -> bool:
        """Ask an ingest worker to take these inbox rows; False when the broker is away."""
        return self._ring("ingest.batch", [list(ids)], INGEST)

    def waiting(self, queue: str) -> int | None:
        """Count the rings that wait in ``queue``; None when the broker is away."""
        try:
            return int(self._redis.llen(queue))
        except redis.RedisError as error:
            log.warning("the broker does not answer: %s", error)
            return None

    def held(self) -> int:
        """Count the rings that workers hold and have not acknowledged; 0 when unknown."""
        try:
            return int(self._redis.hlen(UNACKED))
        except redis.RedisError:
            return 0

    def _ring(self, task: str, args: list[object], queue: str) -> bool:
        try:
            self._app.send_task(task, args=args, queue=queue)
        except (OperationalError, redis.RedisError, OSError) as error:
            log.warning("%s not rung, the sweeper will: %s", task, error)
            return False
        return True

    def close(self) -> None:
        """Close the connections."""
        self._app.close()
        self._redis.close()
