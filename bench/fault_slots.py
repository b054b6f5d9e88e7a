"""Three schedulers on one archive, killed one after the other: every slot has to run once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bench.fault_trial import Result
from pipelines.store import schema
from pipelines.store.engine import open_store
from pipelines.store.schedule import Timing, set_slot
from workers.beat import read_beat
from workers.broker import EmbeddedBroker
from workers.clock import SCHEDULE_SECONDS
from workers.process import environment
from workers.start import utc_now

if TYPE_CHECKING:
    from datetime import datetime

    from config.settings import Settings
    from pipelines.store.engine import Store

SLOTS = 1_000
SECONDS_A_KILL = 2.0  # of the time over which the slots are due
PATIENCE = 900.0
DAY = 86_400


class Schedulers:
    """Three real clock processes; one that was killed, or has ended itself, is replaced at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.kills = 0
        self._seen: set[int] = set()
        self._running = [self._start() for _ in range(3)]

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "workers.clock"]
        env = environment(self._settings)
        return subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)

    def tend(self, *, kill: bool) -> None:
        """Start what has ended anew; kill the oldest whose beat was seen: it is at work."""
        self._running = [one if one.poll() is None else self._start() for one in self._running]
        if beat := read_beat(self._settings.data, "clock"):  # all three write the same file
            self._seen.add(beat.pid)
        victim = next((one for one in self._running if one.pid in self._seen), None)
        if kill and victim:
            victim.kill()
            victim.wait()
            self._running.remove(victim)
            self._running.append(self._start())
            self.kills += 1

    def stop(self) -> None:
        """End all of them."""
        for process in self._running:
            process.kill()
            process.wait()


def slots_trial(settings: Settings, kills: int) -> Result:
    """Let SLOTS slots become due while schedulers are killed; count the runs that were made."""
    started = time.monotonic()
    server = EmbeddedBroker(settings.data)
    store = open_store(settings.store_url)
    schedulers = Schedulers(replace(settings, broker=server.start().url))
    try:
        due = plan(store, SECONDS_A_KILL * kills)
        wait(store, schedulers, kills)
        with store.read() as conn:
            runs = conn.execute(select(schema.runs.c.portal, schema.runs.c.created_at)).all()
    finally:
        schedulers.stop()
        server.stop()
        store.close()
    made = Counter(run.portal for run in runs)
    late = sorted((run.created_at - due[run.portal]).total_seconds() for run in runs)
    ticks = sum(one > SCHEDULE_SECONDS for one in late)
    said = (
        f"runs came {late[len(late) // 2]:.2f} s after their slots in the median, the latest"
        f" {late[-1]:.1f} s; {ticks} of {SLOTS} over the tick of {SCHEDULE_SECONDS:.0f} s"
    )
    return Result(
        fault="kill scheduler",
        store="postgresql" if settings.store else "sqlite",
        blows=schedulers.kills,
        wanted=SLOTS,
        lost=len(due.keys() - made.keys()),
        doubled=made.total() - len(made),
        dead=0,
        repeats=0,
        ended=made.total() >= SLOTS,
        seconds=time.monotonic() - started,
        notes=(said,),
    )


def plan(store: Store, spread: float) -> dict[str, datetime]:
    """Give each of SLOTS portals a slot within ``spread`` seconds; say when each is due."""
    dice = random.Random(4)
    begin = utc_now() + timedelta(seconds=3)
    due = {f"portal-{n}": begin + timedelta(seconds=dice.uniform(0, spread)) for n in range(SLOTS)}
    with store.begin() as conn:
        for portal, at in due.items():
            set_slot(conn, portal, begin, Timing(every_seconds=DAY), first_at=at)
    return due


def wait(store: Store, schedulers: Schedulers, kills: int) -> None:
    """Kill one scheduler after the other until all slots have run, but not for ever."""
    dice, limit, made = random.Random(5), time.monotonic() + PATIENCE, 0
    while (made < SLOTS or schedulers.kills < kills) and time.monotonic() < limit:
        time.sleep(dice.uniform(0.3, 1.0))
        schedulers.tend(kill=schedulers.kills < kills)
        with store.read() as conn:
            made = conn.execute(select(func.count()).select_from(schema.runs)).scalar_one()
