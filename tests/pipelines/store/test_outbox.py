"""Events: written once, delivered until marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.store.outbox import Telling, emit, emit_all, forget_relayed, mark_relayed, unrelayed

if TYPE_CHECKING:
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_events_wait_in_order_until_they_are_relayed(store: Store) -> None:
    with store.begin() as conn:
        first = emit(conn, "portal.degraded", {"portal": "tuag", "why": "chặn"}, NOW)
        emit_all(conn, [Telling("article.stored", {"article_id": n}) for n in range(3)], NOW)
        emit_all(conn, [], NOW)
    with store.begin() as conn:
        events = unrelayed(conn, 10)
        assert [event.type for event in events] == ["portal.degraded"] + ["article.stored"] * 3
        assert (events[0].id, events[0].payload) == (first, {"portal": "tuag", "why": "chặn"})
        assert events[0].created_at == NOW
        assert unrelayed(conn, 2) == events[:2]
        mark_relayed(conn, [event.id for event in events[:2]], NOW)
        assert unrelayed(conn, 10) == events[2:]


def test_only_events_that_were_delivered_long_ago_are_forgotten(store: Store) -> None:
    day = timedelta(days=1)
    with store.begin() as conn:
        events = [Telling("article.stored", {"article_id": n}) for n in range(4)]
        emit_all(conn, events, NOW - 90 * day)
        old, older, late, waiting = (event.id for event in unrelayed(conn, 10))
        mark_relayed(conn, [old, older], NOW - 40 * day)
        mark_relayed(conn, [late], NOW - 2 * day)
    with store.begin() as conn:
        assert forget_relayed(conn, NOW - 30 * day, limit=1) == 1
        assert forget_relayed(conn, NOW - 30 * day) == 1
        assert forget_relayed(conn, NOW - 30 * day) == 0
        assert [event.id for event in unrelayed(conn, 10)] == [waiting]
