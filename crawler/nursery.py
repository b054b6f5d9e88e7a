"""Start crawl processes from one that has imported everything: ``python -m crawler.nursery``.

Importing Scrapy and SQLAlchemy costs more CPU than a run that finds nothing new; a process that has
done it once and forks pays it once. It reads lines of JSON, ``{"run": 12, "log": "run-12.log"}``,
and writes ``{"run": 12, "pid": 345}`` when the run's process is made and ``{"run": 12, "code": 0}``
when it has ended (negative: the signal). The end of its input ends it and the crawls with it, whose
leases then run out.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import selectors
import signal
import sys
from contextlib import suppress

from config import traces
from crawler import run
from crawler.registry import all_portals
from pipelines.clean.gazetteer import gazetteer

ORDERS = 0  # standard input
REPORTS = 1  # standard output
PR_SET_PDEATHSIG = 1  # linux/prctl.h
FAULT = 70  # sysexits.h: EX_SOFTWARE
LATE = (
    "celery", "kombu.transport.redis", "protego", "sqlite3", "warcio.warcwriter",
    "pipelines.clean.generic", "scrapy.core.scheduler", "scrapy.dupefilters",
    "scrapy.extensions.throttle", "scrapy.logformatter", "scrapy.pqueues", "scrapy.robotstxt",
    "scrapy.squeues", "scrapy.statscollectors",
)  # fmt: skip


def main() -> int:
    """Serve until the input ends."""
    warm_up()
    gc.freeze()  # the pages of what is imported stay shared between the crawls
    wake, waker = os.pipe()
    for end in (wake, waker):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    _serve(wake)
    return 0


def _serve(wake: int) -> None:
    """Carry out orders, and report what has ended; a byte in ``wake`` says that something has."""
    crawls: dict[int, int] = {}
    unread = b""
    with selectors.DefaultSelector() as selector:
        for source in (ORDERS, wake):
            selector.register(source, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if wake in ready:
                with suppress(BlockingIOError):
                    os.read(wake, 4096)
                _report_ended(crawls)
            if ORDERS in ready:
                received = os.read(ORDERS, 65_536)
                if not received:
                    return
                *lines, unread = (unread + received).split(b"\n")
                for line in lines:
                    order = json.loads(line)
                    pid = _fork(order["run"], order["log"])
                    crawls[pid] = order["run"]
                    _say({"run": order["run"], "pid": pid})


def warm_up() -> None:
    """Import what Scrapy, the doorbell and the cleaning import late; no reactor is among it."""
    parts = (*run.DOWNLOADER_PARTS, *run.SPIDER_PARTS, run.HTTP)
    for name in (*(part.rpartition(".")[0] for part in parts), *LATE):
        importlib.import_module(name)
    if traces.are_wanted():
        importlib.import_module("config.collector")  # it starts no thread before it is used
    list(all_portals())
    gazetteer()


def _report_ended(crawls: dict[int, int]) -> None:
    for pid in list(crawls):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            _say({"run": crawls.pop(pid), "code": code})


def _say(report: dict[str, int]) -> None:
    os.write(REPORTS, json.dumps(report).encode() + b"\n")


def _fork(run_id: int, log: str) -> int:
    """Start the process of a run and give its pid; the child never returns."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = FAULT
    try:
        _become_crawl(parent, log)
        code = run.main([str(run_id)])
    except SystemExit as leave:
        code = leave.code if isinstance(leave.code, int) else FAULT
    except BaseException:  # noqa: BLE001 - the child must end here, with its fault in its log
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become_crawl(parent: int, log: str) -> None:
    """Give the child a session, a log and signals of its own."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(FAULT)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(output)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main())
