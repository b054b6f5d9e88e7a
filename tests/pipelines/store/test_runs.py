"""Runs: one active run a portal, leases that end, states that follow from the inbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.records import Outcome
from pipelines.store.faults import ActiveRun, Missing
from pipelines.store.inbox import deliver, remove_rows
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.past_runs import cut_short
from pipelines.store.portals import known_portals, register_portal
from pipelines.store.runs import (
    RunParams,
    RunState,
    active_run,
    claim_run,
    complete_runs,
    create_run,
    expired_runs,
    finish_fetch,
    get_run,
    heartbeat,
    note_progress,
    queued_runs,
    recent_runs,
    run_totals,
    stop_run,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from pipelines.records import Draft
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=61)


def queue(conn: Connection, portal: str = "tuag") -> int:
    return create_run(conn, portal, "incremental", RunParams(limit=3, base_url="http://x"), NOW)


def test_a_run_keeps_what_it_was_asked(store: Store) -> None:
    with store.begin() as conn:
        run = get_run(conn, queue(conn))
    assert (run.portal, run.kind, run.state) == ("tuag", "incremental", RunState.QUEUED)
    assert run.params == RunParams(limit=3, base_url="http://x")
    assert run.created_at == NOW


def test_a_portal_has_one_active_run(store: Store) -> None:
    with store.begin() as conn:
        first = queue(conn)
        other = queue(conn, "baoangiang")
        with pytest.raises(ActiveRun, match=f"run {first}") as caught:
            queue(conn)
        assert caught.value.run_id == first
        active = active_run(conn, "tuag")
        assert active is not None
        assert active.id == first
        assert stop_run(conn, first, NOW, "enough")
        assert not stop_run(conn, first, NOW, "enough")
        assert queue(conn) > other


@pytest.mark.parametrize(
    ("first", "at", "claimed"),
    [(None, NOW, True), ("a", NOW, False), ("a", LATER, True)],
    ids=["queued", "leased", "lease expired"],
)
def test_who_may_claim_a_run(store: Store, first: str | None, at: datetime, claimed: bool) -> None:
    with store.begin() as conn:
        run_id = queue(conn)
        if first is not None:
            assert claim_run(conn, run_id, first, NOW, 60)
        run = claim_run(conn, run_id, "b", at, 60)
        assert (run is not None) == claimed
        if run is not None:
            assert (run.owner, run.state) == ("b", RunState.RUNNING)
            assert run.lease_until == at + timedelta(seconds=60)
            assert run.started_at == NOW
            assert run.attempts == (1 if first is None else 2)


def test_a_heartbeat_prolongs_only_the_owner_s_lease(store: Store) -> None:
    with store.begin() as conn:
        run_id = queue(conn)
        claim_run(conn, run_id, "a", NOW, 60)
        assert expired_runs(conn, LATER) == [run_id]
        assert heartbeat(conn, run_id, "a", LATER, 60)
        assert expired_runs(conn, LATER) == []
        assert not heartbeat(conn, run_id, "b", LATER, 60)
        stop_run(conn, run_id, LATER, "stopped by hand")
        assert not heartbeat(conn, run_id, "a", LATER, 60)
        assert not finish_fetch(conn, run_id, "a", LATER)
        assert get_run(conn, run_id).error == "stopped by hand"


def test_a_run_is_done_when_its_last_draft_has_left_the_inbox(
    store: Store, make_draft: Callable[..., Draft]
) -> None:
    with store.begin() as conn:
        run_id = queue(conn)
        claim_run(conn, run_id, "a", NOW, 60)
        waiting = deliver(conn, run_id, "tuag", "/1", make_draft(), None, NOW)
        assert complete_runs(conn, NOW) == []
        assert finish_fetch(conn, run_id, "a", NOW)
        assert get_run(conn, run_id).state is RunState.FETCHED
        assert complete_runs(conn, NOW) == []
        remove_rows(conn, [waiting])
        assert complete_runs(conn, NOW) == [run_id]
        assert get_run(conn, run_id).state is RunState.DONE


def test_a_run_that_ends_with_an_error_has_failed(store: Store) -> None:
    with store.begin() as conn:
        run_id = queue(conn)
        claim_run(conn, run_id, "a", NOW, 60)
        finish_fetch(conn, run_id, "a", NOW, "portal.challenge")
        run = get_run(conn, run_id)
        assert (run.state, run.error) == (RunState.FAILED, "portal.challenge")
        assert active_run(conn, "tuag") is None


def test_queued_runs_whose_doorbell_may_be_lost(store: Store) -> None:
    with store.begin() as conn:
        run_id = queue(conn)
        assert queued_runs(conn, NOW) == []
        assert queued_runs(conn, LATER) == [run_id]
        assert [run.id for run in recent_runs(conn, 5)] == [run_id]


def test_totals_count_each_url_once(store: Store) -> None:
    ends = [("/1", Outcome.FETCHED), ("/2", Outcome.LISTING), ("/3", Outcome.LISTING)]
    with store.begin() as conn:
        run_id = queue(conn)
        rows = [OutcomeRow(key, f"http://x{key}", outcome) for key, outcome in ends]
        record_outcomes(conn, run_id, "tuag", rows, NOW)
        record_outcomes(conn, run_id, "tuag", rows, NOW)
        assert run_totals(conn, run_id) == {Outcome.FETCHED: 1, Outcome.LISTING: 2}


def test_an_unknown_run_is_named(store: Store) -> None:
    with store.read() as conn, pytest.raises(Missing, match="no run 7"):
        get_run(conn, 7)


def test_a_portal_is_brought_up_to_date_by_what_is_told(store: Store) -> None:
    with store.begin() as conn:
        register_portal(conn, "tuag", NOW, family="sharepoint", unit="An Giang")
        register_portal(conn, "tuag", LATER, name="Tỉnh ủy An Giang")
        register_portal(conn, "tuag", LATER)
        one = known_portals(conn)["tuag"]
    assert (one.name, one.family, one.unit) == ("Tỉnh ủy An Giang", "sharepoint", "An Giang")


def test_a_clock_that_was_put_back_holds_no_run(store: Store) -> None:
    hour = timedelta(hours=1)
    with store.begin() as conn:
        run_id = queue(conn)
        assert queued_runs(conn, NOW - hour) == [run_id]
        claim_run(conn, run_id, "a", NOW, 60)
        assert expired_runs(conn, NOW) == []
        assert expired_runs(conn, NOW - hour) == [run_id]
        assert claim_run(conn, run_id, "b", NOW - hour, 60) is not None


def test_only_attempts_in_vain_are_counted(store: Store) -> None:
    with store.begin() as conn:
        run_id = queue(conn)
        for attempt in range(5):
            claim_run(conn, run_id, "a", NOW + timedelta(hours=attempt), 60)
        assert get_run(conn, run_id).attempts == 5
        note_progress(conn, run_id)
        assert get_run(conn, run_id).attempts == 1


@pytest.mark.parametrize("error", ["", "disk full"])
def test_a_run_that_failed_after_the_last_complete_one_has_left_something(
    store: Store, error: str
) -> None:
    with store.begin() as conn:
        for moment, fault in ((NOW, ""), (LATER, error)):
            run_id = queue(conn)
            claim_run(conn, run_id, "a", moment, 60)
            finish_fetch(conn, run_id, "a", moment, fault)
            complete_runs(conn, moment)
        assert cut_short(conn, "tuag", NOW) is bool(error)
        assert not cut_short(conn, "tuag", LATER + timedelta(seconds=1))
