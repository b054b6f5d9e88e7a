"""The faults of bench.faults: what is killed, emptied, filled, stopped or put forward, and when."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from sqlalchemy import select

from bench import postgres
from pipelines.store import schema
from tests.faults.delivery import POISON, Delivery, make_draft
from workers.beat import read_beat
from workers.bell import Bell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bench.fault_trial import Trial

    Strike = Callable[[Trial, random.Random], bool]

ROOT = Path(__file__).resolve().parents[1]
ODD_WORKER = ROOT / "tests" / "faults" / "odd_worker.py"
JUMPED_PATH = Path(__file__).with_name("jumping_clock")
HOUR = 3_600.0
SECONDS_A_BLOW = 3.0  # a worker takes two to start on a busy machine
IN_A_START = 0.25  # of the blows may fall upon a worker that is not ready


@dataclass
class Blows:
    """A fault that strikes at so many random moments of a run, measured by its progress.

    ``progress`` counts articles; the share of them at which each blow falls is random, and so is
    the pause from then on, so that a blow may fall into a start. Between two blows there is some
    progress: blows without end upon the same draft would be no others than a poison draft's. Where
    ``paced`` the portals are asked so slowly that the run lasts for all of them; a killed crawl
    walks its listings again and lasts long enough.
    """

    name: str
    total: int
    articles: int
    strike: Strike
    progress: Callable[[Trial], int]
    paced: bool = True
    blows: int = 0
    rng: random.Random = field(default_factory=lambda: random.Random(5))
    _moments: list[float] = field(default_factory=list)
    _next: float = 0.0
    _reached: int = -1

    def begin(self, trial: Trial) -> None:
        """Prepare, before the processes are started."""
        if self.paced:
            trial.delay = self.total * SECONDS_A_BLOW * len(trial.sites) / self.articles
        self._moments = sorted(self.rng.uniform(0, 0.95) for _ in range(self.total))

    def step(self, trial: Trial) -> None:
        """Do harm if it is time."""
        if self.blows == self.total or time.monotonic() < self._next:
            return
        reached = self.progress(trial)
        if reached > self._reached and reached >= self._moments[self.blows] * self.articles:
            if self.strike(trial, self.rng):
                self.blows += 1
                self._reached = reached
            self._next = time.monotonic() + self.rng.uniform(0.0, 1.0)

    def end(self, trial: Trial) -> None:
        """Nothing outlasts a blow."""


def kill(pids: list[int], rng: random.Random) -> bool:
    """Kill one of the processes with signal 9; False when there is none."""
    if not pids:
        return False
    with suppress(ProcessLookupError):
        os.kill(rng.choice(pids), signal.SIGKILL)
        return True
    return False


def kill_crawl(trial: Trial, rng: random.Random) -> bool:
    """Kill a crawl process."""
    return kill(trial.crawl_pids(), rng)


def role_pids(trial: Trial, role: str, rng: random.Random) -> list[int]:
    """Give the process of a role; mostly only when it has begun to work."""
    pids = trial.role_pids(role)
    beat = read_beat(trial.settings.data, role)
    at_work = beat is not None and beat.pid in pids
    return pids if at_work or rng.random() < IN_A_START else []


def kill_ingest(trial: Trial, rng: random.Random) -> bool:
    """Kill the ingest worker, or one of its pool."""
    pids = role_pids(trial, "ingest", rng)
    if pids and rng.random() < 0.5:
        with suppress(psutil.NoSuchProcess):
            pids = [child.pid for child in psutil.Process(pids[0]).children()]
    return kill(pids, rng)


def kill_clock(trial: Trial, rng: random.Random) -> bool:
    """Kill the process of scheduler, sweeper and relay."""
    return kill(role_pids(trial, "clock", rng), rng)


def restart_postgres(trial: Trial, _rng: random.Random) -> bool:
    """End PostgreSQL at once, as a crash does, and start it again."""
    postgres.restart(Path(trial.settings.store.rpartition("host=")[2]))
    return True


def ring_thrice(trial: Trial, _rng: random.Random) -> bool:
    """Deliver a message for each waiting row and each run three times."""
    bell = Bell(trial.stack.settings)
    with trial.store.read() as conn:
        ids = list(conn.execute(select(schema.inbox.c.id)).scalars())
    for _ in range(3):
        for start in range(0, len(ids), trial.settings.ingest_batch):
            bell.ingest(ids[start : start + trial.settings.ingest_batch])
        for run_id in trial.runs:
            bell.crawl(run_id)
    bell.close()
    return bool(ids)


@dataclass
class Span:
    """A fault that lasts: it begins at a share of the run and ends some seconds later."""

    name: str
    articles: int
    seconds: float
    on: Callable[[Trial], None]
    off: Callable[[Trial], None]
    blows: int = 0
    _until: float = 0.0

    def begin(self, trial: Trial) -> None:
        """Nothing to prepare."""

    def step(self, trial: Trial) -> None:
        """Do harm if it is time."""
        now = time.monotonic()
        if not self.blows and trial.fetched() >= self.articles // 4:
            self.on(trial)
            self.blows, self._until = 1, now + self.seconds
        elif self._until and now > self._until:
            self.off(trial)
            self._until = 0.0

    def end(self, trial: Trial) -> None:
        """Nothing is left of it."""


def limit_files(pids: Iterable[int], size: int) -> None:
    """Let processes write no byte beyond ``size`` into any file: this needs no rights."""
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).rlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@dataclass
class FullDisk:
    """No room on the disk for what crawls write, for a while; then the failed runs are repeated."""

    articles: int
    seconds: float = 15.0
    name: str = "disk full, 15 s"
    blows: int = 0
    _until: float = 0.0

    def begin(self, trial: Trial) -> None:
        """Nothing to prepare."""

    def step(self, trial: Trial) -> None:
        """Do harm if it is time."""
        if not self.blows and trial.fetched() >= self.articles // 4:
            self.blows, self._until = 1, time.monotonic() + self.seconds
            trial.busy = True  # the crawls may all have failed before there is room again
        if self._until and time.monotonic() < self._until:
            limit_files(trial.crawl_pids(), 1)
        elif self._until:
            self._until = 0.0
            limit_files(trial.crawl_pids(), resource.RLIM_INFINITY)
            trial.order(trial.ended_portals())
            trial.busy = False

    def end(self, trial: Trial) -> None:
        """Nothing is left of it."""


@dataclass
class JumpingClock:
    """The wall clock of all processes is put an hour forward and back, while work is in hand."""

    total: int
    articles: int
    name: str = "clock jumps"
    blows: int = 0
    _file: Path = Path()

    def begin(self, trial: Trial) -> None:
        """Prepare, before the processes are started."""
        self._file = trial.settings.data / "clock-offset"
        trial.settings.data.mkdir(parents=True, exist_ok=True)
        self._set(0.0)
        self._path = os.environ.get("PYTHONPATH", "")
        os.environ["JUMPED_CLOCK"] = str(self._file.absolute())
        os.environ["PYTHONPATH"] = f"{JUMPED_PATH}{os.pathsep}{self._path}"

    def step(self, trial: Trial) -> None:
        """Do harm if it is time."""
        if self.blows == self.total:
            return
        if trial.fetched() >= (self.blows + 1) * self.articles / (self.total + 2):
            trial.jump = timedelta(seconds=-HOUR if self.blows % 2 else HOUR)
            self._set(trial.jump.total_seconds())
            self.blows += 1
            # what was in hand at this moment is left behind with a lease of another hour
            kill(trial.role_pids("ingest"), random.Random(self.blows))
            kill(trial.crawl_pids(), random.Random(self.blows))

    def _set(self, seconds: float) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(str(seconds), "ascii")
        draft.replace(self._file)

    def end(self, _trial: Trial) -> None:
        """Clear away what would outlast the trial."""
        del os.environ["JUMPED_CLOCK"]
        os.environ["PYTHONPATH"] = self._path


@dataclass
class Poison:
    """A draft in the inbox that ends whichever process takes it in hand."""

    name: str = "poison article"
    blows: int = 0

    def begin(self, trial: Trial) -> None:
        """Prepare, before the processes are started."""
        command = [sys.executable, str(ODD_WORKER), "exit", "ingest", "--parent", str(os.getpid())]
        trial.commands["ingest"] = command

    def step(self, trial: Trial) -> None:
        """Do harm if it is time."""
        if not self.blows:
            self.blows = 1
            one = Delivery(trial.settings, trial.store)
            one.deliver([make_draft(1, POISON)])
            one.finish()

    def end(self, trial: Trial) -> None:
        """Nothing is left of it."""
