from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from config.settings import Settings
from pipelines import arrival
from pipelines.store.articles import count_articles
from pipelines.store.inbox import claim, pending
from pipelines.store.letters import letters
from workers.alone import try_alone
from workers.app import make_app
from workers.tasks import OwnStore, register_ingest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.store.engine import Store

    Desk = Any  # the fixture's class stands in tests/conftest.py

SECONDS = 20.0


def fails() -> None:
    raise ValueError("what is raised is told otherwise")


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda: None, ""),
        (fails, ""),
        (lambda: os._exit(9), "the process that tried it ended with exit code 9"),
        (lambda: signal.raise_signal(signal.SIGALRM), "ended with SIGALRM"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "ended with SIGKILL"),
    ],
    ids=["done", "raised", "exit", "signal", "killed"],
)
def test_how_the_process_of_one_draft_ended(work: Callable[[], None], said: str) -> None:
    found = try_alone(work, SECONDS)
    assert found.endswith(said) if said else found == ""


def test_a_process_that_does_not_end_is_ended() -> None:
    assert try_alone(lambda: time.sleep(60), 0.1) == "it was not done after 0 s"


def test_it_does_not_outlive_the_process_that_waits_for_it(tmp_path: Path) -> None:
    marker = tmp_path / "pid"

    def work() -> None:
        marker.with_suffix(".new").write_text(str(os.getpid()), "ascii")
        marker.with_suffix(".new").rename(marker)
        time.sleep(60)

    worker = os.fork()
    if not worker:
        try_alone(work, SECONDS)
        os._exit(0)
    limit = time.monotonic() + SECONDS
    while not marker.exists():
        assert time.monotonic() < limit
        time.sleep(0.005)
    tried = psutil.Process(int(marker.read_text("ascii")))
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    gone, alive = psutil.wait_procs([tried], SECONDS)
    assert gone, alive


@pytest.fixture
def batch(store_url: str) -> Iterator[Callable[[list[int]], None]]:
    """The ingest task, done here."""
    settings = Settings(store=store_url)
    app = make_app(settings)
    own = OwnStore(store_url)
    register_ingest(app, settings, own)
    yield app.tasks["ingest.batch"]
    own().close()


def cut_short(desk: Desk, ids: list[int], times: int) -> None:
    """Leave the drafts as workers leave them that are killed with these in hand."""
    for hour in range(times):
        with desk.store.begin() as conn:
            assert claim(conn, ids, desk.now + timedelta(hours=hour), 60)


def test_a_draft_whose_workers_were_killed_is_stored_all_the_same(
    desk: Desk, store: Store, make_draft: Callable[..., Any], batch: Callable[[list[int]], None]
) -> None:
    ids = desk.deliver(make_draft())
    cut_short(desk, ids, 9)
    batch(ids)
    with store.read() as conn:
        assert (count_articles(conn), pending(conn), letters(conn)) == (1, 0, [])


def test_a_draft_that_ends_its_process_is_quarantined_at_its_third_try_alone(
    desk: Desk,
    store: Store,
    make_draft: Callable[..., Any],
    batch: Callable[[list[int]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = desk.deliver(make_draft())
    cut_short(desk, ids, 5)
    monkeypatch.setattr(arrival, "classify", lambda *_, **__: os._exit(9))
    for buried in (False, False, True):
        batch(ids)
        with store.read() as conn:
            assert bool(letters(conn)) is buried
    with store.read() as conn:
        [letter] = letters(conn)
    assert letter.code == "ingest.poison"
    assert letter.message == "the process that tried it ended with exit code 9, 3 times"
