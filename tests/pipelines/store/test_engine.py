"""Opening the archive: folders, migrations, transactions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from pipelines.store import engine
from pipelines.store.engine import LOG_BYTES, Store, open_store, schema_version
from pipelines.store.faults import StoreError
from pipelines.store.migrations import lead
from pipelines.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

ROOT = Path(__file__).parents[3]


def test_the_newest_migration_is_the_one_that_the_code_expects() -> None:
    assert lead.head() == engine.SCHEMA_VERSION


def test_migrations_lead_to_the_tables_of_the_schema(store: Store) -> None:
    with store.read() as conn:
        # the word index is no table of the schema
        ours = {"include_name": lambda name, *_: not str(name).startswith("search_words")}
        found = compare_metadata(MigrationContext.configure(conn, opts=ours), metadata)
    assert found == []


def test_a_new_archive_gets_its_folder_and_tables(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.read() as conn:
        assert schema_version(conn) == engine.SCHEMA_VERSION
        assert conn.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert conn.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert conn.execute(text("PRAGMA journal_size_limit")).scalar() == LOG_BYTES
    store.close()


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_processes_that_open_a_new_archive_at_once_all_succeed(
    kind: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(kind)
    code = (
        "import sys; from pipelines.store.engine import open_store;"
        "store = open_store(sys.argv[1]); conn = store.engine.connect();"
        "print(conn.exec_driver_sql('SELECT count(*) FROM articles').scalar())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, url],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    ends = [(*one.communicate(timeout=90), one.returncode) for one in started]
    assert ends == [("0\n", "", 0)] * 3


def test_a_current_archive_opens_without_alembic(store_url: str) -> None:
    code = (
        "import sys; from pipelines.store.engine import open_store;"
        "open_store(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, store_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


def test_an_archive_of_a_newer_gomtin_is_refused(store: Store, store_url: str) -> None:
    with store.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="update gomtin"):
        open_store(store_url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://host/archive", "store.url"),
        ("sqlite:////proc/version/gomtin.sqlite3", "store.folder"),
        ("postgresql//u:secret@h/x", "store.url"),
        ("postgresql://nobody@127.0.0.1:1/archive", "store.unreachable"),
    ],
)
def test_an_archive_that_cannot_be_opened_says_so(url: str, code: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


def test_an_error_rolls_the_transaction_back(store: Store) -> None:
    def fail(conn: Connection) -> None:
        conn.execute(text("INSERT INTO alembic_version VALUES ('x')"))
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"), store.begin() as conn:
        fail(conn)
    with store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_a_reader_sees_the_archive_while_a_writer_is_at_work(store: Store) -> None:
    with store.begin() as writing:
        writing.execute(text("INSERT INTO alembic_version VALUES ('x')"))
        with store.read() as reading:
            assert reading.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
