"""The step that leads the archive to today's form before the workers of a new version start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.store.engine import SCHEMA_VERSION
from pipelines.store.migrations.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_archive_is_led_to_todays_form_however_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOMTIN_STORE", f"sqlite:///{tmp_path / 'archive.sqlite3'}")
    assert main() == 0
    assert main() == 0
    assert capsys.readouterr().out == f"the archive's tables are those of {SCHEMA_VERSION}\n" * 2


def test_an_archive_that_is_away_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOMTIN_STORE", "postgresql://gomtin:geheim@127.0.0.1:1/gomtin")
    assert main() == 1
    said = capsys.readouterr().err
    assert "cannot open the archive" in said
    assert "geheim" not in said
