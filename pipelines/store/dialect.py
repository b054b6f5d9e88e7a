"""The few statements in which SQLite and PostgreSQL differ."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Table

Statement = TypeVar("Statement")

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


def per_dialect(make: Callable[[Connection], Statement]) -> Callable[[Connection], Statement]:
    """Make a statement once for each dialect: making it anew costs more than running it."""
    made: dict[str, Statement] = {}

    @wraps(make)
    def kept(conn: Connection) -> Statement:
        name = conn.dialect.name
        if name not in made:
            made[name] = make(conn)
        return made[name]

    return kept


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Cut ``values`` into pieces, which fit one statement if no ``size`` is given."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
