"""gomtin doctor: what it sees, the cure it names, its exit code."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from cli.checkup import local_checks
from cli.checkup_net import network_checks, robots_check
from config.settings import Settings
from crawler.registry import find_portal
from demo.serve import serve
from pipelines.store.engine import open_store
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schedule import Timing, set_slot
from pipelines.store.workers import forget_signs, note_sign, signs
from workers.broker import EmbeddedBroker, connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.checkup_line import Check
    from pipelines.store.engine import Store
    from tests.cli.conftest import Gomtin
    from tests.collector import Collector

NOW = datetime.now(UTC)
MINUTE = timedelta(minutes=1)


def found(settings: Settings, now: datetime = NOW) -> dict[str, Check]:
    return {check.name: check for check in local_checks(settings, now)}


def test_a_fresh_folder_needs_no_cure_and_stays_empty(gomtin: Gomtin, tmp_path: Path) -> None:
    answer = gomtin("doctor")

    assert answer.code == 0
    assert answer.lines[0].startswith("warn settings")
    assert answer.lines[-1] == "7 checks: 0 failed, 1 to be looked at"
    assert max(map(len, answer.lines)) <= 80
    assert not (tmp_path / "data").exists()


def test_a_wrong_setting_is_named_with_its_cure(
    gomtin: Gomtin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOMTIN_INGEST_BATCH", "many")
    answer = gomtin("doctor", "--offline", "--json")
    assert answer.code == 1
    assert [(row["name"], row["level"]) for row in answer.rows] == [("settings", "fail")]


def test_a_running_archive_is_ok_on_both_stores(store: Store, store_url: str) -> None:
    with store.begin() as conn:
        set_slot(conn, "hiepninh", NOW, Timing())
        for role in ("clock", "crawl", "ingest"):
            note_sign(conn, role, "a", NOW - MINUTE, "")
    checks = found(Settings(store=store_url, contact="ops@example.vn"))
    wrong = [one for one in checks.values() if one.level != "ok"]
    assert wrong == []
    assert checks["migrations"].says == "at 0001, current"
    assert checks["workers"].says == "clock@a, crawl@a, ingest@a"


def older(store: Store) -> None:
    with store.begin() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")


def silent(store: Store) -> None:
    with store.begin() as conn:
        set_slot(conn, "hiepninh", NOW, Timing())
        note_sign(conn, "clock", "a", NOW - 9 * MINUTE, "")


def troubled(store: Store) -> None:
    with store.begin() as conn:
        note_sign(conn, "ingest", "a", NOW, "the broker does not answer")


def ahead(store: Store) -> None:
    with store.begin() as conn:
        create_run(conn, "hiepninh", "incremental", RunParams(), NOW + timedelta(days=1))


def unreadable(store: Store) -> None:
    with store.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE slots RENAME COLUMN portal TO elsewhere")


def lacking(store: Store) -> None:
    with store.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE slots RENAME TO elsewhere")


@pytest.mark.parametrize(
    ("harm", "name", "level", "said"),
    [
        (unreadable, "store", "fail", "slots"),
        (lacking, "migrations", "fail", "at 0001, but without slots"),
        (older, "migrations", "fail", "at 0000, this gomtin expects 0001"),
        (silent, "workers", "warn", "no sign of clock, crawl, ingest; the last of any: 9 min"),
        (troubled, "workers", "fail", "ingest@a: the broker does not answer"),
        (ahead, "clock", "fail", "but the archive remembers"),
    ],
)
def test_harm_is_named_with_a_cure(
    store: Store,
    store_url: str,
    harm: Callable[[Store], None],
    name: str,
    level: str,
    said: str,
) -> None:
    harm(store)
    checks = [
        check
        for check in local_checks(Settings(store=store_url), NOW)
        if check.name == name and check.level != "ok"
    ]
    assert [check.level for check in checks] == [level]
    assert said in checks[0].says
    assert checks[0].cure


def test_a_file_that_is_no_archive_and_a_server_that_takes_no_write(
    tmp_path: Path, postgres_url: str
) -> None:
    (tmp_path / "gomtin.sqlite3").write_text("this is no archive")
    open_store(postgres_url).close()
    read_only = f"{postgres_url}&options=-c%20default_transaction_read_only%3Don"
    for settings in (Settings(data=tmp_path), Settings(store=read_only)):
        check = found(settings)["store"]
        assert (check.level, bool(check.cure)) == ("fail", True)


def test_a_place_that_is_no_folder_and_a_store_of_turns_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("this is no folder")
    checks = found(Settings(data=file, snapshots=str(file), turns="nowhere"))
    for name in ("disk data", "disk snapshots", "turns"):
        assert (checks[name].level, bool(checks[name].cure)) == ("fail", True)
    assert checks["disk snapshots"].cure.endswith("GOMTIN_SNAPSHOTS")
    assert found(Settings(data=tmp_path, turns=f"sqlite:///{tmp_path}/t"))["turns"].level == "ok"
    assert found(Settings(data=tmp_path, store="nowhere"))["store"].cure.endswith("GOMTIN_STORE")


def test_a_clock_before_gomtin_cannot_be(tmp_path: Path) -> None:
    check = found(Settings(data=tmp_path), datetime(1970, 1, 2, tzinfo=UTC))["clock"]
    assert (check.level, check.says) == ("fail", "it is 1970-01-02, which cannot be")


def test_the_broker_is_asked_for_memory_file_and_clock(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path / "broker")
    settings = Settings(data=tmp_path, broker=broker.start().url)
    try:
        checks = found(settings, datetime.now(UTC))
        names = ("broker", "broker memory", "broker file", "broker clock")
        assert [checks[name].level for name in names] == ["ok"] * 4
        with connect(settings.broker) as client:
            client.config_set("maxmemory", "100mb")
            client.config_set("maxmemory-policy", "allkeys-lru")
            client.config_set("appendonly", "no")
        checks = found(settings, datetime.now(UTC))
        assert [checks[name].level for name in names] == ["ok", "fail", "warn", "ok"]
    finally:
        broker.stop()
    assert found(settings, datetime.now(UTC))["broker"].level == "fail"


def test_old_signs_are_forgotten(store: Store) -> None:
    with store.begin() as conn:
        note_sign(conn, "crawl", "gone", NOW - timedelta(days=2), "")
        note_sign(conn, "crawl", "here", NOW, "")
        note_sign(conn, "crawl", "here", NOW + MINUTE, "x")
        forget_signs(conn, NOW - timedelta(days=1))
    with store.read() as conn:
        (sign,) = signs(conn)
    assert (sign.id, sign.at, sign.trouble) == ("crawl@here", NOW + MINUTE, "x")


def test_a_portal_is_asked_through_its_robots_txt(tmp_path: Path) -> None:
    portal = find_portal("danvankheo")
    settings = Settings(data=tmp_path)
    with serve() as replicas:
        good = robots_check(settings, portal, replicas.urls["danvankheo"])
    away = robots_check(settings, portal, "http://127.0.0.1:1")
    assert (good.level, away.level) == ("ok", "warn")
    assert good.says.endswith("may be read")
    assert "gomtin check danvankheo" in away.cure


def test_without_a_way_out_no_portal_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    passed: list[int] = []
    settings = Settings(data=tmp_path)
    portals = [find_portal("danvankheo")]
    (only,) = network_checks(settings, portals, lambda: passed.append(1))
    assert (only.name, only.level, passed) == ("egress", "fail", [])
    assert "the proxy 127.0.0.1:1" in only.says


class Refusing(BaseHTTPRequestHandler):
    """A collector that wants a key."""

    def do_POST(self) -> None:
        self.send_error(401)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_the_collector_of_traces_is_sent_an_empty_batch(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path)
    assert found(settings)["traces"].level == "ok"
    assert collector.spans == []
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT")
    assert "traces" not in found(settings)


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://me:secret@127.0.0.1:1", "127.0.0.1:1: Connection refused"),
        ("localhost:4318", "localhost:4318 is no http(s) address"),
        ("http://127.0.0.1:{port}", "takes none: Failed to export spans batch code: 401"),
    ],
)
def test_a_collector_that_takes_no_traces_is_named_with_a_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str, said: str
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = endpoint.format(port=server.server_port)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        check = found(Settings(data=tmp_path))["traces"]
        server.shutdown()
    assert check.level == "warn"
    assert said in check.says
    assert "secret" not in check.says
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in check.cure
