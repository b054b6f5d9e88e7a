"""Redis is killed, emptied or frozen while drafts are delivered."""

from __future__ import annotations

import json
import os
import signal
import socket
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.faults.delivery import Delivery, kill_nine, make_draft, until
from workers.beat import read_beat
from workers.bell import Bell
from workers.broker import connect
from workers.process import environment
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.settings import Settings


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """SQLite only: these faults are the broker's."""
    return sqlite_url


def pid_of_redis(settings: Settings) -> int:
    return int(json.loads((settings.data / "broker" / "broker.json").read_text())["pid"])


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].split("/")[0])


def kill(settings: Settings) -> None:
    kill_nine(pid_of_redis(settings))


def flush(settings: Settings) -> None:
    with connect(settings.broker) as client:
        client.flushall()


def freeze(settings: Settings) -> None:
    os.kill(pid_of_redis(settings), signal.SIGSTOP)


@pytest.mark.parametrize(
    ("fault", "when"), [(kill, {60, 110, 150}), (flush, {60, 110, 150}), (freeze, {180})]
)
def test_redis_fails_while_drafts_are_delivered(
    delivery: Delivery, fault: Callable[[Settings], None], when: set[int]
) -> None:
    drafts = [make_draft(number) for number in range(200)]
    with Stack(delivery.settings) as stack:
        bell = Bell(stack.settings)
        for start in range(0, 200, 10):
            ids = delivery.deliver(drafts[start : start + 10])
            if start in when:
                fault(stack.settings)
            bell.ingest(ids)
            stack.check()
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
        delivery.expect_all_once(drafts)
        delivery.settings = stack.settings
        until(stack, lambda: set(delivery.relayed()) >= set(delivery.events()))
        bell.close()


def test_a_broker_that_was_full_ends_nothing_for_good(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(40)]
    with Stack(delivery.settings) as stack, connect(stack.settings.broker) as client:
        (ingest,) = (worker for worker in stack.workers if worker.role == "ingest")
        client.config_set("maxmemory", 1)
        delivery.deliver(drafts)
        delivery.finish()
        ingest.restart(environment(stack.settings))  # it ends when Redis is full

        def says_so() -> bool:
            beat = read_beat(delivery.settings.data, "ingest")
            return beat is not None and "takes nothing" in beat.trouble

        until(stack, says_so)
        client.config_set("maxmemory", 0)
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)


def test_no_ring_at_all(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(30)]
    with Stack(delivery.settings) as stack:
        delivery.deliver(drafts)
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)


def test_a_broker_whose_port_was_taken_moves_and_is_followed(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(20)]
    with Stack(delivery.settings) as stack, socket.socket() as squatter:
        first = stack.settings.broker
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        process = psutil.Process(pid_of_redis(stack.settings))
        kill(stack.settings)
        assert process.wait(5) is not None  # now all its threads have let go of the port
        squatter.bind(("127.0.0.1", port_of(first)))
        squatter.listen()
        until(stack, lambda: stack.settings.broker != first)
        delivery.deliver(drafts)
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)
