"""Articles that are read again, and those that their portal has taken down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text, update

from pipelines.ingest import ingest
from pipelines.records import Draft, Outcome
from pipelines.store.articles import article_to_json, read_articles
from pipelines.store.dialect import is_sqlite
from pipelines.store.engine import INGEST_LOCK
from pipelines.store.inbox import deliver
from pipelines.store.outbox import unrelayed
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.rechecks import due_rechecks, mark_gone
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import articles, pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = (1, 3, 7, 30)


@pytest.fixture
def archive(store: Store, make_draft: Callable[..., Draft]) -> Store:
    """An archive of two articles read at NOW: one of today, one of a year ago."""
    with store.begin() as conn:
        run_id = create_run(conn, "tuag", "incremental", RunParams(), NOW)
        rows = [OutcomeRow(key, f"https://x.vn{key}", Outcome.FETCHED) for key in ("/new", "/old")]
        record_outcomes(conn, run_id, "tuag", rows, NOW)
        ids = [
            deliver(
                conn, run_id, "tuag", key,
                make_draft(document_key=key, title=key, published_at=at, body=(f"Tin {at}",)),
                None, NOW,
            )
            for key, at in (("/new", NOW), ("/old", NOW - 365 * DAY))
        ]  # fmt: skip
    ingest(store, ids, now=NOW, lease_seconds=60, max_attempts=3)
    return store


@pytest.mark.parametrize(
    ("checked", "asked", "due"),
    [
        (0, 0.9, False), (0, 1.1, True), (1.1, 2.9, False), (1.1, 3.1, True), (3.1, 6.9, False),
        (0, 8, True), (8, 29, False), (8, 31, True), (31, 36, False), (8, 38, False),
    ],
)  # fmt: skip
def test_an_article_is_due_once_at_each_age(
    archive: Store, checked: float, asked: float, *, due: bool
) -> None:
    with archive.begin() as conn:
        conn.execute(update(pages).values(checked_at=NOW + checked * DAY))
        found = due_rechecks(conn, "tuag", DAYS, NOW + asked * DAY, 10)
    assert found == ({"/new": "https://x.vn/new"} if due else {})


def test_rechecks_are_bounded_and_by_portal(archive: Store) -> None:
    later = NOW + 2 * DAY
    with archive.begin() as conn:
        assert due_rechecks(conn, "tuag", (), later, 10) == {}
        assert due_rechecks(conn, "tuag", DAYS, later, 0) == {}
        assert due_rechecks(conn, "other", DAYS, later, 10) == {}


@pytest.mark.parametrize(
    ("met", "event", "due"),
    [(0, None, []), (0, NOW - DAY / 2, ["/new"]), (2, None, ["/new"])],
    ids=["there before", "of an event", "new"],
)
def test_what_tells_no_date_is_read_again_where_its_day_is_known(
    archive: Store, met: int, event: datetime | None, due: list[str]
) -> None:
    seen = NOW + met * DAY
    told = {"published_at": None, "dated_at": event or seen, "first_seen_at": seen}
    with archive.begin() as conn:
        conn.execute(update(articles).where(articles.c.document_key == "/new").values(told))
        assert list(due_rechecks(conn, "tuag", DAYS, seen + 2 * DAY, 10)) == due


def test_what_is_taken_down_keeps_its_text_and_is_told_of_once(archive: Store) -> None:
    with archive.begin() as conn:
        for _ in range(2):
            mark_gone(conn, "tuag", ["/new", "/never"], NOW + DAY)
        rows = conn.execute(select(articles.c.title, articles.c.gone_at).order_by("title")).all()
        told = [event for event in unrelayed(conn, 10) if event.type == "article.gone"]
    assert [tuple(row) for row in rows] == [("/new", NOW + DAY), ("/old", None)]
    with archive.read() as conn:
        [new, old] = read_articles(conn, [1, 2])
    assert [event.payload["title"] for event in told] == ["/new"]
    assert article_to_json(new)["gone_at"] == "2026-11-23T03:00:00+00:00"
    assert new.draft.body
    assert old.gone_at is None


def test_its_event_waits_for_an_ingest_that_is_at_work(archive: Store) -> None:
    with archive.begin() as conn:
        mark_gone(conn, "tuag", ["/new"], NOW + DAY)
        if not is_sqlite(conn):  # there a transaction that writes is alone in any case
            held = (  # by this connection: other tests work in other databases of the server
                "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()"
                " AND locktype = 'advisory' AND objid = :key"
            )
            key = INGEST_LOCK & 0xFFFFFFFF
            assert conn.execute(text(held), {"key": key}).scalar_one() == 1


def test_what_is_gone_is_read_again_and_may_come_back_and_go_once_more(archive: Store) -> None:
    with archive.begin() as conn:
        mark_gone(conn, "tuag", ["/new"], NOW + DAY)
        assert list(due_rechecks(conn, "tuag", DAYS, NOW + 4 * DAY, 10)) == ["/new"]
        conn.execute(update(articles).values(seen_at=NOW + 2 * DAY))
        assert list(due_rechecks(conn, "tuag", DAYS, NOW + 4 * DAY, 10)) == ["/new"]
        mark_gone(conn, "tuag", ["/new"], NOW + 5 * DAY)
        assert NOW + 5 * DAY in conn.execute(select(articles.c.gone_at)).scalars().all()


@pytest.mark.parametrize(
    ("checked", "asked", "due"),
    [(30, 30.9, False), (30, 31.1, True), (31.1, 36, False), (31.1, 38, False)],
)
def test_what_is_gone_is_looked_at_once_more_a_day_later_also_at_its_last_age(
    archive: Store, checked: float, asked: float, *, due: bool
) -> None:
    with archive.begin() as conn:
        conn.execute(update(pages).values(checked_at=NOW + checked * DAY))
        mark_gone(conn, "tuag", ["/new"], NOW + 30 * DAY)
        found = due_rechecks(conn, "tuag", DAYS, NOW + asked * DAY, 10)
    assert list(found) == (["/new"] if due else [])
