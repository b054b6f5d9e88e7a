"""Logs that are being written start anew when they are too large."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, cast

import pytest

from workers import process
from workers.process import end, spawn, trim

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path
    from typing import IO

ECHO = "import sys\nfor line in sys.stdin: print(line, end='', file=sys.stderr, flush=True)"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_LIMIT", 100)


def say(child: subprocess.Popen[bytes], words: bytes, log: Path) -> None:
    """Let the child write a line, and wait for it."""
    orders = cast("IO[bytes]", child.stdin)
    orders.write(words + b"\n")
    orders.flush()
    limit = time.monotonic() + 20
    while not log.exists() or words not in log.read_bytes():
        assert time.monotonic() < limit
        time.sleep(0.01)


@pytest.mark.usefixtures("small")
def test_a_log_starts_anew_under_the_process_that_writes_it(tmp_path: Path) -> None:
    log = tmp_path / "crawl.log"
    child = spawn([sys.executable, "-c", ECHO], log=log, talk=True)
    say(child, b"short", log)
    trim(tmp_path)
    assert log.read_bytes() == b"short\n"
    say(child, b"x" * 200, log)
    trim(tmp_path)
    assert log.read_bytes() == b""
    say(child, b"after", log)
    end([child], 5)
    for stream in (child.stdin, child.stdout):
        cast("IO[bytes]", stream).close()
    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "crawl.log.1").read_bytes() == b"short\n" + b"x" * 200 + b"\n"


@pytest.mark.usefixtures("small")
def test_on_a_full_disk_the_log_itself_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    log = tmp_path / "crawl.log"
    log.write_bytes(b"x" * 200)
    (tmp_path / "crawl.log.1").write_bytes(b"half")
    trim(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["crawl.log"]
    assert log.read_bytes() == b""
