"""The clock: scheduler, planner, sweeper and relay in one process (``python -m workers.clock``).

Several clocks may run: due slots are claimed atomically, repeated rings do no harm, and one relay
leads. A broker or store that is away delays a step; the loop goes on and says so in its beat.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import redis
from sqlalchemy.exc import SQLAlchemyError

from config.logs import start_logging
from config.schedule import listed_portals
from config.settings import load_settings
from config.traces import start_tracing, stop_tracing
from pipelines.errors import GomtinError
from pipelines.health.finding import Finding
from pipelines.health.standing import NOT_RUN
from pipelines.schedule.planning import plan_slots
from pipelines.store.engine import open_store
from pipelines.store.first_slots import take_up
from pipelines.store.health import note_missed
from pipelines.store.outbox import forget_relayed
from pipelines.store.overview import overdue
from pipelines.store.pages import forget_met
from pipelines.store.runs import complete_runs
from pipelines.store.schedule import claim_due, next_due
from pipelines.store.workers import forget_signs, note_sign
from workers.alerts import Alerts, ways_of
from workers.beat import BEAT_SECONDS, write_beat
from workers.bell import Bell
from workers.broker import answers, connect
from workers.relay import Relay
from workers.start import utc_now
from workers.sweep import Sweeper
from workers.watch import LoopWatch, leave

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.settings import Settings
    from pipelines.store.engine import Store

log = logging.getLogger(__name__)

RELAY_SECONDS = 1.0
SCHEDULE_SECONDS = 1.0  # until a slot that was set, resumed or freed meanwhile is seen
SOONEST = 0.05  # before a slot that another scheduler has in hand is looked at again
PLAN_SECONDS = 5.0
TAKE_UP_SECONDS = 3_600.0
COMPLETE_SECONDS = 0.5
HEALTH_SECONDS = 60.0
FORGET_SECONDS = 3600.0
SIGN_SECONDS = 10.0
ALERT_SECONDS = 10.0
SIGNS_KEPT = timedelta(days=1)
# Of delivered events and of what visits met: long enough to look into what was missed.
KEPT = timedelta(days=30)


@dataclass(slots=True)
class Step:
    """Something to do every so many seconds; ``trouble`` is why it failed the last time.

    A moment that ``act`` gives is when it has to be done again, if that comes sooner.
    """

    name: str
    every: float
    act: Callable[[datetime], object]
    due: float = 0.0
    trouble: str = ""


class Clock:
    """The loop over the steps; each may fail without stopping the others."""

    def __init__(
        self,
        steps: Sequence[Step],
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._steps = list(steps)
        self._now = now
        self._clock = clock

    def add(self, *steps: Step) -> None:
        """Take further steps in, which may look back at the others."""
        self._steps += steps

    def run(self, stop: threading.Event) -> None:
        """Run the steps when they are due until ``stop`` is set."""
        while not stop.is_set():
            self.pass_once()
            first = min(step.due for step in self._steps)
            stop.wait(max(0.0, first - self._clock()))

    def pass_once(self) -> None:
        """Run every step that is due."""
        for step in self._steps:
            if self._clock() >= step.due:
                soon = self._try(step)
                step.due = self._clock() + min(step.every, soon)

    def troubles(self) -> str:
        """Say which steps failed when they last ran; empty when all is well."""
        return "; ".join(f"{step.name}: {step.trouble}" for step in self._steps if step.trouble)

    def _try(self, step: Step) -> float:
        """Do a step; give the seconds after which it wants to be done again."""
        wish: object = None
        trouble = ""
        try:
            wish = step.act(self._now())
        except (GomtinError, SQLAlchemyError, redis.RedisError) as error:
            trouble = str(error).split("\n", 1)[0] or type(error).__name__
            if trouble != step.trouble:
                log.warning("%s failed, it is tried again: %s", step.name, trouble)
        step.trouble = trouble
        if not isinstance(wish, datetime):
            return step.every
        return max((wish - self._now()).total_seconds(), SOONEST)


def schedule_step(store: Store, bell: Bell) -> Callable[[datetime], datetime | None]:
    """Make the step that turns due slots into runs and rings for them.

    It gives the next due time. While nothing is due it only reads, and waits for no writer.
    """

    def act(now: datetime) -> datetime | None:
        with store.read() as conn:
            due = next_due(conn, now)
        if due is None or due > now:
            return due
        with store.begin() as conn:
            made = claim_due(conn, now)
            due = next_due(conn, now)
        for run_id in made:
            if not bell.crawl(run_id):
                break  # the broker is away: the sweeper rings for the rest
        return due

    return act


def take_up_step(store: Store) -> Callable[[datetime], object]:
    """Make the step that puts the listed portals on the schedule that were never on it."""

    def act(now: datetime) -> None:
        with store.begin() as conn:
            for portal in take_up(conn, listed_portals(), now):
                log.info("%s is on the schedule now: config/schedule.toml names it", portal)

    return act


def complete_step(store: Store) -> Callable[[datetime], object]:
    """Make the step that calls fetched runs done which wait for no draft."""

    def act(now: datetime) -> None:
        with store.begin() as conn:
            complete_runs(conn, now)

    return act


def health_step(store: Store) -> Callable[[datetime], object]:
    """Make the step that tells of portals which are not run though they are due."""

    def act(now: datetime) -> None:
        with store.begin() as conn:
            for portal, (run_id, reason) in overdue(conn, now).items():
                late = Finding(NOT_RUN, "late", "run", 1.0, 0, (), reason)
                note_missed(conn, portal, run_id, late, now)

    return act


def forget_step(store: Store) -> Callable[[datetime], object]:
    """Make the step that deletes old events, what old visits met, and signs of gone workers."""

    def act(now: datetime) -> None:
        with store.begin() as conn:
            forget_relayed(conn, now - KEPT)
            forget_met(conn, now - KEPT)
            forget_signs(conn, now - SIGNS_KEPT)

    return act


class Alarm:
    """The loop that tells of alerts, in a thread: a server that is silent holds up no slot."""

    def __init__(self, store: Store, settings: Settings, stop: threading.Event) -> None:
        alerts = Alerts(store, ways_of(settings), timedelta(seconds=settings.alert_every))
        self._clock = Clock([Step("alerts", ALERT_SECONDS, alerts.tell)])
        self._stop = stop
        self._thread = threading.Thread(
            target=self._clock.run, args=(stop,), name="alerts", daemon=True
        )
        self._thread.start()

    def troubles(self) -> str:
        """Say why the last alert was not told; end a process whose alerts nobody tells."""
        if not (self._thread.is_alive() or self._stop.is_set()):
            leave("clock", "the loop of its alerts has ended")
        return self._clock.troubles()


def steps(settings: Settings, store: Store, bell: Bell, relay: Relay) -> list[Step]:
    """Make the steps of the clock that move the archive on."""
    return [
        Step("schedule", SCHEDULE_SECONDS, schedule_step(store, bell)),
        Step("take up", TAKE_UP_SECONDS, take_up_step(store)),
        Step("plan", PLAN_SECONDS, lambda now: plan_slots(store, now)),
        Step("complete", COMPLETE_SECONDS, complete_step(store)),
        Step("relay", RELAY_SECONDS, relay.relay),
        Step("sweep", settings.sweep_seconds, Sweeper(store, bell, settings).sweep),
        Step("health", HEALTH_SECONDS, health_step(store)),
        Step("forget", FORGET_SECONDS, forget_step(store)),
    ]


def run_clock(settings: Settings, stop: threading.Event, parent: int = 0) -> None:
    """Run the clock until ``stop`` is set; ``parent`` is the process it must not outlive."""
    watch = LoopWatch(settings.stall_seconds, excused=lambda: False, parent=parent, role="clock")
    watch.start()
    store = open_store(settings.store_url)
    bell = Bell(settings)
    client = connect(settings.broker)
    relay = Relay(store, client, owner=f"{socket.gethostname()}:{os.getpid()}")
    alarm = Alarm(store, settings, stop)
    clock = Clock(steps(settings, store, bell, relay))

    def troubles() -> str:
        return "; ".join(filter(None, (clock.troubles(), alarm.troubles())))

    def beat(now: datetime) -> None:
        watch.passed()
        missing = "" if answers(settings.broker) else "the broker does not answer"
        write_beat(settings.data, "clock", now, troubles() or missing)

    def sign(now: datetime) -> None:
        with store.begin() as conn:
            note_sign(conn, "clock", socket.gethostname(), now, troubles())

    clock.add(Step("sign", SIGN_SECONDS, sign), Step("beat", BEAT_SECONDS, beat))
    clock.run(stop)
    relay.release()
    client.close()
    bell.close()
    store.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the clock with the settings of the environment until TERM or INT."""
    parser = argparse.ArgumentParser(prog="python -m workers.clock", description=__doc__)
    parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")
    options = parser.parse_args(argv)
    settings = load_settings()
    start_logging(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    start_tracing("clock")
    run_clock(settings, stop, options.parent)
    stop_tracing()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
