"""What SQLite and PostgreSQL do differently, seen from the callers' side."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from pipelines.store.dialect import next_ids, unwaited
from pipelines.store.engine import open_store
from pipelines.store.schema import outbox, portals, search_texts, stories

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def register(conn: Connection, *names: str) -> None:
    rows = [{"id": name, "first_seen_at": NOW} for name in names]
    conn.execute(portals.insert().inline(), rows)


def count(store: Store) -> int:
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(portals)).scalar_one()


def test_ids_are_given_once_to_each_table(store: Store) -> None:
    story = {"size": 1, "created_at": NOW, "updated_at": NOW}
    with store.begin() as conn:
        two, none, one = next_ids(conn, (stories, 2), (search_texts, 0), (outbox, 1))
        conn.execute(stories.insert(), [story | {"id": n} for n in two])
        made = conn.execute(stories.insert().values(story).returning(stories.c.id)).scalar_one()
        (more,) = next_ids(conn, (stories, 1))
    assert [*map(list, (two, none, one))] == [[1, 2], [], [1]]
    assert (made, list(more)) == (3, [4])


def test_what_is_written_without_waiting_is_there_at_the_end(store: Store) -> None:
    with store.begin() as conn:
        with unwaited(conn):
            register(conn, "angiang")
            register(conn, "dongthap", "tayninh")
        assert conn.execute(select(func.count()).select_from(portals)).scalar_one() == 3
    assert count(store) == 3


def test_what_is_refused_without_waiting_rolls_the_transaction_back(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as conn, unwaited(conn):
        register(conn, "angiang", "angiang")
    assert count(store) == 0


def test_a_server_that_goes_away_meanwhile_is_no_fault_of_the_draft(postgres_url: str) -> None:
    store = open_store(postgres_url)
    with pytest.raises(OperationalError), store.begin() as conn, unwaited(conn):
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert count(store) == 0  # with a new connection
    store.close()
