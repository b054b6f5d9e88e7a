"""The few statements in which SQLite and PostgreSQL differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Table

# Below SQLite's limit of variables in one statement (32,766) and cheap to compile.
CHUNK = 500


def is_sqlite(conn: Connection) -> bool:
    """Tell whether ``conn`` speaks to SQLite (else it is PostgreSQL)."""
    return conn.dialect.name == "sqlite"


def insert(conn: Connection, table: Table) -> sqlite.Insert:
    """Make an INSERT that knows ON CONFLICT; both dialects spell it with the same methods."""
    if is_sqlite(conn):
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 30 ms that a SQLite archive saves

    return cast("sqlite.Insert", postgresql.insert(table))


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut ``values`` into pieces that fit one statement."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
