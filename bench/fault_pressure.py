"""No ingest worker while crawls deliver: the inbox has to stop at its bound, and then to empty."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.store.inbox import pending
from workers.supervise import Stack

if TYPE_CHECKING:
    from bench.fault_trial import Trial

BOUND = 200
STILL = 10.0  # seconds without another draft: the crawls wait


@dataclass
class StoppedIngest:
    """The ingest worker is started only when the crawls have long been waiting for room."""

    name: str = "ingest stopped"
    blows: int = 0
    _most: int = 0
    _since: float = 0.0
    _late: Stack | None = None

    def begin(self, trial: Trial) -> None:
        """Prepare, before the processes are started."""
        trial.roles = ("broker", "crawl", "clock")
        trial.settings = replace(trial.settings, inbox_bound=BOUND)
        self._since = time.monotonic()

    def step(self, trial: Trial) -> None:
        """Start the ingest worker if it is time, and supervise it from then on."""
        if self._late is not None:
            trial.notes += self._late.check()
            return
        with trial.store.read() as conn:
            waiting = pending(conn)
        if waiting > self._most:
            self._most, self._since = waiting, time.monotonic()
        elif waiting > BOUND and time.monotonic() - self._since > STILL:
            self.blows = 1
            trial.notes.append(
                f"at most {self._most} drafts waited, the bound is {BOUND}; none came for"
                f" {STILL:.0f} s, then the ingest worker was started"
            )
            self._late = Stack(trial.stack.settings, roles=("ingest",)).__enter__()

    def end(self, _trial: Trial) -> None:
        """Clear away what would outlast the trial."""
        if self._late is not None:
            self._late.close()
