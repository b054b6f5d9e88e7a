"""The memory of pages, and which outcome of a URL counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import event, select, update

from pipelines.records import Outcome
from pipelines.store.pages import (
    OutcomeRow,
    Settled,
    Unread,
    failed_pages,
    forget_met,
    known_pages,
    record_outcomes,
    settle,
    unfinished,
)
from pipelines.store.runs import RunParams, create_run, run_totals, stop_run
from pipelines.store.schema import outcomes, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipelines.store.engine import Store
    from pipelines.store.pages import PageState
    from pipelines.store.runs import RunKind

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = NOW + HOUR
O = Outcome  # noqa: E741 - the tables below stay readable


def begin(conn: Connection) -> int:
    return create_run(conn, "tuag", "incremental", RunParams(), NOW)


def record(
    conn: Connection, run_id: int, outcome: Outcome, at: datetime = NOW, **more: Any
) -> PageState:
    row = OutcomeRow("/a", "http://x/a", outcome, **more)
    record_outcomes(conn, run_id, "tuag", [row], at)
    return known_pages(conn, "tuag", ["/a"])["/a"]


@pytest.mark.parametrize(
    ("earlier", "later", "counts"),
    [
        (O.FETCHED, O.FAILED, O.FAILED),
        (O.FAILED, O.FETCHED, O.FETCHED),
        (O.OVER_LIMIT, O.FETCHED, O.FETCHED),
        (O.KNOWN, O.FETCHED, O.FETCHED),
        (O.FETCHED, O.KNOWN, O.FETCHED),
        (O.LISTING, O.OVER_LIMIT, O.LISTING),
        (O.STORED, O.KNOWN, O.STORED),
        (O.STORED, O.FETCHED, O.STORED),
        (O.COPY, O.FAILED, O.COPY),
        (O.REVISED, O.UNCHANGED, O.REVISED),
        (O.UNCHANGED, O.REVISED, O.REVISED),
        (O.DEAD_LETTER, O.FETCHED, O.FETCHED),
    ],
)
def test_which_outcome_of_a_url_counts_in_a_run(
    store: Store, earlier: Outcome, later: Outcome, counts: Outcome
) -> None:
    with store.begin() as conn:
        run_id = begin(conn)
        record(conn, run_id, earlier)
        record(conn, run_id, later)
        assert run_totals(conn, run_id) == {counts: 1}


@pytest.mark.parametrize(
    ("later", "outcome", "etag", "checked_at"),
    [
        (O.KNOWN, O.STORED, "e1", NOW),
        (O.OVER_LIMIT, O.STORED, "e1", NOW),
        (O.NOT_MODIFIED, O.STORED, "e1", LATER),
        (O.FAILED, O.FAILED, "", LATER),
        (O.GONE, O.GONE, "", LATER),
    ],
)
def test_what_a_page_is_remembered_as(
    store: Store, later: Outcome, outcome: Outcome, etag: str, checked_at: datetime
) -> None:
    with store.begin() as conn:
        run_id = begin(conn)
        record(conn, run_id, O.STORED, etag="e1", last_modified="m1", document_key="d1")
        state = record(conn, run_id, later, LATER)
    assert (state.outcome, state.etag, state.checked_at) == (outcome, etag, checked_at)
    assert state.document_key == "d1"


def test_a_page_that_fails_is_tried_again_later_each_time_and_not_for_ever(store: Store) -> None:
    """By failures in a row: after how many hours it is asked again."""
    asked = []
    at = NOW
    with store.begin() as conn:
        run_id = begin(conn)
        assert failed_pages(conn, "tuag", 9, NOW) == []
        for _ in range(10):
            record(conn, run_id, O.KNOWN, at)
            record(conn, run_id, O.TIMED_OUT, at)
            hours = (h for h in range(100) if failed_pages(conn, "tuag", 9, at + h * HOUR))
            asked.append(next(hours, None))
            at += (asked[-1] or 0) * HOUR
        assert asked == [0, 0, 1, 2, 4, 8, 16, 24, 24, None]
        assert record(conn, run_id, O.FETCHED, at).failures == 0


def test_a_page_that_is_missing_is_counted_and_not_called_failed(store: Store) -> None:
    with store.begin() as conn:
        run_id = begin(conn)
        counted = [record(conn, run_id, one, NOW).failures for one in (O.GONE, O.SOFT_404, O.GONE)]
        assert counted == [1, 2, 3]
        assert failed_pages(conn, "tuag", 9, NOW + 24 * HOUR) == []
        assert record(conn, run_id, O.NOT_ARTICLE, NOW).failures == 0


def test_the_last_of_several_rows_of_one_key_counts(store: Store) -> None:
    with store.begin() as conn:
        run_id = begin(conn)
        rows = [OutcomeRow("/a", "http://x/a", one) for one in (O.FAILED, O.LISTING)]
        record_outcomes(conn, run_id, "tuag", rows, NOW)
        record_outcomes(conn, run_id, "tuag", [], NOW)
        assert run_totals(conn, run_id) == {O.LISTING: 1}


def test_ingest_settles_an_outcome_and_leaves_the_validators(store: Store) -> None:
    with store.begin() as conn:
        run_id = begin(conn)
        record(conn, run_id, O.FETCHED, etag="e1")
        settle(
            conn,
            [Settled(run_id, "tuag", "/a", "http://x/a", O.COPY, "excerpt", 5, "d1")],
            LATER,
        )
        settle(conn, [], LATER)
        state = known_pages(conn, "tuag", ["/a"])["/a"]
        assert run_totals(conn, run_id) == {O.COPY: 1}
    assert (state.outcome, state.detail, state.etag) == (O.COPY, "excerpt", "e1")
    assert state.document_key == "d1"


def test_a_selector_that_found_nothing_is_still_told_of_a_stored_article(store: Store) -> None:
    empty = "clean.empty_selector:body"
    with store.begin() as conn:
        run_id = begin(conn)
        record(conn, run_id, O.FETCHED, detail=empty)
        end = Settled(run_id, "tuag", "/a", "http://x/a", O.STORED, "", 5, "d1")
        settle(conn, [end], LATER)
        noted = conn.execute(select(outcomes.c.outcome, outcomes.c.detail)).one()
        state = known_pages(conn, "tuag", ["/a"])["/a"]
        assert tuple(noted) == (state.outcome, state.detail) == (O.STORED, empty)
        stop_run(conn, run_id, LATER, "enough")
        later = begin(conn)
        record(conn, later, O.FETCHED)
        settle(conn, [replace(end, run_id=later, outcome=O.UNCHANGED)], LATER)
        assert known_pages(conn, "tuag", ["/a"])["/a"].detail == ""


def test_many_keys_are_looked_up_at_once(store: Store) -> None:
    keys = [f"/{n}" for n in range(1_200)]
    with store.begin() as conn:
        run_id = begin(conn)
        rows = [OutcomeRow(key, f"http://x{key}", O.LISTING) for key in keys]
        record_outcomes(conn, run_id, "tuag", rows, NOW)
        assert set(known_pages(conn, "tuag", [*keys, "/unknown"])) == set(keys)
        assert known_pages(conn, "other", keys) == {}


@pytest.mark.parametrize("dirty", ["a\x00b", "a\ud800b"])
def test_text_that_no_database_takes_is_stored_all_the_same(store: Store, dirty: str) -> None:
    with store.begin() as conn:
        assert (
            record(conn, begin(conn), O.FAILED, detail=dirty).detail
            == "a\N{REPLACEMENT CHARACTER}b"
        )


def test_pages_are_written_in_the_order_of_their_keys_whatever_their_runs(store: Store) -> None:
    """A crawler and an ingest worker that write the same pages must not lock each other out."""
    written: list[str] = []

    def note(*call: Any) -> None:
        statement, parameters = call[2:4]
        if statement.startswith("INSERT INTO pages"):
            written.extend(next(k for k in ("/a", "/b") if k in str(row)) for row in parameters)

    with store.begin() as conn:
        first = begin(conn)
        stop_run(conn, first, NOW, "enough")
        runs = (first, begin(conn))
        rows = [
            Settled(run, "tuag", key, f"http://x{key}", O.STORED, "", 1, key)
            for run, key in zip(runs, ("/b", "/a"), strict=True)
        ]
        event.listen(store.engine, "before_cursor_execute", note)
        settle(conn, rows, NOW)
    assert written == ["/a", "/b"]


def test_what_visits_met_is_forgotten_after_a_while(store: Store) -> None:
    met = {O.KNOWN: 3, O.DOOR: 1, O.GONE: 1, O.STORED: 1, O.UNCHANGED: 1}
    rows = [
        OutcomeRow(f"{outcome}{n}", f"https://x.vn/{outcome}{n}", outcome)
        for outcome, number in met.items()
        for n in range(number)
    ]
    ended: list[int] = []
    with store.begin() as conn:
        for kind in (*["incremental"] * 3, "backfill", "incremental"):
            ended.append(create_run(conn, "tuag", cast("RunKind", kind), RunParams(), NOW))
            record_outcomes(conn, ended[-1], "tuag", rows, NOW)
            if len(ended) < 5:
                stop_run(conn, ended[-1], NOW + timedelta(seconds=len(ended)), "enough")
        assert forget_met(conn, NOW) == 0
        assert [forget_met(conn, LATER, limit=3) for _ in range(3)] == [3, 1, 0]
        totals = [run_totals(conn, run) for run in ended]
    assert totals == [{O.STORED: 1, O.UNCHANGED: 1}] * 3 + [met] * 2


def test_what_a_long_visit_met_is_forgotten_after_later_and_shorter_ones(store: Store) -> None:
    row = OutcomeRow("/door", "https://x.vn/door", O.DOOR)
    with store.begin() as conn:
        visits = []
        for ended in (LATER, NOW, NOW):
            visits.append(begin(conn))
            record_outcomes(conn, visits[-1], "tuag", [row], NOW)
            stop_run(conn, visits[-1], ended, "enough")
        forget_met(conn, LATER, limit=1)
        assert [run_totals(conn, one) for one in visits] == [{O.DOOR: 1}, {}, {}]
        forget_met(conn, LATER + HOUR)
        assert run_totals(conn, visits[0]) == {}


def test_what_a_door_told_of_a_page_stays_until_it_is_read(store: Store) -> None:
    day = NOW - timedelta(days=3)
    with store.begin() as conn:
        record(conn, begin(conn), O.OVER_LIMIT, listed_at=day, listed_from="feed")
    with store.begin() as conn:
        conn.execute(update(runs).values(state="done"))
        record(conn, begin(conn), O.NOT_REACHED)
        assert unfinished(conn, "tuag", 10) == [Unread("/a", "http://x/a", day, "feed")]
        assert unfinished(conn, "tuag", 10, listings=True) == []


@pytest.mark.parametrize("open_outcome", [O.NOT_REACHED, O.OVER_LIMIT])
def test_an_address_that_led_to_a_known_article_is_left_over_no_more(
    store: Store, open_outcome: Outcome
) -> None:
    with store.begin() as conn:
        run = begin(conn)
        record(conn, run, open_outcome)
        assert record(conn, run, O.KNOWN, LATER).outcome is O.KNOWN
        assert unfinished(conn, "tuag", 10) == []


@pytest.mark.parametrize("detail", ["a copy of http://x/b", "redirects to http://x/b"])
@pytest.mark.parametrize(
    ("earlier", "then"), [(O.FAILED, O.KNOWN), (O.GONE, O.KNOWN), (O.STORED, O.STORED)]
)
def test_an_address_that_failed_and_then_led_to_a_known_article_is_settled(
    store: Store, earlier: Outcome, then: Outcome, detail: str
) -> None:
    with store.begin() as conn:
        run = begin(conn)
        record(conn, run, earlier)
        assert record(conn, run, O.KNOWN, LATER, detail=detail).outcome is then
