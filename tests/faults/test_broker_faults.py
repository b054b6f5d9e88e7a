"""Redis is killed, emptied or frozen while drafts are delivered."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.faults.delivery import Delivery, kill_nine, make_draft, until
from workers.bell import Bell
from workers.broker import connect
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.settings import Settings


def pid_of_redis(settings: Settings) -> int:
    return int(json.loads((settings.data / "broker" / "broker.json").read_text())["pid"])


def kill(settings: Settings) -> None:
    kill_nine(pid_of_redis(settings))


def flush(settings: Settings) -> None:
    with connect(settings.broker) as client:
        client.flushall()


def freeze(settings: Settings) -> None:
    os.kill(pid_of_redis(settings), signal.SIGSTOP)


@pytest.mark.parametrize("fault", [kill, flush, freeze])
def test_redis_fails_while_drafts_are_delivered(
    delivery: Delivery, fault: Callable[[Settings], None]
) -> None:
    drafts = [make_draft(number) for number in range(200)]
    with Stack(delivery.settings) as stack:
        bell = Bell(stack.settings)
        for start in range(0, 200, 10):
            ids = delivery.deliver(drafts[start : start + 10])
            if start in {60, 150}:
                fault(stack.settings)
            bell.ingest(ids)
            stack.check()
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
        delivery.expect_all_once(drafts)
        delivery.settings = stack.settings
        until(stack, lambda: set(delivery.relayed()) >= set(delivery.events()))
        bell.close()


def test_no_ring_at_all(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(30)]
    with Stack(delivery.settings) as stack:
        delivery.deliver(drafts)
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)


def test_a_broker_that_moved_is_followed(delivery: Delivery) -> None:
    drafts = [make_draft(number) for number in range(20)]
    with Stack(delivery.settings) as stack:
        kill(stack.settings)
        address = json.loads((delivery.settings.data / "broker" / "broker.json").read_text())
        taken = replace(stack.settings)
        assert stack.check()
        assert stack.settings == taken  # the same port: nobody had taken it
        assert address["port"] == int(stack.settings.broker.rpartition(":")[2].split("/")[0])
        delivery.deliver(drafts)
        delivery.finish()
        until(stack, lambda: delivery.pending() == 0)
    delivery.expect_all_once(drafts)
