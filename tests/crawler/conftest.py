"""A small site on loopback whose every answer a test decides, real crawl processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from crawler.registry import site_id
from pipelines.ingest import IngestReport, ingest
from pipelines.store.engine import Store, open_store
from pipelines.store.runs import Run, RunKind, RunParams, create_run, get_run
from pipelines.store.schema import inbox, outcomes, runs
from tests.crawler.hostile import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.records import Outcome
    from tests.crawler.hostile import Hostile

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer of the site."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """The answers of the site by path, and the requests it has had."""

    url: str = ""
    answers: dict[str, Answer | Callable[[int], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def page(self, path: str, *links: str, title: str = "Trang chủ") -> None:
        """Put up a page of links."""
        items = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
        self.answers[path] = Answer(f"<html><title>{title}</title><ul>{items}</ul></html>".encode())

    def times(self, path: str) -> int:
        return self.asked.count(path)


@pytest.fixture
def site() -> Iterator[Site]:
    here = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here.asked.append(self.path)
            here.moments.append(time.monotonic())
            here.agents.add(self.headers.get("User-Agent", ""))
            answer = here.answers.get(self.path, Answer(b"not here", 404))
            if not isinstance(answer, Answer):
                answer = answer(here.times(self.path))
            self.send_response(answer.status)
            for name, value in (
                {"Content-Type": "text/html; charset=utf-8"} | answer.headers
            ).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            try:
                self.wfile.write(answer.body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the crawler had seen enough

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    here.answers["/robots.txt"] = Answer(b"", 404)
    yield here
    server.shutdown()
    server.server_close()


@dataclass
class Crawling:
    """Runs of one archive in a temporary folder."""

    folder: Path
    store: Store

    def start(
        self,
        site: Site,
        *,
        kind: RunKind = "incremental",
        limit: int | None = None,
        slice: int | None = None,  # noqa: A002 - the run's own word
        rest: bool = False,
        until: str = "",
        family: str = "",
        **settings: str,
    ) -> tuple[int, subprocess.Popen[str]]:
        """Start the real crawl process on the site."""
        bounds = RunParams(limit=limit, slice=slice, rest=rest, until=until)
        params = replace(bounds, url=site.url + "/", delay=0.0, family=family)
        with self.store.begin() as conn:
            run = create_run(conn, site_id(site.url), kind, params, datetime.now(UTC))
        return run, self.again(run, **settings)

    def again(self, run: int, **settings: str) -> subprocess.Popen[str]:
        """Start another process for a run."""
        env = os.environ | {"GOMTIN_DATA": str(self.folder)} | settings
        return subprocess.Popen(
            [sys.executable, "-m", "crawler.run", str(run)],
            cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def crawl(self, site: Site, **options: Any) -> tuple[Run, dict[str, tuple[Outcome, str]]]:
        """Crawl the site to its end; give the run and (outcome, detail) by path."""
        run, process = self.start(site, **options)
        _, said = process.communicate(timeout=60)
        assert "Traceback" not in said, said
        return self.result(run, site)

    def end_runs(self) -> None:
        """Call all runs done, whatever still waits in the inbox."""
        with self.store.begin() as conn:
            conn.execute(update(runs).values(state="done"))

    def expire(self, run: int) -> None:
        """Let the lease of the run's last process be over."""
        over = datetime.now(UTC) - timedelta(seconds=1)
        with self.store.begin() as conn:
            conn.execute(update(runs).where(runs.c.id == run).values(lease_until=over))

    def ingest(self) -> IngestReport:
        """Ingest whatever waits."""
        with self.store.read() as conn:
            ids = list(conn.execute(select(inbox.c.id)).scalars())
        return ingest(self.store, ids, now=datetime.now(UTC), lease_seconds=60, max_attempts=3)

    def result(self, run: int, site: Site) -> tuple[Run, dict[str, tuple[Outcome, str]]]:
        with self.store.read() as conn:
            rows = conn.execute(select(outcomes).where(outcomes.c.run_id == run)).all()
            found = {row.url.removeprefix(site.url): (row.outcome, row.detail) for row in rows}
            assert len(found) == len(rows)
            return get_run(conn, run), found


@pytest.fixture
def crawling(tmp_path: Path) -> Iterator[Crawling]:
    store = open_store(f"sqlite:///{tmp_path / 'gomtin.sqlite3'}")
    yield Crawling(tmp_path, store)
    store.close()


@pytest.fixture
def hostile() -> Iterator[type[Hostile]]:
    with serving() as server:
        yield server
