"""gomtin backup and gomtin restore, as a person uses them."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.codec import VIETNAM
from pipelines.search.words import VERSION
from pipelines.store.engine import open_store
from pipelines.store.positions import forget, remember
from pipelines.store.restore import open_backup, restore
from pipelines.store.search_rows import ANEW_TASK, VERSION_TASK

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Answer, Crawled, Gomtin


def test_a_crawled_archive_comes_back_whole_and_can_be_searched(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file, new = tmp_path / "gomtin.zip", tmp_path / "new"
    (manifest,) = gomtin("backup", file, "--snapshots", "--json", data=crawled.data).rows
    restored = gomtin("restore", file, data=new)

    assert restored.code == 0
    number = manifest["tables"]["articles"]["rows"]
    assert f": {number} articles, " in restored.lines[0]
    made = datetime.fromisoformat(manifest["made_at"]).astimezone(VIETNAM)
    assert restored.lines[0].startswith(f"restored as of {made:%Y-%m-%d %H:%M}: ")
    for command in (
        ("articles", "dân vận", "--format", "jsonl"),
        ("status", "--json"),
        ("reextract", "--dry-run"),
    ):
        there = gomtin(*command, data=new)
        assert there == gomtin(*command, data=crawled.data)
        assert there.out


def test_a_restore_that_was_killed_while_it_indexed_words_says_so_until_it_is_done(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file, new = tmp_path / "gomtin.zip", tmp_path / "new"
    gomtin("backup", file, "--snapshots", data=crawled.data)
    with (
        open_backup(file) as (source, manifest),
        closing(open_store(f"sqlite:///{new / 'gomtin.sqlite3'}")) as store,
    ):
        restore(store, source, manifest, folder=new / "snapshots", tell=lambda _: None)
    number = manifest["tables"]["articles"]["rows"]
    for command in (("articles", "dân vận"), ("count", "dân vận")):
        assert f"not in the word index yet: {number} articles;" in gomtin(*command, data=new).err
    assert words_of(gomtin("doctor", "--offline", "--json", data=new)) == "warn"
    again = gomtin("restore", file, data=new)
    assert again.code == 2
    assert "if a restore was cut off here, gomtin reindex does the rest" in again.err

    assert f"{number} articles read" in gomtin("reindex", data=new).out
    assert words_of(gomtin("doctor", "--offline", "--json", data=new)) == "ok"
    answer = gomtin("articles", "dân vận", "--json", data=new)
    assert answer == gomtin("articles", "dân vận", "--json", data=crawled.data)
    assert "not in the word index" not in answer.err


def test_a_word_index_of_another_gomtin_is_named_until_it_is_made_anew(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file, new = tmp_path / "gomtin.zip", tmp_path / "new"
    gomtin("backup", file, data=crawled.data)
    gomtin("restore", file, data=new)
    store = open_store(f"sqlite:///{new / 'gomtin.sqlite3'}")
    with closing(store), store.begin() as conn:
        remember(conn, VERSION_TASK, VERSION - 1)
    for command in (("articles", "dân vận"), ("count", "dân vận")):
        assert "the word index is of another gomtin" in gomtin(*command, data=new).err
    assert words_of(gomtin("doctor", "--offline", "--json", data=new)) == "warn"
    gomtin("reindex", data=new)
    assert words_of(gomtin("doctor", "--offline", "--json", data=new)) == "ok"
    answer = gomtin("articles", "dân vận", "--json", data=new)
    assert answer == gomtin("articles", "dân vận", "--json", data=crawled.data)


def words_of(doctor: Answer) -> str:
    """Give how doctor finds the word index."""
    return str({row["name"]: row["level"] for row in doctor.rows}["words"])


def test_a_backup_made_during_a_reindex_is_indexed_whole(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file, new = tmp_path / "gomtin.zip", tmp_path / "new"
    store = open_store(f"sqlite:///{crawled.data / 'gomtin.sqlite3'}")
    with closing(store), store.begin() as conn:
        remember(conn, ANEW_TASK, 5)  # it has come so far
    gomtin("backup", file, data=crawled.data)
    with closing(open_store(store.engine.url.render_as_string())) as store, store.begin() as conn:
        forget(conn, ANEW_TASK)
    assert gomtin("restore", file, data=new).code == 0
    answer = gomtin("articles", "dân vận", "--json", data=new)
    assert answer == gomtin("articles", "dân vận", "--json", data=crawled.data)


def test_pages_that_are_left_out_are_named_by_all_who_know(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file, new = tmp_path / "gomtin.zip", tmp_path / "new"
    assert "--snapshots" in gomtin("backup", file, data=crawled.data).err
    assert "fetched pages were not in it" in gomtin("restore", file, data=new).err
    for data, level in ((crawled.data, "ok"), (new, "warn")):
        checks = {
            row["name"]: row for row in gomtin("doctor", "--offline", "--json", data=data).rows
        }
        assert checks["pages"]["level"] == level


def test_a_full_snapshot_folder_is_named_and_nothing_stays(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, full = tmp_path / "gomtin.zip", tmp_path / "full"
    gomtin("backup", file, "--snapshots", data=crawled.data)
    full.write_text("a file where a folder should be")
    monkeypatch.setenv("GOMTIN_SNAPSHOTS", str(full))
    answer = gomtin("restore", file, data=tmp_path / "new")
    assert answer.code == 1
    assert f"gomtin: {full}/" in answer.err
    assert "cannot be written: Not a directory" in answer.err
    monkeypatch.delenv("GOMTIN_SNAPSHOTS")
    assert gomtin("restore", file, data=tmp_path / "new").code == 0


def test_wrong_places_and_files_are_named(gomtin: Gomtin, crawled: Crawled, tmp_path: Path) -> None:
    file = tmp_path / "gomtin.zip"
    said = gomtin("backup", file, data=crawled.data)
    assert said.code == 0
    assert said.lines[0].startswith(f"{file}: ")
    for arguments, data, code, words in (
        (("backup", file), crawled.data, 2, "is there already; nothing is overwritten"),
        (("restore", file), crawled.data, 2, "restore into an empty place: another GOMTIN_DATA"),
        (("restore", tmp_path / "none.zip"), tmp_path / "x", 1, "cannot be read: No such file"),
        (("backup", tmp_path / "no" / "f.zip"), crawled.data, 1, "cannot be written: No such file"),
    ):
        answer = gomtin(*arguments, data=data)
        assert (answer.code, words in answer.err) == (code, True), answer
