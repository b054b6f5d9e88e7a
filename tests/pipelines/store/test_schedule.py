"""Slots: due once, however many schedulers look."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.store.cron import BadSlot, next_by_cron
from pipelines.store.engine import open_store
from pipelines.store.faults import ActiveRun, Missing
from pipelines.store.outlook import Outlook
from pipelines.store.runs import SLICE, get_run, stop_run
from pipelines.store.schedule import (
    Timing,
    claim_due,
    drop_slot,
    pause,
    resume,
    run_now,
    set_slot,
    slots,
    write_outlook,
)

if TYPE_CHECKING:
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_slot_is_due_every_period(store: Store) -> None:
    with store.begin() as conn:
        slot = set_slot(conn, "tuag", NOW, Timing(every_seconds=3600))
        assert slot.next_at == NOW + HOUR
        assert claim_due(conn, NOW, 10) == []
        [run_id] = claim_due(conn, NOW + HOUR, 10)
        assert get_run(conn, run_id).portal == "tuag"
        [slot] = slots(conn)
        assert (slot.next_at, slot.last_run_id, slot.note) == (NOW + 2 * HOUR, run_id, "")


def test_missed_times_are_not_made_up_for(store: Store) -> None:
    with store.begin() as conn:
        set_slot(conn, "tuag", NOW, Timing(every_seconds=3600), first_at=NOW)
        assert len(claim_due(conn, NOW + 5.5 * HOUR, 10)) == 1
        assert slots(conn)[0].next_at == NOW + 6 * HOUR


def test_a_portal_that_is_being_crawled_is_skipped_with_a_note(store: Store) -> None:
    with store.begin() as conn:
        set_slot(conn, "tuag", NOW, Timing(every_seconds=3600), first_at=NOW)
        run_id = run_now(conn, "tuag", NOW)
        with pytest.raises(ActiveRun):
            run_now(conn, "tuag", NOW)
        assert claim_due(conn, NOW, 10) == []
        [slot] = slots(conn)
        assert slot.note == f"skipped at 2026-11-22 10:00: run {run_id} is not over"
        stop_run(conn, run_id, NOW, "enough")
        assert len(claim_due(conn, NOW + HOUR, 10)) == 1
        assert slots(conn)[0].note == ""


@pytest.mark.parametrize(
    ("until", "due_then"), [(None, 0), (NOW + HOUR, 0), (NOW, 1)], ids=["for good", "still", "over"]
)
def test_a_paused_slot_makes_no_run(store: Store, until: datetime | None, due_then: int) -> None:
    with store.begin() as conn:
        set_slot(conn, "tuag", NOW, Timing(every_seconds=3600), first_at=NOW)
        assert pause(conn, "tuag", "site moves", until).pause_reason == "site moves"
        assert len(claim_due(conn, NOW, 10)) == due_then
        assert resume(conn, "tuag").paused_until is None
        assert len(claim_due(conn, NOW, 10)) == 1 - due_then


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 7 * * *", datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        ("*/15 * * * *", datetime(2026, 11, 22, 3, 15, tzinfo=UTC)),
        ("30 6,18 * * 1-5", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)),
    ],
)
def test_cron_lines_are_read_in_vietnam_s_time(line: str, expected: datetime) -> None:
    assert next_by_cron(line, NOW) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        Timing(every_seconds=0),
        Timing(cron="every day"),
        Timing(cron="* * * * * 5"),
        Timing(cron="0 6 24 11 * 0 2026"),
    ],
)
def test_a_slot_without_a_time_is_refused(store: Store, wrong: Timing) -> None:
    with store.begin() as conn, pytest.raises(BadSlot):
        set_slot(conn, "tuag", NOW, wrong)


def test_a_portal_without_a_slot_is_named(store: Store) -> None:
    with store.begin() as conn:
        with pytest.raises(Missing, match="tuag"):
            pause(conn, "tuag", "x")
        assert not drop_slot(conn, "tuag")
        set_slot(conn, "tuag", NOW, Timing(cron="0 7 * * *"))
        assert drop_slot(conn, "tuag")


def test_schedulers_that_look_at_once_make_one_run_each_slot(store_url: str, store: Store) -> None:
    portals = [f"portal{n}" for n in range(12)]
    with store.begin() as conn:
        for portal in portals:
            set_slot(conn, portal, NOW, Timing(every_seconds=3600), first_at=NOW)
    made: list[list[int]] = []
    ready = threading.Barrier(4)

    def schedule() -> None:
        own = open_store(store_url)
        ready.wait()
        with own.begin() as conn:
            made.append(claim_due(conn, NOW, 100))
        own.close()

    threads = [threading.Thread(target=schedule) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as conn:
        owners = sorted(get_run(conn, run_id).portal for part in made for run_id in part)
    assert owners == sorted(portals)


def test_a_section_has_a_slot_and_runs_of_its_own(store: Store) -> None:
    with store.begin() as conn:
        set_slot(conn, "tuag", NOW, Timing(every_seconds=3600), first_at=NOW)
        set_slot(conn, "tuag", NOW, Timing(every_seconds=60), section="dan-van", first_at=NOW)
        [run_id] = claim_due(conn, NOW)
        assert get_run(conn, run_id).section == ""
        whole, part = sorted(slots(conn), key=lambda slot: slot.section)
        assert part.note == f"skipped at 2026-11-22 10:00: run {run_id} is not over"
        stop_run(conn, run_id, NOW, "enough")
        [run_id] = claim_due(conn, NOW + timedelta(minutes=1))
        run = get_run(conn, run_id)
        assert (run.section, run.params.section) == ("dan-van", "dan-van")
        assert run.params.slice == SLICE
        assert whole.next_at == NOW + HOUR
        assert drop_slot(conn, "tuag", "dan-van")
        assert [slot.name for slot in slots(conn)] == ["tuag"]


def test_the_higher_priority_is_due_first(store: Store) -> None:
    with store.begin() as conn:
        for portal, priority in (("a", 0), ("b", 5), ("c", 1)):
            timing = Timing(every_seconds=60, priority=priority)
            set_slot(conn, portal, NOW, timing, first_at=NOW)
        made = claim_due(conn, NOW)
        assert [get_run(conn, run_id).portal for run_id in made] == ["b", "c", "a"]


def test_quiet_hours_move_the_due_time_and_stop_a_late_one(store: Store) -> None:
    noon = Timing(every_seconds=3600, quiet="11:00-13:30")  # NOW is 10:00 in Vietnam
    with store.begin() as conn:
        slot = set_slot(conn, "tuag", NOW, noon)
        assert slot.next_at == NOW + 3.5 * HOUR
        set_slot(conn, "tuag", NOW, noon, first_at=NOW + 1.5 * HOUR)
        assert claim_due(conn, NOW + 1.6 * HOUR) == []
        [slot] = slots(conn)
        assert slot.note == "skipped at 2026-11-22 11:36: quiet hours"
        assert slot.next_at == NOW + 3.5 * HOUR


def outlook(made_at: datetime) -> Outlook:
    visits = tuple(made_at + i * timedelta(minutes=20) for i in range(1, 4))
    return Outlook(made_at, visits, 600.0, 25.0, (8, 15), 120, 3)


def test_an_adaptive_slot_goes_by_its_plan(store: Store) -> None:
    with store.begin() as conn:
        slot = set_slot(conn, "tuag", NOW, Timing())
        assert slot.timing.adaptive
        assert slot.next_at == NOW + HOUR  # no plan yet
        write_outlook(conn, slot, outlook(NOW))
        [planned] = slots(conn)
        assert planned.outlook == outlook(NOW)
        assert planned.next_at == NOW + timedelta(minutes=20)
        claim_due(conn, NOW + timedelta(minutes=21))
        [moved] = slots(conn)
        assert moved.next_at == NOW + timedelta(minutes=40)
        write_outlook(conn, planned, outlook(NOW + HOUR))  # of a slot that has moved since
        assert slots(conn) == [moved]


def test_a_plan_for_a_slot_that_was_set_anew_is_dropped(store: Store) -> None:
    with store.begin() as conn:
        slot = set_slot(conn, "tuag", NOW, Timing())
        set_slot(conn, "tuag", NOW, Timing(every_seconds=60))
        write_outlook(conn, slot, outlook(NOW))
        assert slots(conn)[0].outlook is None
