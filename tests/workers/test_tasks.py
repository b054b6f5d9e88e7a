from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.settings import Settings
from pipelines.store.engine import open_store
from pipelines.store.runs import (
    RunParams,
    RunState,
    claim_run,
    create_run,
    expired_runs,
    finish_fetch,
    get_run,
    give_up_lease,
    stop_run,
)
from workers import crawls as crawls_module
from workers.crawls import CrawlProcesses
from workers.leases import give_up_abandoned, owner_of
from workers.supervise import Stack
from workers.tasks import RUN_ATTEMPTS, STARTS_TRIED, CrawlDesk, OwnStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.store.engine import Store

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


class Desk:
    """A desk with a process that only sleeps, or ends at once with ``code``."""

    def __init__(self, store: Store, folder: Path, limit: int = 2, code: int | None = None) -> None:
        source = "import time; time.sleep(30)" if code is None else f"raise SystemExit({code})"
        self.store = store
        self.crawls = CrawlProcesses(
            folder,
            limit=limit,
            env=dict(os.environ),
            command=[sys.executable, str(Path(__file__).with_name("odd_nursery.py")), source],
            clock=lambda: self.at,
        )
        self.at = 0.0
        self.desk = CrawlDesk(lambda: store, self.crawls, now=lambda: LATER)

    def queue(self, portal: str) -> int:
        with self.store.begin() as conn:
            return create_run(conn, portal, "incremental", RunParams(), NOON)

    def state(self, run_id: int) -> RunState:
        with self.store.read() as conn:
            return get_run(conn, run_id).state

    def tend_until(self, condition: Callable[[], bool]) -> None:
        limit = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < limit
            self.desk.tend()
            time.sleep(0.01)


@pytest.fixture
def make_desk(store: Store, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    with ExitStack() as at_end:

        def make(limit: int = 2, code: int | None = None) -> Desk:
            made = Desk(store, tmp_path, limit, code)
            at_end.callback(made.crawls.close, grace=1)
            return made

        yield make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


def lease(desk: Desk, run_id: int, seconds: float) -> None:
    with desk.store.begin() as conn:
        claim_run(conn, run_id, "somebody", LATER - timedelta(seconds=60), seconds)


def finish(desk: Desk, run_id: int) -> None:
    lease(desk, run_id, 3600)
    with desk.store.begin() as conn:
        finish_fetch(conn, run_id, "somebody", LATER)


def stop(desk: Desk, run_id: int) -> None:
    with desk.store.begin() as conn:
        stop_run(conn, run_id, LATER, "by hand")


@pytest.mark.parametrize(
    ("before", "started"),
    [
        pytest.param(lambda *_: None, True, id="queued"),
        pytest.param(lambda desk, run: lease(desk, run, 30), True, id="left by a crash"),
        pytest.param(lambda desk, run: lease(desk, run, 90), False, id="under way"),
        pytest.param(finish, False, id="fetched"),
        pytest.param(stop, False, id="stopped"),
    ],
)
def test_only_what_waits_is_started(
    desk: Desk,
    before: Callable[[Desk, int], None],
    started: bool,
) -> None:
    run = desk.queue("portal")
    before(desk, run)
    assert desk.desk.start(run) is started
    assert not desk.desk.start(run)


def test_an_unknown_run_is_said_and_passed_over(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    assert not desk.desk.start(99)
    assert "there is no run 99" in caplog.text


def test_room_that_comes_free_is_filled_from_the_store(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk(limit=1, code=0)
    runs = [desk.queue(portal) for portal in ("a", "b", "c")]
    assert [desk.desk.start(run) for run in runs] == [True, False, False]
    desk.tend_until((tmp_path / f"run-{runs[1]}.log").exists)


def test_an_import_that_was_cut_short_is_called_so_and_never_crawled(desk: Desk) -> None:
    with desk.store.begin() as conn:
        run = create_run(conn, "portal", "import", RunParams(), NOON)
    lease(desk, run, 90)
    assert not desk.desk.start(run)
    assert desk.state(run) is RunState.RUNNING
    with desk.store.begin() as conn:
        give_up_lease(conn, run, "somebody", LATER)
    assert not desk.desk.start(run)
    assert not desk.crawls.running
    assert desk.state(run) is RunState.STOPPED


def test_a_run_whose_process_fails_again_and_again_is_stopped(
    make_desk: Callable[..., Desk], store: Store
) -> None:
    desk = make_desk(code=3)
    run = desk.queue("portal")
    for _ in range(STARTS_TRIED):
        assert desk.desk.start(run)
        desk.tend_until(lambda: not desk.crawls.running)
        desk.at += crawls_module.HOLD_OFF * STARTS_TRIED
    assert desk.state(run) is RunState.STOPPED
    with store.read() as conn:
        assert f"logs/run-{run}.log says why" in get_run(conn, run).error


@pytest.mark.parametrize(
    ("killed", "state"),
    [(RUN_ATTEMPTS - 1, RunState.RUNNING), (RUN_ATTEMPTS, RunState.STOPPED)],
)
def test_a_run_that_is_killed_is_taken_up_many_times_not_for_ever(
    desk: Desk, killed: int, state: RunState
) -> None:
    run = desk.queue("portal")
    for _ in range(killed):
        lease(desk, run, 30)
        with desk.store.begin() as conn:
            give_up_lease(conn, run, "somebody", NOON)
    assert desk.desk.start(run) is (state is RunState.RUNNING)
    assert desk.state(run) is state


def test_a_forked_process_opens_its_own_store(store_url: str) -> None:
    own = OwnStore(store_url)
    mine = own()
    assert own() is mine
    child = os.fork()
    if child == 0:
        os._exit(0 if own() is not mine else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    mine.close()


def test_a_ring_starts_a_crawl_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The portal's host refuses connections: the run ends, and says what it met."""
    settings = Settings(data=tmp_path)
    store = open_store(settings.store_url)
    params = RunParams(url="http://127.0.0.1:1/", base_url="http://127.0.0.1:1/", delay=0.0)
    with store.begin() as conn:
        run = create_run(conn, "127.0.0.1", "incremental", params, datetime.now(UTC))
    with Stack(settings, roles=("broker", "crawl")) as stack:
        assert stack.ring_crawl(run)
        limit = time.monotonic() + 30
        while True:
            with store.read() as conn:
                state = get_run(conn, run).state
            if state not in {RunState.QUEUED, RunState.RUNNING}:
                break
            assert time.monotonic() < limit
            stack.check()
            time.sleep(0.05)
    store.close()
    assert (tmp_path / "logs" / f"run-{run}.log").exists()


def test_a_run_whose_process_was_killed_can_be_taken_up_at_once(desk: Desk) -> None:
    run = desk.queue("portal")
    assert desk.desk.start(run)
    process = desk.crawls._running[run]
    with desk.store.begin() as conn:
        assert claim_run(conn, run, owner_of(process.pid), LATER, 3600)
    os.kill(process.pid, signal.SIGKILL)
    desk.tend_until(lambda: not desk.crawls.running)
    with desk.store.read() as conn:
        assert expired_runs(conn, LATER) == [run]


def test_leases_of_processes_that_are_gone_are_given_up(store: Store) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    owners = {"gone": owner_of(dead.pid), "here": owner_of(os.getpid()), "far": "elsewhere:1"}
    with store.begin() as conn:
        runs = {name: create_run(conn, name, "incremental", RunParams(), NOON) for name in owners}
        for name, owner in owners.items():
            claim_run(conn, runs[name], owner, LATER, 60)
    assert give_up_abandoned(store, LATER) == [runs["gone"]]
    with store.read() as conn:
        assert expired_runs(conn, LATER) == [runs["gone"]]
