"""Let gomtin alone for a month: replicas publish, the schedule decides, real crawls read.

    python -m bench.month             30 days, eleven minutes
    python -m bench.month --days 7 --seed 2 --store postgresql

Five portals publish by the hours of offices and of a newspaper, rest at Tết, correct a tenth of
their articles and withdraw some. Four have faults (bench/month_faults), one is away for 12 minutes
every evening, one moves to https, one is paused for two days, one has quiet hours, one a small
budget. A backfill runs beside the visits, Redis and PostgreSQL are killed once in the midst of a
visit, for an hour there is no room on the disk for what crawls write. Crawl and ingest workers,
their crawl processes, Redis, webhook and mail are the real ones; the clock's own steps run in this
process. Whenever nothing is left to do, all their clocks are put forward to what is due next
(bench/jumping_clock). There is no delay between requests.

Exit code 1 if an article was missed, late or stored twice, a correction or withdrawal was not seen,
one was seen that there was not, a sound portal was called anything but well, a fault or its end was
told of never or twice, the operator got two messages at once, a visit fell into quiet hours, a
budget was overspent, or a draft was buried.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bench import postgres
from bench.fault_kinds import limit_files
from bench.faults import STORES, store_url
from bench.month_alarms import print_alarms
from bench.month_calendar import Calendar
from bench.month_faults import BEGIN, BREAKS, DAY, DISK_FULL, MOVED, moving
from bench.month_growth import MB, print_growth, sizes
from bench.month_operator import SECRET, Post, print_views, receivers
from bench.month_report import Seen, print_portals, schedule_faults, told_twice
from bench.month_world import TIMINGS, Month
from config.settings import Settings
from demo.content import PORTALS
from demo.serve import serve
from pipelines.health.standing import FRESH
from pipelines.store import schema
from pipelines.store.engine import open_store
from pipelines.store.inbox import pending
from pipelines.store.overview import overview
from pipelines.store.pruning import plan, prune, sweep_files
from pipelines.store.runs import SLICE, RunParams, change_params, create_run, get_run
from pipelines.store.schedule import Timing, next_due, pause, set_slot
from workers.alerts import Alerts, ways_of
from workers.bell import Bell
from workers.broker import EmbeddedBroker, connect
from workers.clock import ALERT_SECONDS, Clock, Step, steps
from workers.relay import Relay
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from pipelines.store.engine import Store

STEP = timedelta(minutes=30)  # the longest that nobody looks
BACKFILL = "angiang_dcs", BEGIN + timedelta(days=5, hours=10)
REDIS_DIES = BEGIN + timedelta(days=8, hours=9, minutes=30)
POSTGRES_DIES = BEGIN + timedelta(days=9, hours=10)
PAUSED, PAUSE, RESUME = "danvankheo", BEGIN + 24 * DAY, BEGIN + 26 * DAY
HOUR = timedelta(hours=1)
PRUNED = timedelta(days=7)  # this is done weekly, with all that is older
PATIENCE = 300.0  # seconds until what is due is done


class ReplicaBell(Bell):
    """Sends each run to the replica of its portal before it rings for it."""

    def __init__(self, settings: Settings, store: Store, sites: Mapping[str, str]) -> None:
        super().__init__(settings)
        self._store, self._sites = store, sites

    def crawl(self, run_id: int) -> bool:
        """Ask a crawl worker to start the run."""
        with self._store.begin() as conn:
            run = get_run(conn, run_id)
            params = replace(run.params, base_url=self._sites[run.portal], delay=0.0)
            change_params(conn, run_id, params, run.created_at)
        return super().crawl(run_id)


@dataclass
class Run:
    """The month under way: what happens when, and what an operator would have seen each hour."""

    calendar: Calendar
    settings: Settings
    seen: Seen
    _blows: list[Callable[[], None]] = field(default_factory=list)
    _looked: int = -1

    def live(self, store: Store, stack: Stack, sites: Mapping[str, str], bar: Progress) -> None:
        """Let the time pass until the end."""
        self._store, self._stack = store, stack
        self._bell = ReplicaBell(stack.settings, store, sites)
        relay = Relay(
            store, connect(stack.settings.broker), owner="month", clock=self.calendar.seconds
        )
        alerts = Alerts(store, ways_of(self.settings), self.seen.every)
        own = [*steps(stack.settings, store, self._bell, relay)]
        own.append(Step("alerts", ALERT_SECONDS, alerts.tell))
        self._clock = Clock(own, now=self.calendar.now, clock=self.calendar.seconds)
        with store.begin() as conn:
            for portal in PORTALS:
                timing = self.seen.timings.get(portal, Timing())
                set_slot(conn, portal, BEGIN, timing, first_at=BEGIN)
        plot = self._plot()
        task = bar.add_task("days", total=(self.seen.end - BEGIN) / DAY)
        while (now := self.calendar.now()) < self.seen.end:
            self._clock.pass_once()
            while plot and plot[0][0] <= now:
                plot.pop(0)[1]()
            self._work()
            self._look(now)
            with store.read() as conn:
                due = next_due(conn, self.calendar.now())
            coming = [self.calendar.now() + STEP, self.seen.end, due, *(at for at, _ in plot[:1])]
            self.calendar.forward(min(at for at in coming if at))
            bar.update(task, completed=(self.calendar.now() - BEGIN) / DAY)
        self.calendar.forward(self.seen.end + self.seen.every)
        self._clock.pass_once()
        self._look(self.calendar.now())
        self._bell.close()

    def _plot(self) -> list[tuple[datetime, Callable[[], None]]]:
        """Give what happens when, the first first."""
        plot = [(BACKFILL[1], self._backfill), (PAUSE, self._pause)]
        plot += [(REDIS_DIES, lambda: self._blows.append(self._kill_redis))]
        if self.settings.store:
            plot += [(POSTGRES_DIES, lambda: self._blows.append(self._restart_postgres))]
        full, free = DISK_FULL
        plot += [
            (full, lambda: self._limit(1)),
            (free, lambda: self._limit(resource.RLIM_INFINITY)),
        ]
        plot += [(BEGIN + n * PRUNED, self._prune) for n in range(1, 9)]
        return sorted(plot, key=lambda one: one[0])

    def _work(self) -> None:
        """Wait until all that is to be done is done, and the clock's steps have seen it."""
        limit, calm = time.monotonic() + PATIENCE, False
        while not calm or self._busy():
            calm = not self._busy()
            if calm:
                self.calendar.forward(self.calendar.now() + timedelta(seconds=1))
            else:
                time.sleep(0.02)
            self._stack.check()
            self._clock.pass_once()
            if time.monotonic() > limit:
                sys.exit(f"{self.calendar.now()}: nothing moves; {self._clock.troubles()}")

    def _busy(self) -> bool:
        table = schema.runs
        active = select(table.c.state).where(table.c.state.in_(("queued", "running")))
        try:
            with self._store.read() as conn:
                states = set(conn.execute(active).scalars())
                waiting = pending(conn)
        except SQLAlchemyError:
            return True  # PostgreSQL is being restarted
        if "running" in states and self._blows:
            self._blows.pop()()
        return bool(states or waiting or self._bell.held() or self._crawling())

    def _crawling(self) -> bool:
        """Tell whether a crawl process is there: its last word may be the time of the next."""
        return any(nursery.children() for nursery in self._nurseries())

    def _look(self, now: datetime) -> None:
        """Once an hour see how portals stand, once a day how much there is."""
        hour = (now - BEGIN) // HOUR
        if hour == self._looked:
            return
        self._looked = hour
        with self._store.read() as conn:
            stood = [(one.portal, one.standing) for one in overview(conn, now)]
        self.seen.stood += [(now, portal, one) for portal, one in stood if one.state != FRESH]
        if len(self.seen.days) <= (now - BEGIN) / DAY:
            self.seen.days.append(sizes(self._store, self.settings, self._stack.settings.broker))

    def _backfill(self) -> None:
        with self._store.begin() as conn:
            run = create_run(
                conn, BACKFILL[0], "backfill", RunParams(slice=SLICE), self.calendar.now()
            )
        self._bell.crawl(run)

    def _kill_redis(self) -> None:
        address = EmbeddedBroker(self.settings.data / "broker").address
        assert address is not None
        os.kill(address.pid, signal.SIGKILL)

    def _restart_postgres(self) -> None:
        postgres.restart(Path(self.settings.store.rpartition("host=")[2]))

    def _limit(self, size: int) -> None:
        """Let crawl processes write no byte beyond ``size``: the nursery hands it on to them."""
        limit_files([nursery.pid for nursery in self._nurseries()], size)

    def _nurseries(self) -> list[psutil.Process]:
        """Give the parents of the crawl processes."""
        crawl = next(one.process for one in self._stack.workers if one.role == "crawl")
        assert crawl is not None
        return psutil.Process(crawl.pid).children()

    def _pause(self) -> None:
        with self._store.begin() as conn:
            pause(conn, PAUSED, "the editors move", RESUME)

    def _prune(self) -> None:
        now, folder = self.calendar.now(), self.settings.snapshot_folder
        files = plan(self._store, now - PRUNED)
        self.seen.pruned += sum(one.freed for one in prune(self._store, folder, files))
        self.seen.pruned += sweep_files(self._store, folder, now)


def main(arguments: Sequence[str] | None = None) -> int:
    """Live a month and print what came of it."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m bench.month",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1, help="another month than that of 1")
    parser.add_argument("--store", choices=STORES, default=STORES[0])
    options = parser.parse_args(arguments)
    post = Post()
    with (
        tempfile.TemporaryDirectory() as name,
        receivers(post) as (webhook, smtp),
        store_url(options.store) as url,
    ):
        calendar, end = Calendar(Path(name) / "clock"), BEGIN + options.days * DAY
        settings = Settings(
            data=Path(name) / "data", store=url, alert_webhook=webhook, alert_secret=SECRET,
            smtp=smtp, alert_mail_to="ops@example.vn",
        )  # fmt: skip
        world = Month(calendar.now, end, options.seed)
        every = timedelta(seconds=settings.alert_every)
        seen = Seen(world, end, {PAUSED: (PAUSE, RESUME)}, post, every, BREAKS, TIMINGS)
        wrong = _live(Run(calendar, settings, seen), Path(name))
    print_growth(seen.days)
    print(f"pruned on the way: {seen.pruned / MB:.1f} MB of pages")
    print(*(f"WRONG: {said}" for said in wrong or ["nothing"]), sep="\n")
    return 1 if wrong else 0


def _live(run: Run, folder: Path) -> list[str]:
    """Live the month; print what came of it, give what is wrong."""
    seen, settings = run.seen, run.settings
    store = open_store(settings.store_url)
    kinds = {kind.id: kind for kind in seen.world.sites()}
    with (
        serve(world=seen.world, kinds=(one for one in kinds.values() if one.id != MOVED)) as others,
        moving(kinds[MOVED], seen.world, folder) as (moved, trusted),
    ):
        os.environ["SSL_CERT_FILE"] = str(trusted)
        with (
            Stack(settings, roles=("broker", "crawl", "ingest"), now=run.calendar.now) as stack,
            Progress(console=Console(stderr=True), transient=True) as bar,
        ):
            run.live(store, stack, {**others.urls, MOVED: moved}, bar)
            print_views(stack.settings)
    with store.read() as conn:
        wrong = [*print_portals(conn, seen), *print_alarms(conn, seen), *told_twice(conn)]
        wrong += schedule_faults(conn, seen)
    store.close()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
