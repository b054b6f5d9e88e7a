"""What it costs to tell the figures of a large archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event

from pipelines.store.engine import open_store
from pipelines.store.figures import figures


def test_no_figure_is_told_by_reading_every_article(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    asked: list[tuple[str, Any]] = []
    with store.read() as conn:
        event.listen(store.engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        assert list(figures(conn, datetime(2026, 11, 22, 3, 0, tzinfo=UTC)))
        told = [one for one in asked if "articles" in one[0]]
        plans = [conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", p) for query, p in told]
        steps = [row.detail for plan in plans for row in plan]
    store.close()
    assert any("SEARCH articles" in step for step in steps)
    assert [s for s in steps if "SCAN articles" in s and "COVERING INDEX" not in s] == []
