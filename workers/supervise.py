"""Run the broker and the workers of one data folder as children, and keep them getting on.

``gomtin up`` and the one-shot ``gomtin crawl`` both hold a Stack: it starts what nobody else runs
for the folder, restarts what dies or stands still, and ends everything in order. If it is itself
killed, the kernel ends its children; the store and its sweeper make good what they left.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from pipelines.errors import Halt
from pipelines.store.engine import open_store, require_tables
from workers.bell import Bell
from workers.broker import EmbeddedBroker, answers
from workers.leases import give_up_abandoned
from workers.process import end, environment, trim
from workers.progress import InboxWatch
from workers.roles import ROLES, RoleLock, RoleProcess
from workers.start import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from types import TracebackType

    from config.settings import Settings
    from pipelines.store.engine import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks at the broker and the beats; deaths are seen at once
INBOX_LOOK_SECONDS = 5.0
INBOX_MARGIN = 15.0  # beyond the lease of a worker that died: its drafts wait that long
BROKER_PATIENCE = 5.0  # seconds without an answer before a broker that runs is killed
JOIN_SECONDS = 15.0
TRIM_SECONDS = 60.0  # between two looks at the size of the logs
GRACE = 8.0


class Stack:
    """The broker and the worker processes of one data folder; call everything from one thread.

    ``settings.broker`` empty: an embedded Redis server, started here or joined. ``commands``
    replaces the command of a role.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        roles: Sequence[str] = ROLES,
        commands: Mapping[str, Sequence[str]] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._given = settings
        self._now = now
        self._broker = None if settings.broker else EmbeddedBroker(settings.data / "broker")
        self._broker_lock = RoleLock(settings.data, "broker")
        self._may_start_broker = "broker" in roles
        self._store: Store | None = None
        self._inbox: InboxWatch | None = None
        self._inbox_looked_at = 0.0
        self._silent_since: float | None = None
        self._looked_at = 0.0
        self._trimmed_at = time.monotonic()
        self._bell: Bell | None = None
        self._env: dict[str, str] = {}
        self.settings = settings
        self.workers = tuple(
            RoleProcess(
                role,
                settings.data,
                stall_seconds=settings.stall_seconds,
                command=(commands or {}).get(role),
            )
            for role in roles
            if role != "broker"
        )

    def __enter__(self) -> Self:
        try:
            require_tables(self._open())
            self._reach_broker()
            self._take_up_abandoned()
            self._ensure_workers()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def check(self) -> list[str]:
        """Start again what died or stands still; give a sentence for each.

        Cheap enough for a loop that runs ten times a second. Raise Halt when the broker or a
        worker cannot be started, or the data folder is gone.
        """
        said: list[str] = []
        if time.monotonic() - self._looked_at >= LOOK_SECONDS or self._broker_died():
            self._looked_at = time.monotonic()
            self._check_folder()
            said += self._check_broker()
        if time.monotonic() - self._trimmed_at >= TRIM_SECONDS:
            self._trimmed_at = time.monotonic()
            for folder in ("logs", "broker"):
                trim(self._given.data / folder)
        return said + self._ensure_workers() + self._check_inbox()

    def ring_crawl(self, run_id: int) -> bool:
        """Ring for a run; False when the broker is away (then the sweeper rings)."""
        return self._bell is not None and self._bell.crawl(run_id)

    def close(self, grace: float = GRACE) -> None:
        """End the workers after the work they hold, then the broker; ``grace`` in seconds."""
        if self._bell is not None:
            self._bell.close()
            self._bell = None
        if self._store is not None:
            self._store.close()
            self._store = self._inbox = None
        running = [w.process for w in self.workers if w.process is not None]
        end(running, grace)
        for worker in self.workers:
            worker.free()
        if self._broker is not None:
            self._broker.stop()
        self._broker_lock.free()

    def _take_up_abandoned(self) -> None:
        """Let the runs of crawl processes that were killed with their supervisor start at once."""
        if any(worker.role == "crawl" and worker.take() for worker in self.workers):
            for run_id in give_up_abandoned(self._open(), self._now()):
                log.warning("run %d was interrupted; it is taken up", run_id)
                self.ring_crawl(run_id)

    def _open(self) -> Store:
        if self._store is None:
            self._store = open_store(self.settings.store_url)
        return self._store

    def _ensure_workers(self) -> list[str]:
        said = [worker.ensure(self._env) for worker in self.workers]
        return [sentence for sentence in said if sentence]

    def _check_inbox(self) -> list[str]:
        """Start the ingest worker again when drafts wait and it takes none of them."""
        worker = next((w for w in self.workers if w.role == "ingest" and w.process), None)
        since = time.monotonic() - self._inbox_looked_at
        if worker is None or self._silent_since is not None or since < INBOX_LOOK_SECONDS:
            return []
        self._inbox_looked_at = time.monotonic()
        if self._inbox is None:
            patience = max(self.settings.stall_seconds, self.settings.lease_seconds) + INBOX_MARGIN
            self._inbox = InboxWatch(self._open(), patience)
        trouble = self._inbox.look(self._now())
        if not trouble:
            return []
        worker.restart(self._env)
        return [f"ingest: {trouble}; started again"]

    def _check_folder(self) -> None:
        """Raise Halt when the data folder was removed, or a disk mounted over it."""
        if self._broker_lock.is_gone() or any(one.is_uprooted() for one in self.workers):
            folder = self._given.data.absolute()
            raise Halt(
                "data.gone",
                f"{folder} was removed or replaced while gomtin ran; bring it back (gomtin restore"
                " reads a backup) and start again. What stands there now, if anything, is a new,"
                " empty archive",
            )

    # --- the broker

    def _reach_broker(self) -> None:
        """Start the broker, join the running one, or see that the given one answers."""
        if self._broker is None:
            self._use(self._given.broker)
            if not answers(self._given.broker, 3.0):
                place = self._given.broker.rpartition("@")[2].rpartition("//")[2]
                raise Halt(
                    "broker.away",
                    f"no Redis server answers at {place}; start it, or correct GOMTIN_BROKER, or"
                    " unset it: gomtin then starts its own",
                )
            return
        limit = time.monotonic() + JOIN_SECONDS
        while time.monotonic() < limit:
            if self._may_start_broker and self._broker_lock.take():
                self._use(self._broker.start().url)
                return
            address = self._broker.address
            if address is not None and answers(address.url):
                self._use(address.url)
                return
            time.sleep(0.05)
        raise Halt("broker.away", f"no broker answers for the folder {self._given.data.absolute()}")

    def _use(self, url: str) -> None:
        if self._bell is not None:
            self._bell.close()
        self.settings = replace(self._given, broker=url)
        self._env = environment(self.settings)
        self._bell = Bell(self.settings)

    def _broker_died(self) -> bool:
        return self._broker is not None and self._broker.died()

    def _check_broker(self) -> list[str]:
        """Start the embedded broker again when it died or is silent; follow it when it moved."""
        if self._broker is None:
            return []
        if answers(self.settings.broker):
            self._silent_since = None
            return []
        now = time.monotonic()
        self._silent_since = self._silent_since or now
        if not self._may_start_broker or not self._broker_lock.take():
            self._follow_broker()
            return []
        if self._broker.running() and now - self._silent_since < BROKER_PATIENCE:
            return []
        self._broker.stop(grace=1.0)
        self._move_to(self._broker.start().url)
        self._silent_since = None
        return ["broker: the Redis server was gone or silent; started again"]

    def _follow_broker(self) -> None:
        """Take the address that the folder's present owner wrote."""
        address = self._broker.address if self._broker is not None else None
        if address is not None:
            self._move_to(address.url)

    def _move_to(self, url: str) -> None:
        if url == self.settings.broker:
            return
        self._use(url)
        for worker in self.workers:
            if worker.process is not None:
                worker.restart(self._env)
