"""PostgreSQL ends in mid-run, the clock jumps, every message comes three times."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest

from bench import postgres
from bench.fault_kinds import HOUR, JUMPED_PATH
from pipelines.store.engine import open_store
from tests.faults.delivery import Delivery, kill_nine, make_draft, until, utc_now
from workers.bell import Bell
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from config.settings import Settings

sqlite_only = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def own_server(fault_settings: Settings) -> Iterator[Settings]:
    """Settings whose PostgreSQL no other test uses, so that it may be ended."""
    folder = Path(mkdtemp(prefix="gomtin-fault-"))
    folder.chmod(0o755)
    postgres.start(folder)
    yield replace(fault_settings, store=f"postgresql+psycopg://postgres@/postgres?host={folder}")
    postgres.stop(folder)


def worker_pid(stack: Stack) -> int:
    (worker,) = (worker for worker in stack.workers if worker.role == "ingest")
    assert worker.process is not None
    return worker.process.pid


@sqlite_only
def test_postgresql_is_ended_at_once_and_started_again(
    own_server: Settings, odd_command: Callable[[str], list[str]]
) -> None:
    drafts = [make_draft(number) for number in range(100)]
    store = open_store(own_server.store_url)
    delivery = Delivery(own_server, store)
    with Stack(own_server, commands={"ingest": odd_command("sleep")}) as stack:
        delivery.deliver(drafts)
        delivery.finish()
        for _ in range(2):
            until(stack, delivery.at_work)
            postgres.restart(Path(own_server.store.rpartition("host=")[2]))
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)
    assert len(delivery.events()) == len(drafts)
    store.close()


@sqlite_only
def test_the_clock_is_put_forward_and_back_with_work_in_hand(
    delivery: Delivery, odd_command: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [make_draft(number) for number in range(200)]
    jump = delivery.settings.data / "clock-offset"
    jump.parent.mkdir()
    jump.write_text("0", "ascii")
    monkeypatch.setenv("JUMPED_CLOCK", str(jump))
    monkeypatch.setenv("PYTHONPATH", str(JUMPED_PATH), prepend=os.pathsep)

    def now() -> datetime:
        return utc_now() + timedelta(seconds=float(jump.read_text("ascii")))

    def fewer_than(left: int) -> Callable[[], bool]:
        return lambda: delivery.pending() < left

    with Stack(delivery.settings, commands={"ingest": odd_command("sleep")}, now=now) as stack:
        delivery.deliver(drafts)
        delivery.finish()
        until(stack, delivery.at_work)
        for offset in (HOUR, 0.0):
            left = delivery.pending()
            write(jump, offset)
            kill_nine(worker_pid(stack))
            until(stack, fewer_than(left))
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)
    assert len(delivery.events()) == len(drafts)


def write(file: Path, offset: float) -> None:
    """Write whole or not at all: other processes read it at any moment."""
    draft = file.with_suffix(".new")
    draft.write_text(str(offset), "ascii")
    draft.replace(file)


@sqlite_only
def test_every_message_three_times(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(100)]
    with Stack(delivery.settings) as stack:
        bell = Bell(stack.settings)
        for start in range(0, 100, 10):
            ids = delivery.deliver(drafts[start : start + 10])
            for _ in range(3):
                bell.ingest(ids)
            stack.check()
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
        bell.close()
    delivery.expect_all_once(drafts)
    assert len(delivery.events()) == len(drafts)
