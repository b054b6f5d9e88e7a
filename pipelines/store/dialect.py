"""The few statements in which SQLite and PostgreSQL differ."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

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


@contextmanager
def unwaited(conn: Connection) -> Iterator[None]:
    """Send what is written meanwhile without waiting for PostgreSQL's answer to each statement.

    No statement in here may have a result. What one of them breaks is raised by a later one or at
    the end, as SQLAlchemy's own error.
    """
    if is_sqlite(conn):
        yield
        return
    raw, errors = conn.connection.driver_connection, conn.dialect.loaded_dbapi
    assert raw is not None
    try:
        with raw.pipeline():
            yield
    except errors.Error as error:
        raise DBAPIError.instance(None, None, error, errors.Error, dialect=conn.dialect) from error


def next_ids(conn: Connection, *wanted: tuple[Table, int]) -> list[Sequence[int]]:
    """Take so many new ids of each table, in the order in which they were asked for."""
    if is_sqlite(conn):  # Store.begin lets nobody else insert
        found = conn.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
        last = {name: number + 1 for name, number in found}
        return [
            range(last.get(one.name, 1), last.get(one.name, 1) + count) for one, count in wanted
        ]
    array = "ARRAY(SELECT nextval(CAST(%s AS regclass)) FROM generate_series(1, %s))"
    asked = tuple(part for one, count in wanted for part in (f"{one.name}_id_seq", count))
    return [*conn.exec_driver_sql(f"SELECT {', '.join([array] * len(wanted))}", asked).one()]


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Cut ``values`` into pieces, which fit one statement if no ``size`` is given."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
