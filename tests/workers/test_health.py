from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from config.settings import Settings
from workers import health
from workers.beat import read_beat, write_beat
from workers.broker import connect
from workers.health import broker_trouble, worker_trouble

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "trouble", "said"),
    [
        (None, "", "has not been through its loop once"),
        (2, "", ""),
        (29, "", ""),
        (31, "", "has not been through its loop for 31 s"),
        (2, "5 messages wait, none was taken for 30 s", "5 messages wait"),
    ],
)
def test_worker(tmp_path: Path, age: int | None, trouble: str, said: str) -> None:
    settings = Settings(data=tmp_path)
    if age is not None:
        write_beat(tmp_path, "ingest", NOON - timedelta(seconds=age), trouble)
    verdict = worker_trouble(settings, "ingest", NOON)
    assert verdict.startswith(said)
    assert bool(verdict) == bool(said)


def test_a_broken_beat_is_none(tmp_path: Path) -> None:
    write_beat(tmp_path, "clock", NOON)
    (file,) = (tmp_path / "run").glob("clock@*.json")
    file.write_text('{"role": "clock"')
    assert read_beat(tmp_path, "clock") is None


def test_broker(tmp_path: Path, redis_url: str) -> None:
    assert broker_trouble(Settings(data=tmp_path, broker=redis_url)) == ""
    away = Settings(data=tmp_path, broker="redis://127.0.0.1:1/0")
    assert broker_trouble(away).startswith("does not take a write")
    assert broker_trouble(Settings(data=tmp_path)) == "has not been started in this data folder"


def test_a_full_broker_is_not_healthy(tmp_path: Path, redis_url: str) -> None:
    settings = Settings(data=tmp_path, broker=redis_url)
    with connect(redis_url) as client:
        client.config_set("maxmemory", "1")
        try:
            assert "maxmemory" in broker_trouble(settings)
        finally:
            client.config_set("maxmemory", "0")


def test_one_line_and_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOMTIN_DATA", str(tmp_path))
    assert health.main(["crawl"]) == 1
    write_beat(tmp_path, "crawl", datetime.now(UTC))
    assert health.main(["crawl"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "crawl has not been through its loop once",
        "crawl gets on",
    ]
