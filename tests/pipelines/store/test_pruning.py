"""Pruning: what nothing needs is gone, all else is read as before, whatever is interrupted."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from pipelines.errors import Halt
from pipelines.records import Draft, Page
from pipelines.store import pruning, schema
from pipelines.store.inbox import deliver
from pipelines.store.letters import bury, retry
from pipelines.store.pruning import Pruned, plan, prune, sweep_files
from pipelines.store.runs import RunParams, create_run, stop_run
from pipelines.store.snapshots import SnapshotWriter, read_page, record_snapshots, snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def visit(store: Store, folder: Path, names: str, at: datetime, *, over: bool = True) -> list[int]:
    """A run that has read these pages, a letter each; give their snapshots."""
    with store.begin() as conn:
        run = create_run(conn, f"tuag{at:%d}", "incremental", RunParams(), at)
    with closing(SnapshotWriter(folder, "tuag", run)) as writer:
        pages = [Page(f"https://x.vn/{name}", f"{name} {at}".encode(), at) for name in names]
        refs = [writer.append(replace(page, portal="tuag")) for page in pages]
    with store.begin() as conn:
        ids = record_snapshots(conn, refs, run, "tuag", at)
        if over:
            stop_run(conn, run, at, "enough")
    return ids


def bodies(store: Store, folder: Path) -> Mapping[int, bytes]:
    """What each snapshot of the archive holds, read from its file."""
    with store.read() as conn:
        ids = conn.execute(select(schema.snapshots.c.id)).scalars().all()
        return {one: read_page(folder, snapshot(conn, one)).body for one in ids}


@pytest.fixture
def read_again(store: Store, tmp_path: Path) -> list[int]:
    """Page a is read three times, the first time with a draft; b, c and d once."""
    ids = visit(store, tmp_path, "abc", NOW - 9 * DAY)
    ids += visit(store, tmp_path, "da", NOW - 8 * DAY)
    ids += visit(store, tmp_path, "a", NOW - 7 * DAY)
    ids += visit(store, tmp_path, "a", NOW - 6 * DAY)
    with store.begin() as conn:
        run = create_run(conn, "tuag", "incremental", RunParams(), NOW)
        draft = Draft("a", "a", "tuag", "", "", "", NOW)
        deliver(conn, run, "tuag", "a", draft, ids[0], NOW)
    return ids


def test_only_what_nothing_needs_goes(store: Store, tmp_path: Path, read_again: list[int]) -> None:
    before = bodies(store, tmp_path)
    first, *_, second, third, newest = read_again
    files = list(plan(store, NOW))
    assert [one.id for file in files for one in file if not one.needed] == [second, third]
    done = list(prune(store, tmp_path, files))
    assert [one.pages for one in done] == [1, 1]
    assert all(isinstance(one, Pruned) and one.freed > 0 for one in done)
    after = bodies(store, tmp_path)
    assert after == {one: body for one, body in before.items() if one not in {second, third}}
    assert {first, newest} <= after.keys()
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 3
    assert list(plan(store, NOW)) == []


def test_files_that_may_be_written_are_left_alone(
    store: Store, tmp_path: Path, read_again: list[int]
) -> None:
    assert list(plan(store, NOW - 8 * DAY)) == []
    assert len(list(plan(store, NOW - 7 * DAY))) == 1
    visit(store, tmp_path, "aa", NOW - 5 * DAY, over=False)
    gone = [one.id for file in plan(store, NOW) for one in file if not one.needed]
    assert gone == [*read_again[-3:]]


def test_where_there_is_no_room_all_stays_as_it_is(
    store: Store, tmp_path: Path, read_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bodies(store, tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    files = list(plan(store, NOW))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Halt, match="No space left on device; make room there"):
        list(prune(store, tmp_path, files))
    assert bodies(store, tmp_path) == before
    assert len(before) == len(read_again)
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 4  # no half file takes the room that lacks


def test_it_plans_in_slices_what_it_plans_at_once(
    store: Store, tmp_path: Path, read_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(store, tmp_path, "a", NOW - 5 * DAY)
    visit(store, tmp_path, "a", NOW - 5 * DAY)
    at_once = list(plan(store, NOW))
    monkeypatch.setattr(pruning, "SLICE", 1)
    assert list(plan(store, NOW)) == at_once
    done = [one.pages for one in prune(store, tmp_path, plan(store, NOW))]
    assert done == [sum(not one.needed for one in file) for file in at_once]
    assert (len(done), sum(done)) == (4, len(read_again) + 2 - len(bodies(store, tmp_path)))


def test_the_page_of_a_draft_that_is_put_back_meanwhile_is_needed(
    store: Store, read_again: list[int]
) -> None:
    with store.begin() as conn:
        letters = [bury(conn, conn.execute(select(schema.inbox.c.id)).scalar_one(), "x", "", NOW)]

    def put_back(*told: object) -> None:
        if "FROM dead_letters" in str(told[2]) and letters and (letter := letters.pop()):
            with store.begin() as conn:
                retry(conn, [letter], NOW)

    event.listen(store.engine, "before_cursor_execute", put_back)
    gone = [one.id for file in plan(store, NOW) for one in file if not one.needed]
    with store.read() as conn:
        assert conn.execute(select(schema.inbox.c.snapshot_id)).scalars().all() == read_again[:1]
    assert gone == [*read_again[-3:-1]]


def test_a_file_that_is_not_there_is_named_and_left(
    store: Store, tmp_path: Path, read_again: list[int]
) -> None:
    files = list(plan(store, NOW))
    lost = next(file for file in files if any(one.needed for one in file))
    (tmp_path / lost[0].file).unlink()
    done = list(prune(store, tmp_path, plan(store, NOW)))
    assert [one.missing for one in done if one.missing] == [lost[0].file]
    assert len(done) == len(files)
    with store.read() as conn:
        left = conn.execute(select(schema.snapshots.c.id)).scalars().all()
    assert {one.id for one in lost} <= {*left} < {*read_again}


def test_files_that_no_row_names_are_removed_when_they_are_old(
    store: Store, tmp_path: Path, read_again: list[int]
) -> None:
    before = bodies(store, tmp_path)
    assert len(before) == len(read_again)
    left, young = (tmp_path / "tuag" / f"run-000001-{n}.warc.gz" for n in (8, 9))
    other = tmp_path / "tuag" / "crawl.warc.gz"  # somebody else's
    source = next(tmp_path.rglob("*.warc.gz"))
    for path in (left, young, other):
        shutil.copy(source, path)
    for path in (left, other, source):
        os.utime(path, (0, 0))
    os.utime(young, (NOW.timestamp(), NOW.timestamp()))
    size = left.stat().st_size
    assert sweep_files(store, tmp_path, NOW + DAY) == size
    assert (left.exists(), young.exists(), other.exists()) == (False, True, True)
    assert bodies(store, tmp_path) == before


def test_no_file_is_removed_from_a_folder_that_is_another_archives_too(
    store: Store, tmp_path: Path, read_again: list[int]
) -> None:
    source = next(tmp_path.rglob("*.warc.gz"))
    mine, foreign = (tmp_path / "tuag" / f"run-{run:06}-9.warc.gz" for run in (1, 99))
    for path in (mine, foreign):
        shutil.copy(source, path)
        os.utime(path, (0, 0))
    with pytest.raises(Halt, match=r"run-000099-9\.warc\.gz is of another archive"):
        sweep_files(store, tmp_path, NOW + DAY)
    assert mine.exists()
    assert foreign.exists()
    assert len(bodies(store, tmp_path)) == len(read_again)
