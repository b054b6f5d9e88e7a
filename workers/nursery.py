"""The parent of this host's crawl processes: it has imported everything once and forks them.

``workers`` does not import ``crawler``: they speak in lines of JSON, which crawler.nursery names.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING, cast

from workers.process import end, spawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "crawler.nursery")
PATIENCE = 20.0  # seconds for a fork with a new nursery's imports; the worker's watch waits for 30


class Forked:
    """A crawl process that the nursery forked, with what is used of subprocess.Popen."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Give the exit code (negative: the signal), or None while it runs."""
        self._nursery.listen()
        return self.returncode

    def terminate(self) -> None:
        """Ask the process to end."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; raise TimeoutExpired after ``timeout`` seconds."""
        limit = time.monotonic() + (PATIENCE if timeout is None else timeout)
        while self.poll() is None:
            if time.monotonic() > limit:
                raise subprocess.TimeoutExpired(COMMAND, timeout or PATIENCE)
            self._nursery.listen(0.05)
        return cast("int", self.returncode)


class Nursery:
    """Starts crawl processes by fork; it is itself started again when it has died."""

    def __init__(
        self, folder: Path, *, env: Mapping[str, str], command: Sequence[str] = COMMAND
    ) -> None:
        self._folder = folder
        self._env = env
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._children: dict[int, Forked] = {}
        self._born: dict[int, Forked] = {}  # made, and not yet handed out

    def open(self) -> None:
        """Start the nursery if it does not run; it imports while the caller does other things."""
        self.listen()  # what a dead one reported last, and that its crawls are dead with it
        if self._process is not None and self._process.poll() is not None:
            self._bury()
        if self._process is None:
            self._unread = b""
            self._process = spawn(
                self._command, log=self._folder / "nursery.log", env=self._env, talk=True
            )

    def start(self, run_id: int, path: Path) -> Forked:
        """Fork the process of a run, its output appended to ``path``; raise OSError if it fails."""
        self.open()
        self._folder.mkdir(parents=True, exist_ok=True)
        order = json.dumps({"run": run_id, "log": str(path)}) + "\n"
        self._orders.write(order.encode())
        self._orders.flush()
        limit = time.monotonic() + PATIENCE
        while run_id not in self._born:
            self.listen(0.05)
            if self._process is None or time.monotonic() > limit:
                raise OSError(f"the nursery did not start run {run_id}; its log says why")
        return self._born.pop(run_id)

    def listen(self, seconds: float = 0.0) -> None:
        """Take in what the nursery reports, waiting at most ``seconds`` for it."""
        if self._process is None:
            return
        reports = cast("IO[bytes]", self._process.stdout).fileno()
        while select.select([reports], [], [], seconds)[0]:
            seconds = 0.0
            received = os.read(reports, 65_536)
            if not received:
                self._bury()
                return
            *lines, self._unread = (self._unread + received).split(b"\n")
            for line in lines:
                self._note(json.loads(line))

    def close(self, grace: float) -> None:
        """End the crawls, each giving back its lease, then the nursery."""
        end(list(self._children.values()), grace)
        if self._process is not None:
            self._orders.close()
            end([self._process], 1.0)
            self._bury()

    @property
    def _orders(self) -> IO[bytes]:
        assert self._process is not None
        return cast("IO[bytes]", self._process.stdin)

    def _note(self, report: dict[str, int]) -> None:
        run_id = report["run"]
        if "pid" in report:  # its end may stand in the very next line
            self._children[run_id] = self._born[run_id] = Forked(self, report["pid"])
        elif run_id in self._children:
            self._children.pop(run_id).returncode = report["code"]

    def _bury(self) -> None:
        """Note that the nursery is gone: the kernel has killed its crawls with it."""
        assert self._process is not None
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                cast("IO[bytes]", stream).close()
        code = self._process.wait()
        if self._children:
            log.error("the nursery of the crawl processes ended with %d", code)
        for child in self._children.values():
            child.returncode = -signal.SIGKILL
        self._children.clear()
        self._process = None
