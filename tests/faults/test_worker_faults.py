"""Workers are killed with their work in hand, by others or by a draft."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from pipelines.store.letters import letters
from tests.faults.delivery import POISON, Delivery, kill_nine, make_draft, until
from workers.bell import Bell
from workers.process import environment
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Callable


# Two stores where the transactions of ingest are cut; the other faults are the same in both.
sqlite_only = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def worker_pid(stack: Stack, role: str) -> int:
    (worker,) = (worker for worker in stack.workers if worker.role == role)
    assert worker.process is not None
    return worker.process.pid


def test_the_ingest_worker_is_killed_in_mid_task(
    delivery: Delivery, odd_command: Callable[[str], list[str]]
) -> None:
    drafts = [make_draft(number) for number in range(200)]
    with Stack(delivery.settings, commands={"ingest": odd_command("sleep")}) as stack:
        bell = Bell(stack.settings)
        for start in range(0, 200, 10):
            bell.ingest(delivery.deliver(drafts[start : start + 10]))
        delivery.finish()
        said: list[str] = []
        for _ in range(3):
            said += until(stack, delivery.at_work)
            kill_nine(worker_pid(stack, "ingest"))
            said += until(stack, lambda: not delivery.at_work())
        said += until(stack, lambda: delivery.pending() == 0)
        bell.close()
    assert sum("ingest: the process ended with -9" in each for each in said) == 3
    delivery.expect_all_once(drafts)


@sqlite_only
def test_a_child_of_the_pool_is_killed_in_mid_task(
    delivery: Delivery, odd_command: Callable[[str], list[str]]
) -> None:
    drafts = [make_draft(number) for number in range(100)]
    with Stack(delivery.settings, commands={"ingest": odd_command("sleep")}) as stack:
        delivery.deliver(drafts)
        delivery.finish()
        for _ in range(3):
            until(stack, delivery.at_work)
            for child in psutil.Process(worker_pid(stack, "ingest")).children():
                child.kill()
            until(stack, lambda: not delivery.at_work())
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)


def test_a_poison_draft_becomes_a_dead_letter_and_stops_nobody(
    delivery: Delivery, odd_command: Callable[[str], list[str]]
) -> None:
    drafts = [make_draft(number, POISON if number == 4 else "") for number in range(50)]
    with Stack(delivery.settings, commands={"ingest": odd_command("exit")}) as stack:
        bell = Bell(stack.settings)
        bell.ingest(delivery.deliver(drafts))
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
        bell.close()
    delivery.expect_all_once(drafts, dead=1)
    with delivery.store.read() as conn:
        (letter,) = letters(conn)
    assert (letter.code, letter.key) == ("ingest.poison", "4")
    assert letter.attempts == delivery.settings.max_attempts + 1


@sqlite_only
def test_the_clock_is_killed_between_commit_and_relay(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(100)]
    with Stack(delivery.settings) as stack:
        bell = Bell(stack.settings)
        delivery.settings = stack.settings
        for start in range(0, 100, 10):
            bell.ingest(delivery.deliver(drafts[start : start + 10]))
            if start in {20, 50, 80}:
                until(stack, lambda: len(delivery.events()) > len(set(delivery.relayed())))
                kill_nine(worker_pid(stack, "clock"))
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
        until(stack, lambda: set(delivery.relayed()) >= set(delivery.events()))
        bell.close()
    delivery.expect_all_once(drafts)
    assert len(delivery.events()) == len(drafts)


COMMAND_LINE = """
import sys, time
from config.settings import load_settings
from workers.process import environment
from workers.supervise import Stack
with Stack(load_settings()) as stack:
    print(*(worker.process.pid for worker in stack.workers), stack._broker.address.pid, flush=True)
    while True:
        stack.check()
        time.sleep(0.05)
"""


@sqlite_only
def test_the_command_line_is_killed(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(60)]
    first = subprocess.Popen(
        [sys.executable, "-c", COMMAND_LINE],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(delivery.settings),
    )
    assert first.stdout is not None
    with first.stdout as output:
        pids = [int(each) for each in output.readline().split()]
    delivery.deliver(drafts)
    delivery.finish()
    limit = time.monotonic() + 20
    while not delivery.at_work() and delivery.pending() == len(drafts):
        assert time.monotonic() < limit
    kill_nine(first.pid)
    first.wait()
    gone, alive = psutil.wait_procs([psutil.Process(p) for p in pids if psutil.pid_exists(p)], 5)
    assert not alive, gone
    with Stack(delivery.settings) as stack:
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)
