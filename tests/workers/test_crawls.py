from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from workers import crawls as module
from workers.crawls import CrawlProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator


Make = Callable[..., CrawlProcesses]


def python(code: str) -> list[str]:
    """The nursery, whose crawls run ``code`` with the run's id as their argument."""
    return [sys.executable, str(Path(__file__).with_name("odd_nursery.py")), code]


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., CrawlProcesses]]:
    """Make CrawlProcesses whose crawls run some code; they are closed after the test."""
    made: list[CrawlProcesses] = []

    def build(
        code: str, limit: int = 2, clock: Callable[[], float] = lambda: 0.0
    ) -> CrawlProcesses:
        env = dict(os.environ)
        crawls = CrawlProcesses(tmp_path, limit=limit, env=env, command=python(code), clock=clock)
        made.append(crawls)
        return crawls

    yield build
    for crawls in made:
        crawls.close(grace=2)


def test_bounded_and_one_process_a_run(make: Make) -> None:
    crawls = make("import time; time.sleep(30)")
    assert [crawls.start(run) for run in (1, 1, 2, 3)] == [True, False, True, False]
    assert crawls.running == (1, 2)
    started = time.monotonic()
    crawls.close(grace=5)
    assert time.monotonic() - started < 5
    assert not crawls.running


def test_the_process_leads_its_own_session_and_is_logged(make: Make, tmp_path: Path) -> None:
    crawls = make("import os, sys; print(sys.argv[1], os.getsid(0) == os.getpid())")
    crawls.start(7)
    until(lambda: bool(crawls.reap()))
    assert (tmp_path / "run-7.log").read_text().split() == ["7", "True"]


def test_ended_processes_are_reaped_and_room_is_made(make: Make) -> None:
    crawls = make("raise SystemExit(int(__import__('sys').argv[1]))", limit=1)
    crawls.start(0)
    started = crawls._running[0].pid
    ended: dict[int, int] = {}
    until(lambda: bool(ended.update(crawls.reap()) or ended))
    assert ended == {0: started}
    assert crawls.free == 1
    assert not psutil.pid_exists(started)  # no zombie stays


def test_a_run_that_failed_is_held_off_a_while(make: Make) -> None:
    now = [0.0]
    crawls = make("raise SystemExit(3)", limit=1, clock=lambda: now[0])
    for failures in (1, 2):
        assert crawls.start(5)
        until(lambda: bool(crawls.reap()))
        assert crawls.failures(5) == failures
        assert not crawls.start(5)
        now[0] += module.HOLD_OFF * failures


def test_a_process_that_ends_at_once_is_reaped_too(make: Make) -> None:
    crawls = make("import os; os._exit(0)", limit=1)
    for run in range(1, 31):
        assert crawls.start(run)
        until(lambda: bool(crawls.reap()))


def test_old_logs_go(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOGS_KEPT", 2)
    for run in range(5):
        (tmp_path / f"run-{run}.log").touch()
        os.utime(tmp_path / f"run-{run}.log", (run, run))
    crawls = make("")
    crawls.start(9)
    until(lambda: bool(crawls.reap()))
    assert sorted(path.name for path in tmp_path.glob("*.log")) == [
        "nursery.log",
        "run-4.log",
        "run-9.log",
    ]


def test_a_crawl_does_not_outlive_a_killed_worker(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from workers.crawls import *;"
        "c = CrawlProcesses(Path(sys.argv[1]), limit=1, env=dict(os.environ),"
        f" command={python('import time; time.sleep(60)')!r}); c.start(1);"
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


def test_a_nursery_that_dies_takes_its_crawls_along_and_another_takes_its_place(make: Make) -> None:
    crawls = make("import time; time.sleep(60)")
    crawls.start(1)
    first = crawls._running[1].pid
    nursery = crawls._nursery._process
    assert nursery is not None
    nursery.kill()
    until(lambda: crawls.reap() == {1: first})
    until(lambda: not runs(first))
    assert crawls.start(1)
    assert crawls._running[1].pid != first
    crawls.close(grace=5)


def test_the_crawls_of_a_dead_nursery_are_reaped_also_when_another_starts_first(
    make: Make,
) -> None:
    crawls = make("import time; time.sleep(60)")
    crawls.start(1)
    first = crawls._running[1].pid
    nursery = crawls._nursery._process
    assert nursery is not None
    nursery.kill()
    nursery.wait()
    assert crawls.start(2)
    assert crawls.reap() == {1: first}
    assert crawls.start(1)


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
