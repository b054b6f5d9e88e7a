"""Plans drawn from an archive's own articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from pipelines.codec import VIETNAM
from pipelines.ingest import ingest
from pipelines.records import Draft, Outcome, Precision
from pipelines.schedule.planning import AT_ONCE, RENEW, VISIT_REQUESTS, plan_slots
from pipelines.store.inbox import deliver
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.rhythms import publications, visit_pages, visited
from pipelines.store.runs import RunParams, RunState, create_run, stop_run
from pipelines.store.schedule import Timing, get_slot, set_slot, slots
from pipelines.store.schema import runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # Monday, seven in the morning in Vietnam
DAY = timedelta(days=1)


def draft(number: int, at: datetime, precision: Precision = Precision.MINUTE) -> Draft:
    text = f"Bài viết số {number} kể chuyện ấp {number * 7} làm đường năm {number + 1900}."
    return Draft(
        portal="tuag", document_key=f"/{number}", url=f"https://x.vn/{number}",
        canonical_url=f"https://x.vn/{number}", title=f"Tin số {number}", body=(text,),
        published_at=at, published_precision=precision, fetched_at=NOW, family="generic",
        extractor="generic/1",
    )  # fmt: skip


@pytest.fixture
def busy(store: Store) -> Store:
    """An archive whose portal publishes every day at nine in Vietnam, and once without an hour."""
    drafts = [draft(i, NOW + timedelta(hours=2.5) - i * DAY) for i in range(1, 29)]
    drafts.append(draft(40, NOW - DAY, Precision.DAY))
    drafts.append(draft(41, NOW - 400 * DAY))
    with store.begin() as conn:
        run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
        ids = [deliver(conn, run_id, "tuag", one.document_key, one, None, NOW) for one in drafts]
    ingest(store, ids, now=NOW, lease_seconds=60, max_attempts=3)
    with store.begin() as conn:
        stop_run(conn, run_id, NOW, "")
        section = create_run(conn, "tuag", "incremental", RunParams(section="dan-van"), NOW)
        rows = [OutcomeRow(f"/{i}", f"https://x.vn/{i}", Outcome.KNOWN) for i in (1, 2, 3)]
        record_outcomes(conn, section, "tuag", rows, NOW)
    return store


@pytest.mark.parametrize(
    ("portal", "section", "counts"),
    [("tuag", "", (28, 1)), ("tuag", "dan-van", (3, 0)), ("other", "", (0, 0))],
)
def test_times_and_days_of_half_a_year_count(
    busy: Store, portal: str, section: str, counts: tuple[int, int]
) -> None:
    with busy.read() as conn:
        found = publications(conn, portal, section, NOW)
    assert (len(found.times), len(found.days)) == counts


def test_what_tells_no_date_counts_for_its_event_or_once_the_past_is_read(store: Store) -> None:
    undated = [replace(draft(i, NOW, Precision.NONE), published_at=None) for i in range(3)]
    undated[1] = replace(undated[1], event_date=date(2026, 11, 20))
    undated[2] = replace(undated[2], fetched_at=NOW + 2 * DAY)
    for one in undated:
        at = one.fetched_at
        with store.begin() as conn:
            run_id = create_run(conn, "tuag", "incremental", RunParams(), at)
            row = deliver(conn, run_id, "tuag", one.document_key, one, None, at)
        ingest(store, [row], now=at, lease_seconds=60, max_attempts=3)
        with store.begin() as conn:
            stop_run(conn, run_id, at, "")
    with store.read() as conn:
        found = publications(conn, "tuag", "", NOW + 3 * DAY)
    assert found.times == []
    assert found.days == [datetime(2026, 11, 19, 17, tzinfo=UTC), NOW + 2 * DAY]


def visit(conn: Connection, asked: Sequence[Outcome], state: RunState = RunState.DONE) -> None:
    """Let a run end that has met these pages."""
    run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
    rows = [OutcomeRow(f"/{n}", f"https://x.vn/{n}", one) for n, one in enumerate(asked)]
    record_outcomes(conn, run_id, "tuag", rows, NOW)
    conn.execute(update(runs).where(runs.c.id == run_id).values(state=state))


def test_a_visit_costs_what_the_cheapest_of_the_latest_did(store: Store) -> None:
    listings = [Outcome.LISTING] * 40
    with store.begin() as conn:
        assert visit_pages(conn, "tuag", "") == 0
        visit(conn, listings)
        visit(conn, [Outcome.NOT_MODIFIED, *listings[:9], Outcome.STORED, Outcome.KNOWN])
        visit(conn, listings[:12])
        visit(conn, [Outcome.LISTING], RunState.FAILED)
        assert visit_pages(conn, "tuag", "") == 10
        assert visit_pages(conn, "tuag", "dan-van") == 0


def test_dearer_visits_are_fewer(busy: Store) -> None:
    with busy.begin() as conn:
        stop_run(conn, 2, NOW, "")
        visit(conn, [Outcome.LISTING] * 23)
        set_slot(conn, "tuag", NOW, Timing(daily_requests=48))
    assert plan_slots(busy, NOW) == 1
    with busy.read() as conn:
        outlook = get_slot(conn, "tuag").outlook
    assert outlook is not None
    assert (outlook.requests, len(outlook.visits)) == (24, 14)


def test_a_plan_leaves_out_quiet_hours_and_holidays(busy: Store) -> None:
    tet = datetime(2027, 2, 3, tzinfo=UTC)  # the day before the holidays, which end on the 10th
    with busy.begin() as conn:
        set_slot(conn, "tuag", tet, Timing(quiet="11:00-08:00", holidays=True))
    plan_slots(busy, tet)
    with busy.read() as conn:
        slot = get_slot(conn, "tuag")
    assert slot.outlook is not None
    *visits, _ = slot.outlook.visits  # the last one ends the week
    local = [one.astimezone(VIETNAM) for one in visits]
    assert {one.hour for one in local} <= {8, 9, 10}
    assert local[-1].date() == date(2027, 2, 3)
    assert slot.next_at in visits


def test_a_section_is_visited_by_its_own_runs(busy: Store) -> None:
    later = NOW + DAY
    with busy.begin() as conn:
        stop_run(conn, 2, NOW, "")
        create_run(conn, "tuag", "incremental", RunParams(), later)
        assert visited(conn, "tuag", "") == (NOW, later)
        assert visited(conn, "tuag", "dan-van") == (NOW, NOW)
        assert visited(conn, "other", "") == (None, None)


def test_an_adaptive_slot_is_planned_once_a_day(busy: Store) -> None:
    with busy.begin() as conn:
        set_slot(conn, "tuag", NOW, Timing(daily_requests=4 * VISIT_REQUESTS))
        set_slot(conn, "other", NOW, Timing(every_seconds=60))
    assert plan_slots(busy, NOW) == 1
    assert plan_slots(busy, NOW + timedelta(hours=23)) == 0
    with busy.read() as conn:
        slot = get_slot(conn, "tuag")
    assert slot.outlook is not None
    assert (slot.outlook.known, len(slot.outlook.visits)) == (29, 28)
    assert slot.outlook.busiest == (9, 11)  # 28 articles against the common rhythm
    assert slot.next_at == slot.outlook.visits[0]
    assert plan_slots(busy, NOW + RENEW) == 1


def test_many_slots_are_planned_a_few_at_a_time(store: Store) -> None:
    with store.begin() as conn:
        for number in range(AT_ONCE + 2):
            set_slot(conn, f"portal{number}", NOW, replace(Timing(), daily_requests=3))
    assert [plan_slots(store, NOW) for _ in range(3)] == [AT_ONCE, 2, 0]
    with store.read() as conn:
        assert all(slot.outlook for slot in slots(conn))
