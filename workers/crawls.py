"""The crawl processes of one host: started, bounded in number, reaped.

Each run has a process of its own (Twisted's reactor starts once in a process) which owns the run's
lease. The nursery forks them, so that Scrapy is imported once a host and not once a run. This class
only starts and reaps: a run whose process dies is found by its lease.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from workers.nursery import COMMAND, Nursery
from workers.process import trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from workers.nursery import Forked

log = logging.getLogger(__name__)

LOGS_KEPT = 200
TRY_LATER = 75  # exit code of a crawl process that found the store away (sysexits.h: EX_TEMPFAIL)
HOLD_OFF = 5.0  # seconds before a run whose process failed is started here again


class CrawlProcesses:
    """Start at most ``limit`` crawl processes; ``folder`` receives ``run-<id>.log``."""

    def __init__(
        self,
        folder: Path,
        *,
        limit: int,
        env: Mapping[str, str],
        command: Sequence[str] = COMMAND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._limit = limit
        self._nursery = Nursery(folder, env=env, command=command)
        self._nursery.open()
        self._clock = clock
        self._running: dict[int, Forked] = {}
        self._failed: dict[int, tuple[float, int]] = {}

    @property
    def running(self) -> tuple[int, ...]:
        """Give the ids of the runs whose process was started here and has not been reaped."""
        return tuple(self._running)

    @property
    def free(self) -> int:
        """Give the number of processes that may still be started."""
        return self._limit - len(self._running)

    def start(self, run_id: int) -> bool:
        """Start the run's process; False when it runs, when the host is full or it just failed."""
        held_until, _ = self._failed.get(run_id, (0.0, 0))
        if run_id in self._running or self.free <= 0 or self._clock() < held_until:
            return False
        self._running[run_id] = self._nursery.start(run_id, self._folder / f"run-{run_id}.log")
        log.info("run %d: crawl process %d", run_id, self._running[run_id].pid)
        return True

    def reap(self) -> dict[int, int]:
        """Collect the processes that ended: run id to process id."""
        ended = {run: each.pid for run, each in self._running.items() if each.poll() is not None}
        for run_id in ended:
            code = self._running.pop(run_id).returncode or 0
            if code:
                log.warning("run %d: the crawl process ended with %d", run_id, code)
            if code == TRY_LATER:
                self._failed[run_id] = (self._clock() + HOLD_OFF, self.failures(run_id))
            elif code > 0:  # below 0 it was killed, which says nothing of the run
                failures = self.failures(run_id) + 1
                self._failed[run_id] = (self._clock() + HOLD_OFF * failures, failures)
            else:
                self._failed.pop(run_id, None)
        if ended:
            self._prune_logs()
        return ended

    def failures(self, run_id: int) -> int:
        """Count the times in a row that the run's process ended with an error here."""
        return self._failed.get(run_id, (0.0, 0))[1]

    def close(self, grace: float) -> dict[int, int]:
        """End all crawl processes: run id to process id."""
        self._nursery.close(grace)
        return self.reap()

    def _prune_logs(self) -> None:
        trim(self._folder)  # the nursery's, which runs as long as the worker
        logs = sorted(self._folder.glob("run-*.log*"), key=lambda path: path.stat().st_mtime)
        for old in logs[:-LOGS_KEPT]:
            old.unlink(missing_ok=True)
