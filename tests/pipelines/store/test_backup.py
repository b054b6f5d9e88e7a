"""A backup restored into an empty place, from each store into the other, holds the same."""

from __future__ import annotations

import json
import os
import signal
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.records import Draft, Page
from pipelines.store.backup import TABLES, backup, sizes
from pipelines.store.engine import Store, open_store
from pipelines.store.faults import StoreError
from pipelines.store.inbox import deliver
from pipelines.store.letters import bury
from pipelines.store.outbox import emit
from pipelines.store.positions import remember
from pipelines.store.restore import open_backup, restore
from pipelines.store.runs import RunParams, claim_run, create_run, finish_fetch
from pipelines.store.schedule import Timing, pause, set_slot
from pipelines.store.schema import inbox, outbox
from pipelines.store.snapshots import SnapshotWriter, record_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Desk

NOW = datetime(2026, 11, 22, 3, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def filled(store: Store, desk: Desk, make_draft: Callable[..., Draft], tmp_path: Path) -> Store:
    """An archive with articles, a revision, a copy, a dead letter, a waiting draft, a snapshot."""
    drafts = [make_draft(document_key=str(n), title=f"Hội nghị số {n}") for n in range(40)]
    desk.bring(*drafts)
    desk.bring(replace(drafts[3], body=("Một đoạn khác hẳn, được sửa lại.",)))
    desk.bring(replace(make_draft(portal="qdnd", document_key="9"), body=drafts[3].body))
    page = Page("https://tuag.example/1", b"<p>x</p>\x00\xff", NOW, "tuag")
    writer = SnapshotWriter(tmp_path / "snapshots", "tuag", 1)
    with store.begin() as conn:
        record_snapshot(conn, writer.append(page), 1, "tuag", NOW)
        run = create_run(conn, "hiepninh", "incremental", RunParams(section="tin"), NOW)
        claim_run(conn, run, "test", NOW, 60)
        for key in ("Ấ", "z"):
            row = deliver(conn, run, "hiepninh", key, make_draft(document_key=key), None, NOW)
        bury(conn, row, "ingest.poison", 'ValueError: "\n\t', NOW)
        finish_fetch(conn, run, "test", NOW)
        set_slot(conn, "hiepninh", NOW, Timing(cron="5 * * * *"))
        pause(conn, "hiepninh", "vì lý do")
        last = emit(conn, "article.stored", {"x": "ệ"}, NOW)
        conn.execute(outbox.delete().where(outbox.c.id == last))  # its number is never given again
        remember(conn, "task", 5)
    writer.append(page)  # a crawl goes on writing: what is not in the index is left out
    writer.close()
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty archive in either store."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    opened = open_store(request.getfixturevalue(kind))
    yield opened
    opened.close()


def saved(store: Store, file: Path, folder: Path | None = None) -> dict[str, Any]:
    return backup(store, file, NOW, folder=folder, tell=_silent)


def _silent(done: int) -> None:
    assert done


def put_back(store: Store, file: Path, folder: Path) -> None:
    with open_backup(file) as (archive, manifest):
        restore(store, archive, manifest, folder=folder, tell=_silent)


def test_what_is_restored_is_what_was_saved(filled: Store, other: Store, tmp_path: Path) -> None:
    done: list[int] = []
    first = backup(filled, tmp_path / "a.zip", NOW, folder=tmp_path / "snapshots", tell=done.append)
    assert sum(done) == sum(sizes(filled, with_snapshots=True))
    put_back(other, tmp_path / "a.zip", tmp_path / "new")
    second = saved(other, tmp_path / "b.zip", tmp_path / "new")

    assert first["tables"].pop("progress") != {}  # without the version of a word index
    second["tables"].pop("progress")
    assert second == first
    assert first["tables"]["articles"]["rows"] == 41
    assert first["tables"]["dead_letters"]["rows"] == first["tables"]["inbox"]["rows"] == 1
    assert len(first["snapshots"]) == 1
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0


def test_a_restored_archive_goes_on_with_new_numbers(
    filled: Store, other: Store, tmp_path: Path, make_draft: Callable[..., Draft]
) -> None:
    with filled.read() as conn:
        newest = conn.execute(outbox.select()).all()[-1].id
    saved(filled, tmp_path / "a.zip")
    put_back(other, tmp_path / "a.zip", tmp_path / "new")
    with other.begin() as conn:
        assert emit(conn, "x", {}, NOW) == newest + 2
        row = deliver(conn, 1, "tuag", "new", make_draft(document_key="new"), None, NOW)
        assert row > max(one.id for one in conn.execute(inbox.select()) if one.id != row)


def test_a_backup_shows_one_moment_while_others_write(
    filled: Store, tmp_path: Path, desk: Desk, make_draft: Callable[..., Draft]
) -> None:
    calls: list[int] = []

    def write_meanwhile(done: int) -> None:
        if not calls:
            desk.bring(make_draft(document_key="late", title="Tin đến muộn"))
        calls.append(done)

    manifest = backup(filled, tmp_path / "a.zip", NOW, folder=None, tell=write_meanwhile)
    rows = {name: facts["rows"] for name, facts in manifest["tables"].items()}
    assert (rows["articles"], rows["revisions"], rows["story_members"]) == (41, 42, 41)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert b"muon" not in archive.read("tables/articles.jsonl")


def test_a_place_that_is_not_empty_is_refused(filled: Store, tmp_path: Path) -> None:
    saved(filled, tmp_path / "a.zip")
    with pytest.raises(StoreError, match="restore into an empty place"):
        put_back(filled, tmp_path / "a.zip", tmp_path / "new")
    with pytest.raises(StoreError, match="is there already; nothing is overwritten"):
        saved(filled, tmp_path / "a.zip")


def spoilt(source: Path, target: Path, member: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)


def outside(manifest: bytes) -> bytes:
    facts = json.loads(manifest)
    facts["snapshots"] = {"../evil": {"bytes": 1, "sha256": ""}}
    return json.dumps(facts).encode()


@pytest.mark.parametrize(
    ("member", "change", "code"),
    [
        ("tables/articles.jsonl", lambda data: data.replace(b"number", b"NUMBER"), "ok"),
        ("tables/articles.jsonl", lambda data: data[: data.index(b"\n") + 1], "restore.damaged"),
        ("manifest.json", lambda data: data[:-5], "restore.damaged"),
        ("manifest.json", lambda data: data.replace(b'"0001"', b'"9999"'), "restore.version"),
        ("manifest.json", outside, "restore.damaged"),
        ("snapshots/tuag/run-000001-0.warc.gz", lambda data: data[:-9], "restore.damaged"),
    ],
    ids=["whole", "cut table", "cut manifest", "newer", "outside", "cut snapshot"],
)
def test_a_damaged_backup_leaves_the_place_empty(
    filled: Store,
    tmp_path: Path,
    sqlite_url: str,
    member: str,
    change: Callable[[bytes], bytes],
    code: str,
) -> None:
    saved(filled, tmp_path / "a.zip", tmp_path / "snapshots")
    spoilt(tmp_path / "a.zip", tmp_path / "b.zip", member, change)
    empty = open_store(sqlite_url)
    try:
        found = "ok"
        try:
            put_back(empty, tmp_path / "b.zip", tmp_path / "new")
        except StoreError as error:
            found = error.code
        assert found == code
        left = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
        assert bool(left) == (code == "ok")
        assert (sum(sizes(empty, with_snapshots=False)) > 0) == (code == "ok")
    finally:
        empty.close()


def test_a_restore_that_was_killed_between_its_files_is_done_again(
    filled: Store, other: Store, tmp_path: Path
) -> None:
    writer = SnapshotWriter(tmp_path / "snapshots", "hiepninh", 1)
    page = Page("https://hiepninh.example/1", b"<p>y</p>", NOW, "hiepninh")
    with filled.begin() as conn:
        record_snapshot(conn, writer.append(page), 1, "hiepninh", NOW)
    writer.close()
    manifest = saved(filled, tmp_path / "a.zip", tmp_path / "snapshots")
    first, second = (tmp_path / "new" / name for name in manifest["snapshots"])
    until = sum(sizes(filled, with_snapshots=True))  # the last byte: its file has no name yet
    if not (child := os.fork()):
        done: list[int] = []

        def tell(number: int) -> None:
            done.append(number)
            if sum(done) == until:
                os.kill(os.getpid(), signal.SIGKILL)

        with open_backup(tmp_path / "a.zip") as (archive, _):
            place = open_store(other.engine.url.render_as_string(hide_password=False))
            restore(place, archive, manifest, folder=tmp_path / "new", tell=tell)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert first.exists()
    assert not second.exists()

    put_back(other, tmp_path / "a.zip", tmp_path / "new")
    assert saved(other, tmp_path / "b.zip", tmp_path / "new")["snapshots"] == manifest["snapshots"]
    assert sorted(path for path in (tmp_path / "new").rglob("*") if path.is_file()) == [
        first,
        second,
    ]


def test_a_file_of_another_archive_is_not_overwritten(
    filled: Store, other: Store, tmp_path: Path
) -> None:
    (name,) = saved(filled, tmp_path / "a.zip", tmp_path / "snapshots")["snapshots"]
    there = tmp_path / "new" / name
    there.parent.mkdir(parents=True)
    there.write_bytes(b"another's")
    with pytest.raises(StoreError, match=r"is not the backup's; move .*/new away"):
        put_back(other, tmp_path / "a.zip", tmp_path / "new")
    assert there.read_bytes() == b"another's"
    assert not sum(sizes(other, with_snapshots=False))


def test_every_table_is_saved_but_what_is_derived() -> None:
    names = {table.name for table in TABLES}
    assert {"articles", "outbox", "snapshots", "slots", "hosts", "sketches"} <= names
    assert not {"search_texts", "search_triples", "workers"} & names
