"""gomtin backup and gomtin restore, as a person uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawled, Gomtin


def test_a_crawled_archive_comes_back_whole_and_can_be_searched(
    gomtin: Gomtin, crawled: Crawled, tmp_path: Path
) -> None:
    file, new = tmp_path / "gomtin.zip", tmp_path / "new"
    (manifest,) = gomtin("backup", file, "--snapshots", "--json", data=crawled.data).rows
    restored = gomtin("restore", file, data=new)

    assert restored.code == 0
    number = manifest["tables"]["articles"]["rows"]
    assert f": {number} articles, " in restored.lines[0]
    for command in (
        ("articles", "dân vận", "--format", "jsonl"),
        ("status", "--json"),
        ("reextract", "--dry-run"),
    ):
        there = gomtin(*command, data=new)
        assert there == gomtin(*command, data=crawled.data)
        assert there.out


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
