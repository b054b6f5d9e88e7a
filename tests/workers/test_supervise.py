from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psutil
import pytest

from config.settings import Settings, load_settings
from pipelines.errors import Halt
from pipelines.records import Draft
from pipelines.store.engine import open_store
from pipelines.store.faults import StoreError
from pipelines.store.inbox import claim, deliver, remove_rows
from pipelines.store.runs import RunParams, create_run
from workers import roles
from workers.broker import answers
from workers.health import worker_trouble
from workers.process import environment
from workers.progress import InboxWatch
from workers.roles import RoleLock, RoleProcess
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipelines.store.engine import Store

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def utc_now() -> datetime:
    return datetime.now(UTC)


def until(stack: Stack, condition: Callable[[], bool], seconds: float = 20.0) -> list[str]:
    said: list[str] = []
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"waited in vain; {said}"
        said += stack.check()
        time.sleep(0.02)
    return said


def pid_of(stack: Stack, role: str) -> int:
    (worker,) = (worker for worker in stack.workers if worker.role == role)
    return worker.process.pid if worker.process else 0


def healthy(settings: Settings, role: str) -> bool:
    return not worker_trouble(settings, role, utc_now())


def test_all_roles_get_on_and_end_with_the_stack(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with Stack(settings) as stack:
        until(stack, lambda: all(healthy(settings, role) for role in ("crawl", "ingest", "clock")))
        pids = [pid_of(stack, role) for role in ("crawl", "ingest", "clock")]
        url = stack.settings.broker
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not answers(url)


def test_a_frozen_worker_is_replaced(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, stall_seconds=4.0)
    with Stack(settings, roles=("broker", "clock")) as stack:
        until(stack, lambda: healthy(settings, "clock"))
        frozen = pid_of(stack, "clock")
        os.kill(frozen, signal.SIGSTOP)
        said = until(stack, lambda: pid_of(stack, "clock") != frozen)
        assert "clock: no sign of progress" in said[0]
        assert not psutil.pid_exists(frozen)


def test_a_folder_that_was_taken_away_ends_the_stack(tmp_path: Path) -> None:
    place = tmp_path / "data"
    with Stack(Settings(data=place), roles=("broker", "clock")) as stack:
        until(stack, lambda: healthy(stack.settings, "clock"))
        place.rename(tmp_path / "elsewhere")
        with pytest.raises(Halt, match="data was removed or replaced") as caught:
            until(stack, lambda: False)
        assert caught.value.code == "data.gone"


def test_an_archive_that_lacks_a_table_is_named_before_anything_starts(
    tmp_path: Path, sqlite_url: str
) -> None:
    with closing(open_store(sqlite_url)) as store, store.begin() as conn:
        conn.exec_driver_sql("DROP TABLE search_triples")
    stack = Stack(Settings(data=tmp_path, store=sqlite_url))
    with pytest.raises(StoreError, match=r"lacks search_triples: .*gomtin restore FILE"), stack:
        pass
    assert not (tmp_path / "run").exists()


def test_the_second_stack_joins_and_takes_over(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with ExitStack() as holds_first:
        first = holds_first.enter_context(Stack(settings, roles=("broker", "clock")))
        with Stack(settings, roles=("broker", "clock")) as second:
            assert second.settings.broker == first.settings.broker
            assert second.check() == []
            assert pid_of(second, "clock") == 0
            holds_first.close()
            until(second, lambda: pid_of(second, "clock") != 0 and answers(first.settings.broker))
            assert second.settings.broker == first.settings.broker


def test_an_outside_broker_that_is_away_is_said_at_once(tmp_path: Path) -> None:
    away = Settings(data=tmp_path, broker="redis://127.0.0.1:1/0")
    with (
        pytest.raises(Halt, match=r"no Redis server answers at 127\.0\.0\.1:1/0"),
        Stack(away),
    ):
        pass


def test_a_worker_that_cannot_start_is_named_with_its_log(tmp_path: Path) -> None:
    now = [0.0]
    worker = RoleProcess(
        "ingest",
        tmp_path,
        stall_seconds=30,
        command=[sys.executable, "-c", "raise SystemExit('no such thing')"],
        clock=lambda: now[0],
    )
    for _ in range(roles.STARTS_TRIED):
        worker.ensure(dict(os.environ))
        assert worker.process is not None
        worker.process.wait(5)
        now[0] += roles.BACKOFF * 2**roles.STARTS_TRIED
    with pytest.raises(Halt, match=r"ended 5 times .*ingest\.log") as caught:
        worker.ensure(dict(os.environ))
    assert caught.value.code == "worker.start"
    assert "no such thing" in worker.log.read_text()


def test_a_role_runs_once_for_a_folder(tmp_path: Path) -> None:
    one, two = RoleLock(tmp_path, "crawl"), RoleLock(tmp_path, "crawl")
    assert (one.take(), one.take(), two.take()) == (True, True, False)
    one.free()
    assert two.take()
    two.free()


def test_children_build_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOMTIN_CONTACT", "not this one")
    wanted = Settings(data=tmp_path, sweep_seconds=0.25, contact="a@b.vn")
    assert load_settings(environment(wanted)) == wanted
    relative = replace(wanted, data=tmp_path.relative_to("/"))
    monkeypatch.chdir("/")
    assert load_settings(environment(relative)) == wanted


class Inbox:
    """An inbox, and the watch over it, at a time of our choice."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.at = 0.0
        self.watch = InboxWatch(store, limit=60, clock=lambda: self.at)
        with store.begin() as conn:
            self.run = create_run(conn, "portal", "incremental", RunParams(), NOON)
        self.ids: list[int] = []

    def arrive(self, at: float) -> None:
        key = str(len(self.ids))
        draft = Draft(key, key, "portal", "", "", "", NOON)
        with self.store.begin() as conn:
            self.ids.append(
                deliver(conn, self.run, "portal", key, draft, None, NOON + timedelta(seconds=at))
            )

    def ingest(self, _: float) -> None:
        with self.store.begin() as conn:
            remove_rows(conn, [self.ids.pop(0)])

    def lease(self, at: float) -> None:
        with self.store.begin() as conn:
            claim(conn, self.ids, NOON + timedelta(seconds=at), 600, 3)

    def look(self, at: float) -> str:
        self.at = at
        return self.watch.look(NOON + timedelta(seconds=at))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        pytest.param("look@0 look@99", "", id="empty"),
        pytest.param("arrive@0 look@0 look@59", "", id="waits, not for long"),
        pytest.param("arrive@0 look@0 look@61", "1 drafts wait and none was ingested", id="still"),
        pytest.param("arrive@0 arrive@0 look@0 ingest@9 look@9 look@61", "", id="one was ingested"),
        pytest.param(
            "arrive@0 look@0 arrive@1 arrive@2 ingest@9 look@9 look@61", "", id="grows and moves"
        ),
        pytest.param("arrive@0 look@0 lease@50 look@61", "", id="in hand"),
    ],
)
def test_inbox_watch(store: Store, events: str, said: str) -> None:
    inbox = Inbox(store)
    verdict: str | None = None
    for event in events.split():
        act, _, at = event.partition("@")
        verdict = getattr(inbox, act)(float(at))
    assert verdict is not None
    assert verdict.startswith(said)
    assert bool(verdict) == bool(said)
