"""How long a crawl process takes from its order to its first request, beside a bare Scrapy process.

A socket of our own is the site: it notes the moment of the first request, and what CPU all
processes below this one have used since the order. The crawl processes are started as the crawl
worker starts them; the first of them may pay for what the later ones share.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.metered import cpu_below
from bench.rivals import clean_env
from config.settings import load_settings
from pipelines.store.engine import open_store
from pipelines.store.runs import RunParams, complete_runs, create_run
from workers.crawls import CrawlProcesses
from workers.process import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipelines.store.engine import Store

PEER = Path(__file__).with_name("peer_one_page.py")
PORTAL = "hiepninh"
HOME = b'<a href="/vi/news/tin/bai-viet-1.html">an article, so that the crawl has met one</a>'
PATIENCE = 60.0  # seconds for a first request on a busy machine


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the order to the first request: wall, and CPU of all that was started."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Startup:
    """The first start of gomtin's, the median of its later ones, and the peer's median."""

    first: Start
    later: Start
    peer: Start


class Wire(ThreadingHTTPServer):
    """A site on loopback of one page, which notes when it is asked for the first time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"
        self._asked = threading.Event()
        self._at = 0.0
        self._cpu = 0.0

    def note(self) -> None:
        """Keep time and CPU of the first request since ``time_start``."""
        if not self._asked.is_set():
            self._at, self._cpu = time.monotonic(), cpu_below()
            self._asked.set()

    def time_start(self, start: Callable[[], object]) -> Start:
        """Call ``start`` and wait for the first request."""
        self._asked.clear()
        before, ordered = cpu_below(), time.monotonic()
        start()
        if not self._asked.wait(PATIENCE):
            raise TimeoutError(f"no request within {PATIENCE:.0f} s")
        return Start(self._at - ordered, self._cpu - before)


class _Handler(BaseHTTPRequestHandler):
    server: Wire

    def do_GET(self) -> None:
        self.server.note()
        body = HOME if self.path == "/" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep silent."""


def measure_startup(times: int) -> Startup:
    """Start each side ``times`` times, alternating, after the first start of gomtin's."""
    with (
        TemporaryDirectory(prefix="gomtin-bench-") as folder,
        _wire() as wire,
        _crawls(Path(folder), wire.url) as crawl,
    ):
        first = wire.time_start(crawl.start)
        crawl.wait()
        later, peer = [], []
        for _ in range(times):
            later.append(wire.time_start(crawl.start))
            crawl.wait()
            peer.append(_peer(wire))
    return Startup(first, _median(later), _median(peer))


def _median(starts: Sequence[Start]) -> Start:
    walls, cpus = [one.wall for one in starts], [one.cpu for one in starts]
    return Start(statistics.median(walls), statistics.median(cpus))


def _peer(wire: Wire) -> Start:
    command = [sys.executable, "-m", "scrapy", "runspider", str(PEER), "-a", f"url={wire.url}"]
    command += ["--loglevel", "WARNING"]
    started: list[subprocess.Popen[bytes]] = []
    try:
        return wire.time_start(lambda: started.append(subprocess.Popen(command, env=clean_env())))
    finally:
        for process in started:
            process.wait(PATIENCE)


@contextmanager
def _wire() -> Iterator[Wire]:
    with Wire() as wire:
        serving = threading.Thread(target=wire.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        try:
            yield wire
        finally:
            wire.shutdown()
            serving.join()


class _Crawls:
    """Runs of one portal, started one after the other in processes of their own."""

    def __init__(self, store: Store, processes: CrawlProcesses, url: str) -> None:
        self._store = store
        self._processes = processes
        self._params = RunParams(base_url=url, limit=1, delay=0.0)

    def start(self) -> None:
        """Create a run and start its process."""
        with self._store.begin() as conn:
            run = create_run(conn, PORTAL, "incremental", self._params, datetime.now(UTC))
        if not self._processes.start(run):
            raise RuntimeError(f"the process of run {run} was not started")

    def wait(self) -> None:
        """Wait for the process's end and call the run done."""
        limit = time.monotonic() + PATIENCE
        while self._processes.running:
            self._processes.reap()
            if time.monotonic() > limit:
                raise TimeoutError("the crawl process does not end")
            time.sleep(0.01)
        with self._store.begin() as conn:
            complete_runs(conn, datetime.now(UTC))


@contextmanager
def _crawls(folder: Path, url: str) -> Iterator[_Crawls]:
    settings = replace(load_settings({}), data=folder)
    store = open_store(settings.store_url)
    processes = CrawlProcesses(folder / "logs", limit=1, env=environment(settings))
    try:
        yield _Crawls(store, processes, url)
    finally:
        processes.close(5.0)
        store.close()
