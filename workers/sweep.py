"""Ring again for what a crash or a lost ring left lying in the store.

The store knows all work that waits. A ring is repeated when the queue is empty and nothing is in
hand (so no ring for it can be on its way), or when the last one for the same work is long ago and
the queue is short: rings that nobody takes would fill Redis.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.store.inbox import stale, tried
from pipelines.store.runs import expired_runs, queued_runs
from workers.app import CRAWL, INGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from config.settings import Settings
    from pipelines.store.engine import Store
    from workers.bell import Bell

AGAIN_SECONDS = 30.0  # before work whose ring may still wait in the queue is rung again
FRESH_SECONDS = 1.0  # younger work has most likely just been rung by who made it
ROWS_A_SWEEP = 2_000
RUNS_A_SWEEP = 20
ENOUGH = 200  # rings in a queue: who takes them finds work for minutes, and then it is short


class RungMemory:
    """Remember what was rung when, so that a long queue is not rung full of repetitions."""

    def __init__(self) -> None:
        self._rung: dict[int, datetime] = {}

    def due(self, ids: Iterable[int], now: datetime, *, silent: bool) -> list[int]:
        """Give those of ``ids`` to ring for now; all of them when the queue is ``silent``.

        What was rung for later than now was rung for before the clock was put back.
        """
        past = now - timedelta(seconds=AGAIN_SECONDS)
        self._rung = {} if silent else {k: at for k, at in self._rung.items() if past < at <= now}
        return [each for each in ids if each not in self._rung]

    def rang(self, ids: Iterable[int], now: datetime) -> None:
        """Note that these were rung for."""
        self._rung.update(dict.fromkeys(ids, now))


class Sweeper:
    """Find waiting work in the store and ring for it."""

    def __init__(self, store: Store, bell: Bell, settings: Settings) -> None:
        self._store = store
        self._bell = bell
        self._settings = settings
        self._rows = RungMemory()
        self._runs = RungMemory()

    def sweep(self, now: datetime) -> int:
        """Ring for all that waits too long; give the number of rings."""
        return self._sweep_inbox(now) + self._sweep_runs(now)

    def _sweep_inbox(self, now: datetime) -> int:
        with self._store.read() as conn:
            ids = stale(conn, now, ROWS_A_SWEEP, FRESH_SECONDS)
            again = tried(conn, ids)
        silent = self._is_silent(INGEST) if ids else None
        if silent is None:
            return 0
        due = self._rows.due(ids, now, silent=silent)
        rings = 0
        for batch in batches(due, again, self._settings.ingest_batch):
            if not self._bell.ingest(batch):
                break
            self._rows.rang(batch, now)
            rings += 1
        return rings

    def _sweep_runs(self, now: datetime) -> int:
        with self._store.read() as conn:
            waiting = expired_runs(conn, now)
            waiting += queued_runs(conn, now - timedelta(seconds=FRESH_SECONDS))
        silent = self._is_silent(CRAWL) if waiting else None
        if silent is None:
            return 0
        due = self._runs.due(waiting[:RUNS_A_SWEEP], now, silent=silent)
        rung = [run_id for run_id in due if self._bell.crawl(run_id)]
        self._runs.rang(rung, now)
        return len(rung)

    def _is_silent(self, queue: str) -> bool | None:
        """Tell whether no ring is under way; None when the broker is away or has enough of them."""
        waiting = self._bell.waiting(queue)
        if waiting is None or waiting >= ENOUGH:
            return None
        return waiting == 0 and self._bell.held() == 0


def batches(ids: Sequence[int], attempts: Mapping[int, int], size: int) -> Iterator[list[int]]:
    """Part ``ids`` into batches; a row that was tried before goes alone, the least tried first.

    The row that killed its worker may be among them, and alone it can be seen to do so. In this
    order kills from outside hit other rows each time.
    """
    fresh = [each for each in ids if each not in attempts]
    for start in range(0, len(fresh), size):
        yield fresh[start : start + size]
    for each in sorted(set(ids) & attempts.keys(), key=lambda row: (attempts[row], row)):
        yield [each]
