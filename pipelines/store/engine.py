"""Open the archive: one engine, a short way to a transaction, migrations under a lock."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from pipelines.file_faults import is_there
from pipelines.store.dialect import is_sqlite
from pipelines.store.faults import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.url import URL
    from sqlalchemy.pool import ConnectionPoolEntry

# The newest migration in migrations/versions; a test compares the two.
SCHEMA_VERSION = "0001"

# A writer waits this long for another one's transaction; batches hold theirs for well under 1 s.
BUSY_SECONDS = 30.0

# When SQLite's log holds so many pages (16 MB), the commit that filled it brings it into the file.
# An article touches some forty: with SQLite's own 1,000 every 25th commit would wait for the disk.
CHECKPOINT_PAGES = 4_000
LOG_BYTES = 64_000_000  # to which the log shrinks again once a long reading let it grow

TABLES_CURE = (
    "gomtin backup FILE --snapshots, set the archive aside, then gomtin restore FILE makes all"
)

# Numbers of our own for PostgreSQL's advisory locks.
INGEST_LOCK = 0x676F6D74_01
MIGRATE_LOCK = 0x676F6D74_02


class Store:
    """An open archive. One per process: open it after a fork, not before."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a connection in a write transaction: committed at the end, rolled back by an error.

        On SQLite the transaction is the only writer from its first moment (BEGIN IMMEDIATE), so
        that what it reads cannot change before it writes.
        """
        with self.engine.begin() as conn:
            if is_sqlite(conn):
                conn.exec_driver_sql("BEGIN IMMEDIATE")
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading; it never waits for a writer and leaves nothing behind."""
        with self.engine.connect() as conn:
            if is_sqlite(conn):
                conn.exec_driver_sql("BEGIN")
            yield conn

    @contextmanager
    def one_moment(self) -> Iterator[Connection]:
        """Give a connection that sees the archive as it is now, whatever is written meanwhile."""
        with self.read() as conn:
            if not is_sqlite(conn):
                conn.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield conn

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(url: str, busy_seconds: float = BUSY_SECONDS) -> Store:
    """Open the archive at ``url`` and lead its tables to today's form where they are not.

    The usual case, a current archive, costs one small SELECT. ``busy_seconds``: how long a writer
    waits for another one in SQLite. Raise StoreError when the archive cannot be reached or was
    written by a newer gomtin.
    """
    target = _normal_url(url)
    _make_folder(target)
    store = Store(_make_engine(target, busy_seconds))
    try:
        with store.read() as conn:
            found = schema_version(conn)
        if found != SCHEMA_VERSION:
            _migrate(store)
    except DatabaseError as error:
        store.close()
        raise _unreachable(target, error) from error
    except StoreError:
        store.close()
        raise
    return store


def look_at_store(url: str) -> Store | None:
    """Open the archive as it is, whatever its tables are; None: a SQLite file that is not there."""
    target = _normal_url(url)
    missing = target.get_backend_name() == "sqlite" and not is_there(target.database or "")
    return None if missing else Store(_make_engine(target, BUSY_SECONDS))


def ingest_lock(conn: Connection) -> None:
    """Let one ingest transaction in at a time; it is held until the transaction ends.

    SQLite needs nothing more than Store.begin. It must be the first statement of the transaction,
    so that all that is read later is what the one before has committed.
    """
    if not is_sqlite(conn):
        # The timeout frees the lock of a host that froze or vanished in the middle.
        lock = "SELECT set_config('idle_in_transaction_session_timeout', '60s', true), "
        conn.execute(text(lock + "pg_advisory_xact_lock(:key)"), {"key": INGEST_LOCK})


def schema_version(conn: Connection) -> str | None:
    """Read which migration the archive is at; None for an empty database."""
    present = (
        "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if is_sqlite(conn)
        else "SELECT to_regclass('alembic_version')"
    )
    if conn.execute(text(present)).scalar() is None:
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def lacking_tables(conn: Connection) -> list[str]:
    """Name the tables that this gomtin needs and the archive does not have."""
    from pipelines.store.schema import metadata  # noqa: PLC0415 - most commands need none of it

    return sorted(metadata.tables.keys() - set(inspect(conn).get_table_names()))


def require_tables(store: Store) -> None:
    """Raise StoreError for an archive of today's number that was made by code between two."""
    with store.read() as conn:
        lacking = lacking_tables(conn)
    if lacking:
        said = f"the archive lacks {', '.join(lacking)}: another gomtin made it; {TABLES_CURE}"
        raise StoreError("store.lacking", said)


def _unreachable(target: URL, error: DatabaseError) -> StoreError:
    """Name what keeps the archive closed, and the cure."""
    shown = target.render_as_string(hide_password=True)
    reason = str(error.orig).partition("\n")[0]
    cure = "is the server running, and are user and password right?"
    if target.get_backend_name() == "sqlite":
        cure = "is there room on its disk, and may this user write there? gomtin doctor tells"
        if "malformed" in reason or "not a database" in reason:
            cure = "the file is damaged: set it aside, then gomtin import SNAPSHOTS makes it anew"
    return StoreError("store.unreachable", f"cannot open the archive {shown}: {reason}; {cure}")


def _normal_url(url: str) -> URL:
    try:
        target = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise StoreError(
            "store.url",
            f"{url.rpartition('@')[2]!r} is no database URL; use sqlite:///PATH or postgresql://...",
        ) from error
    if target.drivername == "postgresql":
        target = target.set(drivername="postgresql+psycopg")
    if target.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(
            "store.url", f"{target.drivername} is not known; use sqlite:///PATH or postgresql://..."
        )
    return target


def _make_folder(target: URL) -> None:
    if target.get_backend_name() != "sqlite" or not target.database:
        return
    folder = Path(target.database).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            "store.folder",
            f"cannot make the archive's folder {folder}: {error.strerror}; GOMTIN_DATA names it",
        ) from error


def _make_engine(target: URL, busy_seconds: float) -> Engine:
    if target.get_backend_name() == "postgresql":
        return create_engine(target, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    # A connection serves one thread at a time, but the pool may hand it to another one later.
    engine = create_engine(
        target, connect_args={"timeout": busy_seconds, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Set what SQLite keeps per connection.

    ``isolation_level`` None ends the driver's own BEGINs: Store sends them, so that reads and table
    changes are inside the transaction too. (SQLAlchemy's "begin" event would do, but an engine with
    such a listener pays for events at every statement.)
    """
    connection.isolation_level = None
    _enter_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    connection.execute("PRAGMA foreign_keys = ON")


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; SQLite gives up at once here when another process is at it."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _migrate(store: Store) -> None:
    with store.begin() as conn:
        if not is_sqlite(conn):
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATE_LOCK})
        # Another process may have led the archive here while this one waited.
        if schema_version(conn) == SCHEMA_VERSION:
            return
        from pipelines.store.migrations import lead  # noqa: PLC0415 - 0.2 s, needed once

        lead.upgrade(conn)
