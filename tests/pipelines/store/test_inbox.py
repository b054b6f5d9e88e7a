"""The inbox: delivered once, claimed by one, buried when it brings nothing but trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from pipelines.records import Outcome
from pipelines.store.inbox import (
    POISON,
    Delivery,
    claim,
    deliver,
    deliver_all,
    holds_more_than,
    pending,
    remove_rows,
    stale,
    strike,
)
from pipelines.store.letters import bury, letters, retry
from pipelines.store.pages import OutcomeRow, known_pages, record_outcomes
from pipelines.store.runs import RunParams, create_run, run_totals
from pipelines.store.schema import inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from pipelines.records import Draft
    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=61)


def fill(conn: Connection, make_draft: MakeDraft, count: int = 3) -> tuple[int, list[int]]:
    run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
    drafts = [make_draft(document_key=str(n)) for n in range(count)]
    rows = [OutcomeRow(f"/{d.document_key}", d.url, Outcome.FETCHED) for d in drafts]
    record_outcomes(conn, run_id, "tuag", rows, NOW)
    ids = [
        deliver(conn, run_id, "tuag", f"/{draft.document_key}", draft, 7, NOW) for draft in drafts
    ]
    return run_id, ids


def test_a_draft_of_no_portal_becomes_one_of_its_runs(store: Store, make_draft: MakeDraft) -> None:
    with store.begin() as conn:
        run_id = create_run(conn, "tuag", "import", RunParams(), NOW)
        row_id = deliver(conn, run_id, "tuag", "/1", make_draft(portal=""), 7, NOW)
        [row] = claim(conn, [row_id], NOW, 60, 3)
    assert row.draft.portal == "tuag"


def test_a_draft_comes_back_as_it_was_delivered(store: Store, make_draft: MakeDraft) -> None:
    draft = make_draft(title="Hội nghị sơ kết", counters={"views": 12.0})
    with store.begin() as conn:
        run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
        row_id = deliver(conn, run_id, "tuag", "/1", draft, 7, NOW)
        [row] = claim(conn, [row_id], NOW, 60, 3)
    assert (row.run_id, row.portal, row.key, row.snapshot_id) == (run_id, "tuag", "/1", 7)
    assert row.draft == draft


def test_a_second_delivery_changes_nothing(store: Store, make_draft: MakeDraft) -> None:
    with store.begin() as conn:
        run_id, [first] = fill(conn, make_draft, 1)
        assert deliver(conn, run_id, "tuag", "/0", make_draft(title="x"), None, NOW) == first
        assert pending(conn) == pending(conn, run_id) == 1
        assert pending(conn, run_id + 1) == 0


def test_many_drafts_are_delivered_in_their_order(store: Store, make_draft: MakeDraft) -> None:
    keys = ["/3", "/1", "/2"]
    with store.begin() as conn:
        run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
        assert deliver_all(conn, run_id, "tuag", [], NOW) == []
        first = deliver(conn, run_id, "tuag", "/1", make_draft(), None, NOW)
        drafts = [Delivery(key, make_draft(document_key=key[1:]), 7) for key in (*keys, "/3")]
        ids = deliver_all(conn, run_id, "tuag", drafts, NOW)
        assert (ids[1], ids[3]) == (first, ids[0])
        found = {row.id: row.key for row in claim(conn, ids, NOW, 60, 3)}
    assert [found[one] for one in ids[:3]] == keys


def test_a_claimed_row_is_nobody_else_s_until_its_lease_ends(
    store: Store, make_draft: MakeDraft
) -> None:
    with store.begin() as conn:
        _, ids = fill(conn, make_draft)
        assert [row.id for row in claim(conn, ids[:2], NOW, 60, 3)] == ids[:2]
        assert [row.id for row in claim(conn, ids, NOW, 60, 3)] == ids[2:]
        assert stale(conn, NOW, 10) == []
        assert stale(conn, LATER, 10) == ids
        assert [row.attempts for row in claim(conn, ids[:2], LATER, 60)] == [2, 2]
        assert not strike(conn, ids[0], "ingest.failed", "x", LATER, 3)
        assert stale(conn, LATER, 10) == [ids[0], ids[2]]
        assert remove_rows(conn, ids) == set(ids)
        assert remove_rows(conn, ids) == set()


def test_stale_passes_over_rows_just_delivered(store: Store, make_draft: MakeDraft) -> None:
    with store.begin() as conn:
        _, ids = fill(conn, make_draft)
        assert stale(conn, NOW, 10, older_than=60) == []
        assert stale(conn, LATER, 2, older_than=60) == ids[:2]


def test_a_row_that_ends_no_attempt_becomes_a_dead_letter(
    store: Store, make_draft: MakeDraft
) -> None:
    with store.begin() as conn:
        run_id, ids = fill(conn, make_draft, 2)
        for hour in range(2):
            assert len(claim(conn, ids[:1], NOW + timedelta(hours=hour), 60, 2)) == 1
        assert claim(conn, ids[:1], NOW + timedelta(hours=9), 60, 2) == []
        [letter] = letters(conn)
        assert (letter.code, letter.key, letter.attempts) == (POISON, "/0", 3)
        assert letter.url == "https://tuag.example/0"
        assert run_totals(conn, run_id) == {Outcome.DEAD_LETTER: 1, Outcome.FETCHED: 1}
        assert known_pages(conn, "tuag", ["/0"])["/0"].outcome is Outcome.DEAD_LETTER
        assert pending(conn) == 1


def test_only_failures_of_its_own_bury_a_draft(store: Store, make_draft: MakeDraft) -> None:
    with store.begin() as conn:
        _, [row_id, other] = fill(conn, make_draft, 2)
        for hour in range(9):
            assert claim(conn, [row_id], NOW + timedelta(hours=hour), 60)
        struck = [strike(conn, row_id, "ingest.failed", "it broke", NOW, 3) for _ in range(4)]
        assert struck == [False, False, True, False]
        [letter] = letters(conn)
        assert (letter.key, letter.message, letter.attempts) == ("/0", "it broke", 9)
        assert stale(conn, LATER, 10) == [other]


def test_a_retried_letter_waits_again_with_no_strike_against_it(
    store: Store, make_draft: MakeDraft
) -> None:
    with store.begin() as conn:
        run_id, [row_id] = fill(conn, make_draft, 1)
        claim(conn, [row_id], NOW, 60, 3)
        letter_id = bury(conn, row_id, "ingest.failed", "ValueError: x", NOW)
        assert letter_id is not None
        assert bury(conn, row_id, "ingest.failed", "gone", NOW) is None
        assert letters(conn, portal="other") == letters(conn, code="other") == []
        [again] = retry(conn, [letter_id], LATER)
        assert letters(conn) == []
        assert run_totals(conn, run_id) == {Outcome.FETCHED: 1}
        [row] = claim(conn, [again], LATER, 60, 3)
        assert (row.attempts, row.draft) == (2, make_draft(document_key="0"))
        assert not strike(conn, again, "ingest.failed", "x", NOW, 2)
        assert retry(conn, [letter_id], LATER) == []


def test_a_letter_retried_beside_a_newer_delivery_leaves_one_row(
    store: Store, make_draft: MakeDraft
) -> None:
    with store.begin() as conn:
        run_id, [row_id] = fill(conn, make_draft, 1)
        letter_id = bury(conn, row_id, "ingest.failed", "x", NOW)
        assert letter_id is not None
        newer = make_draft(document_key="0", title="Tin mới")
        row_id = deliver(conn, run_id, "tuag", "/0", newer, None, NOW)
        assert retry(conn, [letter_id], LATER) == [row_id]
        [row] = claim(conn, [row_id], LATER, 60, 3)
        assert row.draft == newer


def test_a_draft_that_cannot_be_read_harms_no_other(store: Store, make_draft: MakeDraft) -> None:
    with store.begin() as conn:
        _, ids = fill(conn, make_draft, 2)
        conn.execute(update(inbox).where(inbox.c.id == ids[0]).values(draft={"title": "x"}))
        broken, sound = claim(conn, ids, NOW, 60, 3)
        assert sound.draft == make_draft(document_key="1")
        with pytest.raises(KeyError):
            _ = broken.draft


def test_a_clock_that_was_put_back_holds_no_draft(store: Store, make_draft: MakeDraft) -> None:
    earlier = NOW - timedelta(hours=1)
    with store.begin() as conn:
        _, ids = fill(conn, make_draft)
        assert stale(conn, earlier, 9, 1.0) == ids
        assert len(claim(conn, ids, NOW, 60, 3)) == len(ids)
        assert claim(conn, ids, NOW, 60, 3) == []
        assert stale(conn, earlier, 9) == ids
        assert len(claim(conn, ids, earlier, 60, 3)) == len(ids)


@pytest.mark.parametrize(("bound", "more"), [(2, True), (3, False)])
def test_the_inbox_tells_whether_it_holds_more(
    store: Store, make_draft: MakeDraft, bound: int, more: bool
) -> None:
    with store.begin() as conn:
        fill(conn, make_draft, 3)
        assert holds_more_than(conn, bound) is more
