from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import redis

from pipelines.errors import Retry
from pipelines.records import Draft
from pipelines.store.engine import open_store
from pipelines.store.inbox import deliver
from pipelines.store.outbox import emit
from pipelines.store.runs import (
    RunParams,
    RunState,
    active_run,
    claim_run,
    create_run,
    expired_runs,
    finish_fetch,
    get_run,
)
from pipelines.store.schedule import Timing, pause, set_slot, slots
from workers.alerts import SECONDS, Alerts, ways_of
from workers.app import CRAWL, INGEST
from workers.bell import Bell
from workers.clock import SOONEST, Clock, Step, complete_step, schedule_step, take_up_step
from workers.process import environment
from workers.sweep import ENOUGH, Sweeper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings
    from pipelines.store.engine import Store

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def bell(settings: Settings) -> Iterator[Bell]:
    made = Bell(settings)
    yield made
    made.close()


@pytest.fixture
def deaf_bell(settings: Settings) -> Iterator[Bell]:
    made = Bell(replace(settings, broker="redis://127.0.0.1:1/0"))
    yield made
    made.close()


def test_steps_run_when_due_and_a_failing_one_stops_no_other() -> None:
    at = 0.0
    ran: list[str | float] = []

    def fail(_: datetime) -> None:
        ran.append("fail")
        raise Retry("away", "the store is away\nin detail")

    steps = [Step("slow", 10, lambda _: ran.append("slow")), Step("bad", 1, fail)]
    steps.append(Step("quick", 1, lambda _: ran.append("quick")))
    clock = Clock(steps, now=lambda: NOON, clock=lambda: at)
    for at in (0.0, 0.5, 1.0):
        ran.append(at)
        clock.pass_once()
    assert ran == [0.0, "slow", "fail", "quick", 0.5, 1.0, "fail", "quick"]
    assert clock.troubles() == "bad: the store is away"


def test_a_step_that_works_again_is_no_trouble_any_more() -> None:
    answers = iter([redis.ConnectionError("away"), None])

    def act(_: datetime) -> None:
        error = next(answers)
        if error:
            raise error

    clock = Clock([Step("relay", 0, act)], now=lambda: NOON)
    clock.pass_once()
    assert clock.troubles() == "relay: away"
    clock.pass_once()
    assert clock.troubles() == ""


def test_a_step_may_ask_to_be_done_again_sooner() -> None:
    at = 0.0
    wishes = iter([NOON + timedelta(seconds=3), None, NOON, NOON + timedelta(hours=1)])
    step = Step("schedule", 10, lambda _: next(wishes))
    clock = Clock([step], now=lambda: NOON, clock=lambda: at)
    due = []
    for at in (0.0, 3.0, 13.0, 14.0):
        clock.pass_once()
        due.append(step.due - at)
    assert due == pytest.approx([3, 10, SOONEST, 10])


def test_the_loop_ends_when_it_is_told_to() -> None:
    stop = threading.Event()
    Clock([Step("only", 60, lambda _: stop.set())], now=lambda: NOON).run(stop)


def test_a_due_slot_becomes_one_run_and_one_ring(store: Store, bell: Bell) -> None:
    with store.begin() as conn:
        set_slot(conn, "portal", NOON, Timing(every_seconds=3600), first_at=NOON)
    for _ in range(2):
        schedule_step(store, bell)(NOON)
    assert bell.waiting(CRAWL) == 1


def test_the_schedule_tells_when_it_has_to_look_again(store: Store, bell: Bell) -> None:
    act = schedule_step(store, bell)
    assert act(NOON) is None
    with store.begin() as conn:
        for portal, at in (("a", NOON), ("b", LATER), ("paused", NOON)):
            set_slot(conn, portal, NOON, Timing(every_seconds=3600), first_at=at)
        pause(conn, "paused", "site moves")
    assert act(NOON) == LATER
    assert bell.waiting(CRAWL) == 1


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_schedule_waits_for_no_writer_while_nothing_is_due(
    store: Store, store_url: str, bell: Bell
) -> None:
    with store.begin() as conn:
        set_slot(conn, "portal", NOON, Timing(every_seconds=3600), first_at=LATER)
    impatient = open_store(store_url, busy_seconds=0)
    with store.begin():
        assert schedule_step(impatient, bell)(NOON) == LATER
    impatient.close()


def run_of(store: Store, portal: str) -> bool:
    with store.read() as conn:
        return active_run(conn, portal) is not None


def test_a_webhook_that_does_not_answer_holds_up_no_slot(store: Store, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(SECONDS)
        hook = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        settings = replace(settings, alert_webhook=hook, alert_secret="x")
        now = datetime.now(UTC)
        Alerts(store, ways_of(settings), timedelta(0)).tell(now)  # from now on it tells
        with store.begin() as conn:
            emit(conn, "portal.degraded", {"portal": "portal", "code": "x"}, now)
        clock = subprocess.Popen([sys.executable, "-m", "workers.clock"], env=environment(settings))
        asked, _ = silent.accept()
        with store.begin() as conn:
            set_slot(conn, "portal", now, Timing(every_seconds=3600), first_at=now)
        limit = time.monotonic() + SECONDS
        while not run_of(store, "portal"):
            assert time.monotonic() < limit
            time.sleep(0.05)
        asked.settimeout(0)
        with pytest.raises(BlockingIOError):  # it still waits for the answer
            list(iter(lambda: asked.recv(10_000), b""))
        asked.close()
        clock.terminate()
        assert clock.wait(10) == 0


def test_a_slot_that_is_due_while_the_broker_is_away_is_rung_by_the_sweeper(
    store: Store, settings: Settings, bell: Bell, deaf_bell: Bell
) -> None:
    with store.begin() as conn:
        set_slot(conn, "portal", NOON, Timing(every_seconds=3600), first_at=NOON)
    schedule_step(store, deaf_bell)(NOON)
    assert Sweeper(store, deaf_bell, settings).sweep(LATER) == 0
    assert Sweeper(store, bell, settings).sweep(LATER) == 1
    assert bell.waiting(CRAWL) == 1


def test_a_run_left_by_a_crash_is_rung_once_while_its_ring_waits(
    store: Store, settings: Settings, bell: Bell
) -> None:
    with store.begin() as conn:
        run = create_run(conn, "portal", "incremental", RunParams(), NOON)
        claim_run(conn, run, "crashed", NOON, 60)
    sweeper = Sweeper(store, bell, settings)
    assert [sweeper.sweep(NOON), sweeper.sweep(LATER), sweeper.sweep(LATER)] == [0, 1, 0]
    with store.read() as conn:
        assert expired_runs(conn, LATER) == [run]


@pytest.fixture
def waiting_drafts(store: Store) -> Store:
    """An archive in whose inbox the 120 drafts of one run wait."""
    with store.begin() as conn:
        run = create_run(conn, "portal", "incremental", RunParams(), NOON)
        for key in map(str, range(120)):
            draft = Draft(key, key, "portal", "", "", "", NOON)
            deliver(conn, run, "portal", key, draft, None, NOON)
    return store


def test_waiting_drafts_are_rung_in_batches_once_while_their_rings_wait(
    waiting_drafts: Store, settings: Settings, bell: Bell, client: redis.Redis
) -> None:
    sweeper = Sweeper(waiting_drafts, bell, settings)
    assert sweeper.sweep(NOON) == 0  # just delivered, just rung
    bell.ingest([1])
    assert sweeper.sweep(LATER) == 3 + 1  # 50, 50, 20 and the queued run
    assert sweeper.sweep(LATER) == 0
    client.delete(INGEST, CRAWL)  # the rings are lost
    assert sweeper.sweep(LATER) == 3 + 1


def test_rings_that_nobody_takes_do_not_fill_the_queue(
    waiting_drafts: Store, settings: Settings, bell: Bell, client: redis.Redis
) -> None:
    sweeper = Sweeper(waiting_drafts, bell, settings)
    for minute in range(300):  # five hours without an ingest worker
        sweeper.sweep(LATER + timedelta(minutes=minute))
    assert ENOUGH <= (bell.waiting(INGEST) or 0) < ENOUGH + 3
    assert ENOUGH <= (bell.waiting(CRAWL) or 0) < ENOUGH + 1
    client.delete(INGEST, CRAWL)
    assert sweeper.sweep(LATER + timedelta(minutes=301)) == 3 + 1


def test_a_fetched_run_is_done_when_no_draft_waits(store: Store) -> None:
    with store.begin() as conn:
        run = create_run(conn, "portal", "incremental", RunParams(), NOON)
        claim_run(conn, run, "me", NOON, 60)
        finish_fetch(conn, run, "me", NOON)
    complete_step(store)(LATER)
    with store.read() as conn:
        assert get_run(conn, run).state is RunState.DONE


def test_listed_portals_are_taken_up_once_and_stay_as_they_were_set(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.clock.listed_portals", lambda: ("tuag", "ward"))
    act = take_up_step(store)
    with store.begin() as conn:
        set_slot(conn, "ward", NOON, Timing(every_seconds=7_200))
        pause(conn, "ward", "site moves")
    act(NOON)
    with store.read() as conn:
        first = {slot.portal: slot for slot in slots(conn)}
    assert first["tuag"].timing.adaptive
    assert first["ward"].timing.every_seconds == 7_200
    assert first["ward"].pause_reason == "site moves"
    act(LATER)
    with store.read() as conn:
        assert {slot.portal: slot for slot in slots(conn)} == first
