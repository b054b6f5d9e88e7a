from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil

from workers import crawls as module
from workers.crawls import CrawlProcesses

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def python(code: str) -> Callable[[int], list[str]]:
    return lambda run_id: [sys.executable, "-c", code, str(run_id)]


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


def make(folder: Path, code: str, limit: int = 2, clock: float = 0.0) -> CrawlProcesses:
    return CrawlProcesses(
        folder, limit=limit, env=dict(os.environ), command=python(code), clock=lambda: clock
    )


def test_bounded_and_one_process_a_run(tmp_path: Path) -> None:
    crawls = make(tmp_path, "import time; time.sleep(30)")
    assert [crawls.start(run) for run in (1, 1, 2, 3)] == [True, False, True, False]
    assert crawls.running == (1, 2)
    started = time.monotonic()
    crawls.close(grace=5)
    assert time.monotonic() - started < 5
    assert not crawls.running


def test_the_process_leads_its_own_session_and_is_logged(tmp_path: Path) -> None:
    crawls = make(tmp_path, "import os, sys; print(sys.argv[1], os.getsid(0) == os.getpid())")
    crawls.start(7)
    until(lambda: bool(crawls.reap()))
    assert (tmp_path / "run-7.log").read_text().split() == ["7", "True"]


def test_ended_processes_are_reaped_and_room_is_made(tmp_path: Path) -> None:
    crawls = make(tmp_path, "raise SystemExit(int(__import__('sys').argv[1]))", limit=1)
    crawls.start(0)
    started = crawls._running[0].pid
    ended: dict[int, int] = {}
    until(lambda: bool(ended.update(crawls.reap()) or ended))
    assert ended == {0: started}
    assert crawls.free == 1
    assert all(c.status() != psutil.STATUS_ZOMBIE for c in psutil.Process().children())


def test_a_run_that_failed_is_held_off_a_while(tmp_path: Path) -> None:
    now = [0.0]
    crawls = CrawlProcesses(
        tmp_path,
        limit=1,
        env=dict(os.environ),
        command=python("raise SystemExit(3)"),
        clock=lambda: now[0],
    )
    for failures in (1, 2):
        assert crawls.start(5)
        until(lambda: bool(crawls.reap()))
        assert crawls.failures(5) == failures
        assert not crawls.start(5)
        now[0] += module.HOLD_OFF * failures


def test_old_logs_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOGS_KEPT", 2)
    for run in range(5):
        (tmp_path / f"run-{run}.log").touch()
        os.utime(tmp_path / f"run-{run}.log", (run, run))
    crawls = make(tmp_path, "")
    crawls.start(9)
    until(lambda: bool(crawls.reap()))
    assert sorted(path.name for path in tmp_path.glob("*.log")) == ["run-4.log", "run-9.log"]


def test_a_crawl_does_not_outlive_a_killed_worker(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from workers.crawls import *;"
        "c = CrawlProcesses(Path(sys.argv[1]), limit=1, env=dict(os.environ),"
        " command=lambda run: ['sleep', '60']); c.start(1);"
        "print(c._running[1].pid, flush=True); time.sleep(60)"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    with worker.stdout as output:
        crawl = int(output.readline())
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    until(lambda: not runs(crawl))


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
