"""See from inside a worker whether it gets anywhere, and end the process when it does not.

A Celery worker can stand still while its process lives: its consumer may not come back after a
broker restart, its pool may lose a task, its loop may hang in a call. Whoever started the process
(workers.supervise, a container's restart policy) starts it again, and nothing is lost: the store
is the truth. A broker that is away is no reason to end: no restart would bring it back.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

log = logging.getLogger(__name__)

EX_STALLED = 75  # sysexits.h, EX_TEMPFAIL: start me again
LOOK_SECONDS = 2.0


class Standstill:
    """Judge from what a worker's loop observes whether the worker stands still."""

    def __init__(self, *, consume_limit: float, task_limit: float) -> None:
        self._consume_limit = consume_limit
        self._task_limit = task_limit
        self._held: dict[str, float] = {}
        self._accepted = -1
        self._moved_at = 0.0

    def judge(
        self, now: float, *, waiting: int | None, accepted: int, held: Collection[str]
    ) -> str:
        """Say what stands still, or nothing.

        ``now`` is monotonic seconds; ``waiting`` counts the rings in the queue (None: the broker
        is away); ``accepted`` counts all tasks ever taken; ``held`` are the ids of tasks taken and
        not finished.
        """
        self._held = {task: self._held.get(task, now) for task in held}
        if not waiting or held or accepted != self._accepted:
            self._moved_at = now
        self._accepted = accepted
        for task, since in self._held.items():
            if now - since > self._task_limit:
                return f"task {task} is in the pool since {now - since:.0f} s"
        if now - self._moved_at > self._consume_limit:
            return f"{waiting} messages wait, none was taken for {now - self._moved_at:.0f} s"
        return ""


class LoopWatch:
    """Watch a main loop from a thread: it must call ``passed`` every few seconds.

    The process ends when the loop has not passed for ``limit`` seconds although ``excused`` (the
    broker is away) is not so, or when its ``parent`` (a process id, 0 for none) is gone.
    """

    def __init__(
        self, limit: float, *, excused: Callable[[], bool], parent: int = 0, role: str = ""
    ) -> None:
        self._limit = limit
        self._excused = excused
        self._parent = parent
        self._role = role
        self._passed_at = time.monotonic()

    def passed(self) -> None:
        """Note that the loop got through a pass."""
        self._passed_at = time.monotonic()

    def start(self) -> None:
        """Start the thread; it ends with the process."""
        threading.Thread(target=self._look, name="loop-watch", daemon=True).start()

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            if self._parent and os.getppid() != self._parent:
                leave(self._role, "the process that started it is gone")
            if time.monotonic() - self._passed_at > self._limit:
                if not self._excused():
                    leave(self._role, f"its loop stands still for over {self._limit:.0f} s")
                self.passed()


def leave(role: str, reason: str) -> None:
    """End this process at once, saying why; nothing that hangs is waited for."""
    log.critical("%s ends itself: %s", role, reason)
    for handler in logging.getLogger().handlers:
        handler.flush()
    os._exit(EX_STALLED)
