"""One role of a data folder (crawl, ingest, clock): locked, started, watched, restarted.

A role runs once per data folder: whoever holds ``run/<role>.lock`` runs it. Another gomtin process
of the same folder leaves it alone and takes over when the holder ends.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from typing import TYPE_CHECKING

from pipelines.errors import Halt
from workers.beat import read_beat
from workers.process import kill, spawn

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from workers.beat import Beat

ROLES = ("broker", "crawl", "ingest", "clock")
START_SECONDS = 60.0  # until the first beat, on a busy machine
STARTS_TRIED = 5
LOOK_SECONDS = 1.0
BACKOFF = 0.2  # seconds before the second start in a row, doubled for each further one
LONGEST_BACKOFF = 30.0


class RoleLock:
    """The right to run a role for a data folder; the kernel frees it with the process."""

    def __init__(self, folder: Path, role: str) -> None:
        self._path = folder / "run" / f"{role}.lock"
        self._fd: int | None = None

    def take(self) -> bool:
        """Take the lock if nobody holds it; True while this process holds it."""
        if self._fd is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def is_gone(self) -> bool:
        """Tell whether the file of a lock that is held here was removed or replaced."""
        if self._fd is None:
            return False
        try:
            return not os.path.samestat(os.fstat(self._fd), self._path.stat())
        except FileNotFoundError:
            return True

    def free(self) -> None:
        """Give the lock back."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def role_command(role: str) -> list[str]:
    """Give the command of a role's process."""
    module = ["workers.clock"] if role == "clock" else ["workers.worker", role]
    return [sys.executable, "-m", *module, "--parent", str(os.getpid())]


class RoleProcess:
    """The process of one role; ``folder`` is the data folder."""

    def __init__(
        self,
        role: str,
        folder: Path,
        *,
        stall_seconds: float,
        command: Sequence[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.role = role
        self.process: subprocess.Popen[bytes] | None = None
        self._folder = folder
        self._command = list(command) if command else role_command(role)
        self._stall_seconds = stall_seconds
        self._clock = clock
        self._lock = RoleLock(folder, role)
        self._started_at = 0.0
        self._looked_at = 0.0
        self._failed_starts = 0
        self._beat: Beat | None = None
        self._beat_seen_at = 0.0

    @property
    def log(self) -> Path:
        """Give the file that holds what the process prints."""
        return self._folder / "logs" / f"{self.role}.log"

    def take(self) -> bool:
        """Take the role if nobody has it; True while it is this process's."""
        return self._lock.take()

    def is_uprooted(self) -> bool:
        """Tell whether the role's folder was removed under it."""
        return self._lock.is_gone()

    def ensure(self, env: Mapping[str, str]) -> str:
        """Start the process, or start it again when it ended or stands still; say what was wrong.

        Raise Halt when it ends again and again before its first beat.
        """
        if not self.take():
            return ""
        if self.process is None:
            self._start(env)
            return ""
        trouble = self._trouble()
        if not trouble or self._clock() < self._started_at + self._backoff():
            return ""
        self.restart(env)
        return f"{self.role}: {trouble}; started again"

    def restart(self, env: Mapping[str, str]) -> None:
        """Kill what is left of the process and start it again."""
        if self.process is not None:
            kill(self.process)
        self._start(env)

    def free(self) -> None:
        """Give the role to whoever wants it next."""
        self.process = None
        self._lock.free()

    def _start(self, env: Mapping[str, str]) -> None:
        self._started_at = self._clock()
        self.process = spawn(self._command, log=self.log, env=env)

    def _backoff(self) -> float:
        doubled = BACKOFF * 2**self._failed_starts
        return min(doubled, LONGEST_BACKOFF) if self._failed_starts else 0.0

    def _trouble(self) -> str:
        """Name what is wrong with the process, or nothing; its beat is read once a second."""
        process = self.process
        assert process is not None
        if process.poll() is None and self._clock() - self._looked_at < LOOK_SECONDS:
            return ""
        self._looked_at = self._clock()
        beat = read_beat(self._folder, self.role)
        if beat is None or beat.pid != process.pid:
            return self._start_trouble(process)
        self._failed_starts = 0
        if process.poll() is not None:
            return f"the process ended with {process.returncode}"
        # The worker's own watch ends it first; this is for a process that cannot even do that.
        silent = self._silence(beat)
        if silent > self._stall_seconds * 1.5:
            return f"no sign of progress for {silent:.0f} s"
        return ""

    def _silence(self, beat: Beat) -> float:
        """Give the seconds since a new beat was seen, by a clock that does not jump."""
        if beat != self._beat:
            self._beat, self._beat_seen_at = beat, self._clock()
        return self._clock() - self._beat_seen_at

    def _start_trouble(self, process: subprocess.Popen[bytes]) -> str:
        if process.poll() is None:
            slow = self._clock() - self._started_at > START_SECONDS
            return f"not ready after {START_SECONDS:.0f} s" if slow else ""
        if self._clock() < self._started_at + self._backoff():
            return f"ended with {process.returncode} before it was ready"
        self._failed_starts += 1
        killed = process.returncode < 0  # which says nothing of the worker
        if self._failed_starts >= STARTS_TRIED and not killed:
            raise Halt(
                "worker.start",
                f"the {self.role} worker ended {STARTS_TRIED} times before it was ready"
                f" (exit code {process.returncode}); {self.log} says why",
            )
        return f"ended with {process.returncode} before it was ready"
