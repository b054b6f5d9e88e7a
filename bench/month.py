"""Let gomtin alone for a month: replicas publish, the schedule decides, real crawls read.

    python -m bench.month             30 days, eleven minutes
    python -m bench.month --days 7

Five portals publish by the hours of offices and of a newspaper, correct a tenth of their articles
and withdraw some. One is broken for a week, one is away for 12 minutes every evening, one is paused
for two days, a backfill runs beside the visits, Redis is killed once. Crawl and ingest workers,
their crawl processes and Redis are the real ones; the clock's own steps run in this process.
Whenever nothing is left to do, all their clocks are put forward to what is due next
(bench/jumping_clock). There is no delay between requests.

Exit code 1 if an article was missed or stored twice, a correction or withdrawal was not seen, one
was seen that there was not, a sound portal was called anything but well, the broken one was not
named, or a draft was buried.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, select

from bench.fault_kinds import JUMPED_PATH
from bench.month_report import Seen, print_alarms, print_growth, print_portals, told_twice
from bench.month_world import BEGIN, DAY, Month
from config.settings import Settings
from demo.content import PORTALS
from demo.serve import serve
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
from workers.relay import STREAM, Relay
from workers.start import utc_now
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from pipelines.store.engine import Store

STEP = timedelta(minutes=30)  # the longest that nobody looks
BACKFILL = "angiang_dcs", BEGIN + timedelta(days=5, hours=10)
REDIS_DIES = BEGIN + timedelta(days=8, hours=9, minutes=30)
PAUSED, PAUSE, RESUME = "danvankheo", BEGIN + 21 * DAY, BEGIN + 23 * DAY
PRUNED = timedelta(days=7)  # this is done weekly, with all that is older
PATIENCE = 180.0  # seconds until what is due is done
TABLES = ("articles", "revisions", "runs", "outcomes", "pages", "snapshots", "run_facts", "outbox")
MB = 1_000_000


class Calendar:
    """The time of all processes: the machine's, put forward by what stands in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta()
        self.forward(BEGIN)
        os.environ["JUMPED_CLOCK"] = str(file)
        os.environ["PYTHONPATH"] = f"{JUMPED_PATH}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"

    def now(self) -> datetime:
        """Give the time."""
        return utc_now() + self._ahead

    def seconds(self) -> float:
        """Give the time as a number."""
        return self.now().timestamp()

    def forward(self, to: datetime) -> None:
        """Put the time forward; one that is past already changes nothing."""
        self._ahead += max(to - self.now(), timedelta())
        draft = self._file.with_suffix(".new")
        draft.write_text(str(self._ahead.total_seconds()), "ascii")
        draft.replace(self._file)


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


@contextmanager
def receiver(messages: list[dict[str, Any]]) -> Iterator[str]:
    """Take alerts in; give the address."""

    class Alert(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Alert) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@dataclass
class Run:
    """The month under way: what happens when, and what an operator would have seen each day."""

    calendar: Calendar
    settings: Settings
    seen: Seen

    def live(self, store: Store, stack: Stack, sites: Mapping[str, str], bar: Progress) -> None:
        """Let the time pass until the end."""
        self._store, self._stack = store, stack
        self._bell = ReplicaBell(stack.settings, store, sites)
        relay = Relay(
            store, connect(stack.settings.broker), owner="month", clock=self.calendar.seconds
        )
        every = timedelta(seconds=self.settings.alert_every)
        alerts = Step("alerts", ALERT_SECONDS, Alerts(store, ways_of(self.settings), every).tell)
        own = [*steps(stack.settings, store, self._bell, relay), alerts]
        self._clock = Clock(own, now=self.calendar.now, clock=self.calendar.seconds)
        with store.begin() as conn:
            for portal in PORTALS:
                set_slot(conn, portal, BEGIN, Timing(), first_at=BEGIN)
        plot = [(BACKFILL[1], self._backfill), (REDIS_DIES, self._kill), (PAUSE, self._pause)]
        plot += [(BEGIN + n * PRUNED, self._prune) for n in range(1, 9)]
        plot.sort(key=lambda one: one[0])
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
        self.calendar.forward(self.seen.end + every)
        self._clock.pass_once()
        self._look(self.calendar.now())
        self._bell.close()

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
        active = schema.runs.c.state.in_(("queued", "running"))
        with self._store.read() as conn:
            waiting = conn.execute(select(func.count()).where(active)).scalar_one()
            return bool(waiting or pending(conn) or self._bell.held())

    def _look(self, now: datetime) -> None:
        """Once a day, see how portals stand and how much there is."""
        if len(self.seen.days) > (now - BEGIN) / DAY:
            return
        with self._store.read() as conn:
            for one in overview(conn, now):
                self.seen.stood[one.portal, one.standing.state] += 1
            tables = {name: schema.metadata.tables[name] for name in TABLES}
            seen: dict[str, float] = {
                name: conn.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in tables.items()
            }
        data = self.settings.data
        with connect(self._stack.settings.broker) as client:
            seen["stream"] = int(client.xlen(STREAM))
        seen["pages, MB"] = _size(self.settings.snapshot_folder) / MB
        seen["store, MB"] = sum(one.stat().st_size for one in data.glob("gomtin.sqlite3*")) / MB
        seen["logs, MB"] = _size(data / "logs") / MB
        self.seen.days.append(seen)

    def _backfill(self) -> None:
        with self._store.begin() as conn:
            run = create_run(
                conn, BACKFILL[0], "backfill", RunParams(slice=SLICE), self.calendar.now()
            )
        self._bell.crawl(run)

    def _kill(self) -> None:
        address = EmbeddedBroker(self.settings.data / "broker").address
        assert address is not None
        os.kill(address.pid, signal.SIGKILL)

    def _pause(self) -> None:
        with self._store.begin() as conn:
            pause(conn, PAUSED, "the editors move", RESUME)

    def _prune(self) -> None:
        now, folder = self.calendar.now(), self.settings.snapshot_folder
        with self._store.read() as conn:
            files = plan(conn, now - PRUNED)
        self.seen.pruned += sum(one.freed for one in prune(self._store, folder, files))
        self.seen.pruned += sweep_files(self._store, folder, now)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


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
    options = parser.parse_args(arguments)
    messages: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, receiver(messages) as webhook:
        calendar, end = Calendar(Path(name) / "clock"), BEGIN + options.days * DAY
        secret = secrets.token_hex(16)
        settings = Settings(data=Path(name) / "data", alert_webhook=webhook, alert_secret=secret)
        seen = Seen(
            Month(calendar.now, end, options.seed), end, {PAUSED: (PAUSE, RESUME)}, messages
        )
        store = open_store(settings.store_url)
        with (
            serve(world=seen.world, kinds=seen.world.sites()) as replicas,
            Stack(settings, roles=("broker", "crawl", "ingest"), now=calendar.now) as stack,
            Progress(console=Console(stderr=True), transient=True) as bar,
        ):
            Run(calendar, settings, seen).live(store, stack, replicas.urls, bar)
        with store.read() as conn:
            wrong = [*print_portals(conn, seen), *print_alarms(conn, seen), *told_twice(conn)]
        store.close()
    print_growth(seen)
    print(*(f"WRONG: {said}" for said in wrong or ["nothing"]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
