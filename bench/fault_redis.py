"""The faults of bench.faults that befall Redis: killed, emptied, full, away."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psutil

from bench.fault_kinds import kill
from workers.broker import EmbeddedBroker, connect

if TYPE_CHECKING:
    import random

    from bench.fault_trial import Trial


def redis_pid(trial: Trial) -> list[int]:
    """Give the process of the embedded Redis server."""
    address = EmbeddedBroker(trial.settings.data / "broker").address
    return [address.pid] if address and psutil.pid_exists(address.pid) else []


def kill_redis(trial: Trial, rng: random.Random) -> bool:
    """Kill Redis; its supervisor starts it again with the file that it kept."""
    return kill(redis_pid(trial), rng)


def empty_redis(trial: Trial, rng: random.Random) -> bool:
    """Kill Redis and take its file away."""
    if not kill(redis_pid(trial), rng):
        return False
    for name in ("appendonlydir", "appendonly.aof"):
        shutil.rmtree(trial.settings.data / "broker" / name, ignore_errors=True)
        (trial.settings.data / "broker" / name).unlink(missing_ok=True)
    return True


@dataclass
class AwayRedis:
    """A Redis server that is not the supervisor's, and is away for half a minute."""

    articles: int
    seconds: float = 30.0
    name: str = "Redis down, 30 s"
    blows: int = 0
    _back_at: float = 0.0

    def begin(self, trial: Trial) -> None:
        """Prepare, before the processes are started."""
        self._server = EmbeddedBroker(trial.settings.data / "elsewhere")
        trial.settings = replace(trial.settings, broker=self._server.start().url)

    def step(self, trial: Trial) -> None:
        """Do harm if it is time."""
        if not self.blows and trial.fetched() >= self.articles // 4:
            self._server.stop()
            self.blows, self._back_at = 1, time.monotonic() + self.seconds
        if self._back_at and time.monotonic() > self._back_at:
            self._server.start()
            self._back_at = 0.0

    def end(self, _trial: Trial) -> None:
        """Clear away what would outlast the trial."""
        self._server.stop()


def fill_redis(trial: Trial) -> None:
    """Let Redis have reached its limit: with noeviction it refuses every write."""
    with connect(trial.stack.settings.broker) as client:
        client.config_set("maxmemory", 1)


def free_redis(trial: Trial) -> None:
    """Give Redis room again."""
    with connect(trial.stack.settings.broker) as client:
        client.config_set("maxmemory", 0)
