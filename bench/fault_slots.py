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
    from config.settings import Settings

SLOTS = 1_000
SECONDS_A_KILL = 2.0  # of the time over which the slots are due
PATIENCE = 900.0
DAY = 86_400


class Schedulers:
    """Three real clock processes; a killed one is replaced at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.kills = 0
        self._seen: set[int] = set()
        self._running = [self._start() for _ in range(3)]

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "workers.clock"]
        env = environment(self._settings)
        return subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)

    def kill_one_at_work(self) -> None:
        """Kill the oldest whose beat was seen, if any's was: it looks for due slots."""
        if beat := read_beat(self._settings.data, "clock"):  # all three write the same file
            self._seen.add(beat.pid)
        for victim in self._running:
            if victim.pid in self._seen:
                victim.kill()
                victim.wait()
                self._running.remove(victim)
                self._running.append(self._start())
                self.kills += 1
                return

    def stop(self) -> None:
        """End all of them."""
        for process in self._running:
            process.kill()
            process.wait()


def slots_trial(
    settings: Settings, kills: int, slots: int = SLOTS, patience: float = PATIENCE
) -> Result:
    """Let ``slots`` become due while schedulers are killed; count the runs that were made."""
    server = EmbeddedBroker(settings.data)
    store = open_store(settings.store_url)
    schedulers = Schedulers(replace(settings, broker=server.start().url))
    dice = random.Random(4)
    started = time.monotonic()
    begin = utc_now() + timedelta(seconds=3)
    spread = SECONDS_A_KILL * kills
    due = {f"portal-{n}": begin + timedelta(seconds=dice.uniform(0, spread)) for n in range(slots)}
    made: Counter[str] = Counter()
    try:
        with store.begin() as conn:
            for portal, at in due.items():
                set_slot(conn, portal, begin, Timing(every_seconds=DAY), first_at=at)
        while (made.total() < slots or schedulers.kills < kills) and (
            time.monotonic() < started + patience
        ):
            time.sleep(dice.uniform(0.3, 1.0))
            if schedulers.kills < kills:
                schedulers.kill_one_at_work()
            with store.read() as conn:
                query = select(schema.runs.c.portal, func.count()).group_by(schema.runs.c.portal)
                made = Counter({row[0]: row[1] for row in conn.execute(query)})
        with store.read() as conn:
            moments = conn.execute(select(schema.runs.c.portal, schema.runs.c.created_at)).all()
    finally:
        schedulers.stop()
        server.stop()
        store.close()
    late = sorted((run.created_at - due[run.portal]).total_seconds() for run in moments)
    ticks = sum(one > SCHEDULE_SECONDS for one in late)
    said = (
        f"runs came {late[len(late) // 2]:.2f} s after their slots in the median, the latest"
        f" {late[-1]:.1f} s; {ticks} of {slots} over the tick of {SCHEDULE_SECONDS:.0f} s"
    )
    return Result(
        fault="kill scheduler",
        store="postgresql" if settings.store else "sqlite",
        blows=schedulers.kills,
        wanted=slots,
        lost=len(due.keys() - made.keys()),
        doubled=made.total() - len(made),
        dead=0,
        repeats=0,
        ended=made.total() >= slots,
        seconds=time.monotonic() - started,
        notes=(said,),
    )
