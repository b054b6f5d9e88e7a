"""Three schedulers on one archive, each of them killed: every slot runs once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psutil
import pytest
from sqlalchemy import func, select

from pipelines.store import schema
from pipelines.store.schedule import Timing, set_slot
from tests.faults.delivery import kill_nine
from workers.broker import EmbeddedBroker
from workers.process import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings
    from pipelines.store.engine import Store

SLOTS = 1_000
KILLS = 3
SPREAD = 10.0  # seconds over which the slots are due
AT_WORK = 1.5  # seconds of CPU after which a scheduler has started and looks
PATIENCE = 240.0  # seconds
DAY = 86_400


@pytest.fixture
def settings(fault_settings: Settings) -> Iterator[Settings]:
    """Settings with a broker that outlives every scheduler."""
    server = EmbeddedBroker(fault_settings.data)
    yield replace(fault_settings, broker=server.start().url)
    server.stop()


class Schedulers:
    """Three real clock processes; one that was killed, or has ended itself, is replaced at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.kills = 0
        self._running = [self._start() for _ in range(3)]

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "workers.clock"]
        env = environment(self._settings)
        return subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)

    def tend(self, *, kill: bool) -> None:
        """Start what has ended anew; kill the oldest that looks for due slots, if any does."""
        self._running = [one if one.poll() is None else self._start() for one in self._running]
        for victim in self._running if kill else ():
            if psutil.Process(victim.pid).cpu_times().user > AT_WORK:
                kill_nine(victim.pid)
                victim.wait()
                self._running.remove(victim)
                self._running.append(self._start())
                self.kills += 1
                return

    def stop(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()


def test_a_thousand_slots_run_once_each_while_schedulers_die(
    store: Store, settings: Settings
) -> None:
    dice = random.Random(4)
    schedulers = Schedulers(settings)
    begin = datetime.now(UTC) + timedelta(seconds=3)
    due = {f"portal-{n}": begin + timedelta(seconds=dice.uniform(0, SPREAD)) for n in range(SLOTS)}
    with store.begin() as conn:
        for portal, at in due.items():
            set_slot(conn, portal, begin, Timing(every_seconds=DAY), first_at=at)
    deadline = time.monotonic() + PATIENCE
    made = 0
    try:
        while (made < SLOTS or schedulers.kills < KILLS) and time.monotonic() < deadline:
            time.sleep(dice.uniform(0.5, 1.5))
            schedulers.tend(kill=schedulers.kills < KILLS)
            with store.read() as conn:
                made = conn.execute(select(func.count()).select_from(schema.runs)).scalar_one()
    finally:
        schedulers.stop()
    with store.read() as conn:
        runs = conn.execute(select(schema.runs.c.portal, schema.runs.c.created_at)).all()
    late = max((run.created_at - due[run.portal]).total_seconds() for run in runs)
    print(
        f"{SLOTS} slots, {schedulers.kills} kills, {len(runs)} runs, the latest after {late:.1f} s"
    )
    assert sorted(run.portal for run in runs) == sorted(due)
    assert schedulers.kills == KILLS
