from __future__ import annotations

import importlib.util
import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from pipelines.errors import Halt
from workers.broker import EmbeddedBroker, answers, connect, find_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    made = EmbeddedBroker(tmp_path / "broker")
    yield made
    made.stop()


def test_starts_closed_to_strangers_and_keeps_its_address(broker: EmbeddedBroker) -> None:
    first = broker.start()
    with connect(first.url) as client:
        client.rpush("kept", "1")
        config = client.config_get("*")
    assert {k: config[k] for k in ("appendonly", "appendfsync", "maxmemory-policy", "bind")} == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "bind": "127.0.0.1",
    }
    assert not answers(f"redis://127.0.0.1:{first.port}/0")  # no password
    os.kill(first.pid, signal.SIGKILL)
    while not broker.died():
        pass
    second = broker.start()
    assert (second.port, second.password) == (first.port, first.password)
    with connect(second.url) as client:
        assert client.llen("kept") == 1


def test_its_files_are_private(broker: EmbeddedBroker, tmp_path: Path) -> None:
    address = broker.start()
    for name in ("redis.conf", "broker.json"):
        path = tmp_path / "broker" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert address.password in path.read_text()
    assert address.password not in " ".join(psutil.Process(address.pid).cmdline())


def test_a_server_left_by_a_killed_owner_is_ended_first(tmp_path: Path) -> None:
    # The kernel would end it on Linux; start it from a process that lets go of it.
    folder = tmp_path / "broker"
    code = (
        "import sys; from pathlib import Path; import workers.broker as b;"
        "spawn = b.spawn; b.spawn = lambda *a, **k: spawn(*a, **(k | {'death_signal': 0}));"
        "print(b.EmbeddedBroker(Path(sys.argv[1])).start().pid)"
    )
    left = int(subprocess.check_output([sys.executable, "-c", code, str(folder)]))
    os.kill(left, 0)  # it lives
    mine = EmbeddedBroker(folder)
    try:
        assert answers(mine.start().url)
        with pytest.raises(ProcessLookupError):
            os.kill(left, 0)
    finally:
        mine.stop()


def test_a_damaged_file_is_set_aside(broker: EmbeddedBroker, tmp_path: Path) -> None:
    address = broker.start()
    with connect(address.url) as client:
        client.rpush("kept", "1")
    broker.stop()
    file = tmp_path / "broker" / "appendonly.aof"
    for words in (b"not what Redis writes", b"nor is this"):
        file.write_bytes(b"*3\r\n$5\r\n" + words + file.read_bytes())
        assert answers(broker.start().url)
        broker.stop()
        (kept,) = (tmp_path / "broker").glob("appendonly.aof.damaged-*")  # the last one alone
        assert words in kept.read_bytes()


def test_a_taken_port_is_left_to_its_owner(broker: EmbeddedBroker, tmp_path: Path) -> None:
    first = broker.start()
    broker.stop()
    other = EmbeddedBroker(tmp_path / "other")
    try:
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "broker.json").write_text(
            f'{{"port": {first.port}, "password": "other", "pid": 0}}'
        )
        assert other.start().port == first.port
        assert broker.start().port != first.port
    finally:
        other.stop()


def test_a_disk_that_takes_nothing_is_named_with_the_cure(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    (tmp_path / "broker").mkdir()
    (tmp_path / "broker" / "redis.tmp").symlink_to("/dev/full")
    with pytest.raises(Halt, match=r"redis\.conf cannot be written: No space left.*make room"):
        broker.start()


def test_without_a_server_the_message_names_the_line_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(Halt, match=r"run: .* install redis") as caught:
        find_server()
    assert caught.value.code == "broker.missing"


def test_a_server_beside_python_goes_before_one_on_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    for folder in ("venv", "system"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "redis-server").touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "system"))
    assert find_server() == tmp_path / "venv" / "redis-server"
